/** For each op: its formula, the formula of its gradient, and the products that add up to a single number. */
import { type Call, constant, type Factor, flat, type Term, unflat } from './call.js';
import { inLarger, inSmaller, moved, product, type Rule, slice, unary } from './rule-kinds.js';

export const rules: Readonly<Record<string, Rule>> = {
  neg: unary(
    'y = −x',
    'dx = −dy',
    (x) => `−${x}`,
    () => ['−1', -1],
  ),
  relu: unary(
    'y = max(x, 0)',
    'dx = dy where x > 0, else 0',
    (x) => `max(${x}, 0)`,
    (_, y) => [y > 0 ? '1, as x > 0' : '0, as x ≤ 0', Number(y > 0)],
  ),
  tanh: unary(
    'y = tanh x',
    'dx = dy (1 − y²)',
    (x) => `tanh ${x}`,
    (_, y) => ['1 − y²', 1 - y * y],
  ),
  sigmoid: unary(
    'y = 1 / (1 + e⁻ˣ)',
    'dx = dy y (1 − y)',
    (x) => `sigmoid ${x}`,
    (_, y) => ['y (1 − y)', y * (1 - y)],
  ),
  square: unary(
    'y = x²',
    'dx = 2 x dy',
    (x) => `${x}²`,
    (x) => ['2 x', 2 * x],
  ),
  exp: unary(
    'y = eˣ',
    'dx = dy y',
    (x) => `exp ${x}`,
    (_, y) => ['y', y],
  ),
  log: unary(
    'y = log x',
    'dx = dy / x',
    (x) => `log ${x}`,
    (x) => ['1 / x', 1 / x],
  ),
  sqrt: unary(
    'y = √x',
    'dx = dy / (2 y)',
    (x) => `√${x}`,
    (_, y) => ['1 / (2 y)', 1 / (2 * y)],
  ),
  abs: unary(
    'y = |x|',
    'dx = dy times the sign of x',
    (x) => `|${x}|`,
    (x) => ['the sign of x', Math.sign(x)],
  ),

  add: {
    formula: 'y = a + b',
    gradients: ['da = dy', 'db = dy'],
    terms: (call, at) => [[call.input(0, 'a', at)], [call.input(1, 'b', at)]],
    gradientTerms: (call, _, at) => [[call.dy(at)]],
  },
  sub: {
    formula: 'y = a − b',
    gradients: ['da = dy', 'db = −dy'],
    terms: (call, at) => [[call.input(0, 'a', at)], [constant('−1', -1), call.input(1, 'b', at)]],
    gradientTerms: (call, k, at) => [k === 0 ? [call.dy(at)] : [call.dy(at), constant('−1', -1)]],
  },
  mul: {
    formula: 'y = a b, number by number',
    gradients: ['da = dy b', 'db = dy a'],
    terms: (call, at) => [[call.input(0, 'a', at), call.input(1, 'b', at)]],
    gradientTerms: (call, k, at) => [
      [call.dy(at), k === 0 ? call.input(1, 'b', at) : call.input(0, 'a', at)],
    ],
  },
  div: {
    formula: 'y = a / b, number by number',
    gradients: ['da = dy / b', 'db = −dy y / b'],
    terms: (call, at) => [[call.input(0, 'a', at), constant('1 / b', 1 / call.input(1, 'b', at).value)]],
    gradientTerms(call, k, at) {
      const b = call.input(1, 'b', at).value;
      return [
        k === 0
          ? [call.dy(at), constant('1 / b', 1 / b)]
          : [call.dy(at), call.output('y', at), constant('−1 / b', -1 / b)],
      ];
    },
  },

  linear: product(
    'Y = X Wᵀ + b',
    ['dX = dY W', 'dW = dYᵀ X', 'db = the sum of the rows of dY'],
    { a: false, b: true },
    true,
  ),
  matmul: product('Y = X W', ['dX = dY Wᵀ', 'dW = Xᵀ dY'], { a: false, b: false }),
  matmulNT: product('Y = X Wᵀ', ['dX = dY W', 'dW = dYᵀ X'], { a: false, b: true }),
  matmulTN: product('Y = Xᵀ W', ['dX = W dYᵀ', 'dW = X dY'], { a: true, b: false }),

  sumToSize: {
    formula: 'y = the sum of x over the axes that y has not, or with length 1',
    gradients: ['dx = dy, repeated along them'],
    terms: (call, at) =>
      inLarger(at, call.node.shape, call.inputs[0].shape).map((from) => [call.input(0, 'x', from)]),
    gradientTerms: (call, _, at) => [[call.dy(inSmaller(at, call.node.shape))]],
  },
  mean: {
    formula: 'y = the mean of x over the axes that y has not, or with length 1',
    gradients: ['dx = dy / n, repeated along them'],
    terms: (call, at) =>
      inLarger(at, call.node.shape, call.inputs[0].shape).map((from) => [
        call.input(0, 'x', from),
        oneOver(call.node.shape, call.inputs[0].shape),
      ]),
    gradientTerms: (call, _, at) => [
      [call.dy(inSmaller(at, call.node.shape)), oneOver(call.node.shape, call.inputs[0].shape)],
    ],
  },
  broadcastTo: {
    formula: 'y = x, repeated along axes',
    gradients: ['dx = the sum of dy over them'],
    terms: (call, at) => [[call.input(0, 'x', inSmaller(at, call.inputs[0].shape))]],
    gradientTerms: (call, _, at) =>
      inLarger(at, call.inputs[0].shape, call.node.shape).map((to) => [call.dy(to)]),
  },
  reshape: {
    formula: 'y = x in another shape',
    gradients: ['dx = dy in the shape of x'],
    terms: (call, at) => [[call.input(0, 'x', unflat(flat(at, call.node.shape), call.inputs[0].shape))]],
    gradientTerms: (call, _, at) => [[call.dy(unflat(flat(at, call.inputs[0].shape), call.node.shape))]],
  },
  permute: moved('y = x with its axes in another order', 'dx = dy in the old order', ({ attributes }, at) => {
    const source: number[] = [];
    (attributes.axes as number[]).forEach((axis, k) => {
      source[axis] = at[k];
    });
    return source;
  }),
  narrow: slice,
  slice,
  concat: {
    formula: 'y = the inputs side by side',
    gradients: ['dx = its part of dy'],
    terms(call, at) {
      const parts = call.attributes.parts as { axis: number; start: number; length: number }[];
      const k = parts.findIndex(({ axis, start, length }) => at[axis] >= start && at[axis] < start + length);
      const { axis, start } = parts[k];
      return [[call.input(k, `x${k}`, at.with(axis, at[axis] - start))]];
    },
    gradientTerms(call, k, at) {
      const { axis, start } = (call.attributes.parts as { axis: number; start: number }[])[k];
      return [[call.dy(at.with(axis, at[axis] + start))]];
    },
  },
  clone: moved('y = x', 'dx = dy', (_, at) => at),
  to: moved('y = x', 'dx = dy', (_, at) => at),
  detach: {
    formula: 'y = x, as a constant',
    gradients: ['none: here the gradient is cut off'],
    terms: (call, at) => [[call.input(0, 'x', at)]],
    gradientTerms: () => [],
  },
  where: {
    formula: 'y = a where the condition is not 0, else b',
    gradients: ['none', 'da = dy where a was taken, else 0', 'db = dy where b was taken, else 0'],
    terms: (call, at) => [
      [call.input(0, 'c', at).value !== 0 ? call.input(1, 'a', at) : call.input(2, 'b', at)],
    ],
    gradientTerms: (call, k, at) =>
      (call.input(0, 'c', at).value !== 0) === (k === 1) ? [[call.dy(at)]] : [],
  },
  softmax: {
    formula: 'y = eˣ / the sum of eˣ',
    gradients: ['dx = y (dy − the sum of dy y)'],
    terms(call, at) {
      const group = inLarger(inSmaller(at, kept(call)), kept(call), call.node.shape).map(
        (one) => call.input(0, 'x', one).value,
      );
      const most = Math.max(...group);
      const sum = group.reduce((total, x) => total + Math.exp(x - most), 0);
      const x = call.input(0, 'x', at);
      return [
        [
          { ...x, text: `exp ${x.text}`, value: Math.exp(x.value - most) },
          constant('1 / the sum of eˣ', 1 / sum),
        ],
      ];
    },
    gradientTerms(call, _, at) {
      const y = call.output('y', at);
      const group = inLarger(inSmaller(at, kept(call)), kept(call), call.node.shape);
      return [
        [y, call.dy(at)],
        ...group.map((one): Term => [constant('−1', -1), y, call.dy(one), call.output('y', one)]),
      ];
    },
  },
  straightThrough: {
    formula: 'y = 1 at the largest x, else 0',
    gradients: ['dx = dy, as if y were x (straight-through)'],
    terms: (call, at) => [
      [
        constant(
          call.output('y', at).value === 1 ? 'the largest' : 'not the largest',
          call.output('y', at).value,
        ),
      ],
    ],
    gradientTerms: (call, _, at) => [[call.dy(at)]],
  },
};

function kept({ attributes }: Call): number[] {
  return attributes.kept as number[];
}

/** 1 / n, where n numbers of x make one of y. */
function oneOver(y: readonly number[], x: readonly number[]): Factor {
  const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
  const n = size(x) / size(y);
  return constant(`1 / ${n}`, 1 / n);
}
