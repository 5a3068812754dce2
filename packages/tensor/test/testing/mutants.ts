/**
 * Wrong gradients of the kinds that people write, each wrong only somewhere. `npm run mutants` measures how many seeds
 * find each of them.
 */
import fc, { type Arbitrary } from 'fast-check';
import {
  broadcastTo,
  concat,
  defineOp,
  type Indices,
  matmul,
  maximum,
  mul,
  narrow,
  noGrad,
  type OpCall,
  permute,
  reshape,
  scatterAdd,
  square,
  sum,
  sumToSize,
  Tensor,
  zeros,
} from '../../src/index.js';
import {
  axes,
  broadcastableTensors,
  distinctTensors,
  type GradcheckOptions,
  gradcheck,
  gradgradcheck,
  indices,
  matrixPairs,
  type NumberConstraints,
  shapes,
  tensors,
  tensorsApart,
} from '../../src/testing/index.js';

interface Case {
  f: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
}

export interface Mutant {
  /** The op, and where its gradient is wrong. */
  name: string;
  /** Cases of the op; its gradient is right if `mutated` is false. */
  cases: (mutated: boolean) => Arbitrary<Case>;
  check: (f: Case['f'], inputs: Tensor[], options?: GradcheckOptions) => void;
  options: GradcheckOptions;
}

/** How many runs it takes to find the mutant, at most 100; null if they do not. */
export function runsUntilFound(
  { cases, check, options }: Mutant,
  seed: number,
  mutated = true,
): number | null {
  const property = fc.property(cases(mutated), ({ f, inputs }) => check(f, inputs, options));
  const { failed, numRuns } = fc.check(property, { seed, numRuns: 100, endOnFailure: true });
  return failed ? numRuns : null;
}

type One = OpCall<[x: Tensor], void>;
type Two = OpCall<[a: Tensor, b: Tensor], void>;

/** Applies a function to each number, as a constant. */
const each = (x: Tensor, map: (value: number, place: number) => number): Tensor =>
  new Tensor(Float64Array.from(x.data, map), x.shape);
/** 1.5 where the condition holds, else 1. */
const factor = (x: Tensor, isWrong: (value: number, place: number) => boolean): Tensor =>
  each(x, (value, place) => (isWrong(value, place) ? 1.5 : 1));

interface Options {
  numbers?: NumberConstraints;
  shape?: Arbitrary<number[]>;
  second?: boolean;
  options?: GradcheckOptions;
}

const mutant = (
  name: string,
  cases: Mutant['cases'],
  { second = false, options = {} }: Options = {},
): Mutant => ({
  name,
  cases,
  check: second ? gradgradcheck : gradcheck,
  options,
});

/** A mutant of an op with one input. */
function unary(
  name: string,
  forward: (x: Tensor) => Tensor,
  right: (dy: Tensor, call: One) => Tensor,
  wrong: (dy: Tensor, call: One) => Tensor,
  settings: Options = {},
): Mutant {
  const { shape = shapes(), numbers = {} } = settings;
  const cases = (mutated: boolean) => {
    const op = defineOp<[x: Tensor]>('mutant', {
      forward: ([x]) => forward(x),
      gradient: [mutated ? wrong : right],
    });
    return tensors(shape, numbers).map((x) => ({ f: (y: Tensor) => op([y]), inputs: [x] }));
  };
  return mutant(name, cases, settings);
}

const OPS: Record<string, [forward: (x: Tensor) => Tensor, gradient: (dy: Tensor, call: One) => Tensor]> = {
  tanh: [(x) => x.tanh(), (dy, { output: y }) => dy.sub(dy.mul(square(y)))],
  sigmoid: [(x) => x.sigmoid(), (dy, { output: y }) => dy.mul(y.sub(square(y)))],
  exp: [(x) => x.exp(), (dy, { output: y }) => dy.mul(y)],
  square: [(x) => square(x), (dy, { inputs: [x] }) => dy.mul(x).mul(2)],
  cube: [(x) => x.mul(x).mul(x), (dy, { inputs: [x] }) => dy.mul(square(x)).mul(3)],
  log: [(x) => x.log(), (dy, { inputs: [x] }) => dy.div(x)],
  sqrt: [(x) => x.sqrt(), (dy, { output: y }) => dy.div(y.mul(2))],
  reciprocal: [(x) => x.pow(-1), (dy, { output: y }) => dy.mul(square(y)).neg()],
  double: [(x) => x.mul(2), (dy) => dy.mul(2)],
  abs: [(x) => x.abs(), (dy, { inputs: [x] }) => dy.mul(each(x, Math.sign))],
  relu: [(x) => x.relu(), (dy, { inputs: [x] }) => dy.mul(each(x, (value) => (value > 0 ? 1 : 0)))],
};

/** A mutant that is wrong by half at the numbers for which `isWrong` holds. */
function where(
  op: keyof typeof OPS,
  place: string,
  isWrong: (x: number, place: number, all: Tensor) => boolean,
  settings: Options = {},
): Mutant {
  const [forward, right] = OPS[op];
  const wrong = (dy: Tensor, call: One) =>
    right(dy, call).mul(factor(call.inputs[0], (x, k) => isWrong(x, k, call.inputs[0])));
  return unary(`${op}, ${place}`, forward, right, wrong, settings);
}

const positive = { min: 0.5 };
const wide = { min: -20, max: 20 };

const byNumbers = [
  where('tanh', 'only where 0 < abs x < 2', (x) => x !== 0 && Math.abs(x) < 2),
  where('tanh', 'only where abs x < 0.1', (x) => Math.abs(x) < 0.1),
  where('tanh', 'only where abs x > 1.75', (x) => Math.abs(x) > 1.75),
  where('tanh', 'only where x < 0', (x) => x < 0),
  where('exp', 'only between 0.5 and 0.75', (x) => x > 0.5 && x < 0.75),
  where('exp', 'only at 0', (x) => x === 0),
  where('exp', 'only where abs x < 0.01, but not at 0', (x) => x !== 0 && Math.abs(x) < 0.01),
  where('square', 'only at 1', (x) => x === 1),
  where('square', 'only at the edge, x = -2', (x) => x === -2),
  where('cube', 'only where x < -1.5', (x) => x < -1.5),
  where('log', 'only below 0.01', (x) => x < 0.01, { numbers: { min: 1e-3 } }),
  where('sqrt', 'only above 100', (x) => x > 100, { numbers: { min: 0.5, max: 200 } }),
  where('sigmoid', 'only where abs x > 5', (x) => Math.abs(x) > 5, { numbers: wide }),
  where('sigmoid', 'only where abs x < 1, of -20 to 20', (x) => Math.abs(x) < 1, { numbers: wide }),
  where('reciprocal', 'only where x < -1', (x) => x < -1, { numbers: { awayFromZero: 0.5 } }),
  where('relu', 'only where x > 1', (x) => x > 1, { numbers: { awayFromZero: 0.1 } }),
  unary('square, a factor of 1.001', OPS.square[0], OPS.square[1], (dy, { inputs: [x] }) =>
    dy.mul(x).mul(2.002),
  ),
  unary(
    'abs, 2 at 0',
    OPS.abs[0],
    OPS.abs[1],
    (dy, { inputs: [x] }) => dy.mul(each(x, (v) => (v === 0 ? 2 : Math.sign(v)))),
    { options: { allowKinks: true } },
  ),
  unary(
    'relu, -1 at 0',
    OPS.relu[0],
    OPS.relu[1],
    (dy, { inputs: [x] }) => dy.mul(each(x, (v) => (v === 0 ? -1 : v > 0 ? 1 : 0))),
    { options: { allowKinks: true } },
  ),
];

/** A mutant that is wrong by half at the numbers of dy for which `isWrong` holds. */
const byGradient = (place: string, isWrong: (dy: number) => boolean): Mutant =>
  unary(`double, ${place}`, OPS.double[0], OPS.double[1], (dy) => dy.mul(2).mul(factor(dy, isWrong)));

const byPlaces = [
  where('double', 'only the last element', (_, k, { size }) => k === size - 1 && size > 1),
  where('double', 'only the first element', (_, k, { size }) => k === 0 && size > 1),
  where('double', 'only tensors of more than 8 elements', (_, __, { size }) => size > 8),
  where('double', 'only rank 0', (_, __, { rank }) => rank === 0),
  where('double', 'only rank 3', (_, __, { rank }) => rank === 3),
  where('double', 'only if an axis has length 1', (_, __, { shape }) => shape.includes(1)),
  where('double', 'only if the last axis is longer than 3', (_, __, { shape }) => (shape.at(-1) ?? 0) > 3),
  where('tanh', 'only where two elements are equal', (x, k, { data }) => data.indexOf(x) !== k),
  byGradient('only where dy < 0', (dy) => dy < 0),
  byGradient('only where abs dy < 0.1', (dy) => Math.abs(dy) < 0.1),
  byGradient('only where abs dy > 3', (dy) => Math.abs(dy) > 3),
];

/** A mutant of z = a b, which broadcasts. `part` is the gradient of the second input, before it is summed. */
function product(name: string, isWrong: (call: Two) => boolean): Mutant {
  const cases = (mutated: boolean) => {
    const op = defineOp<[a: Tensor, b: Tensor]>('mutant', {
      forward: ([a, b]) => mul(a, b),
      gradient: [
        (dz, { inputs: [a, b] }) => sumToSize(dz.mul(b), a.shape),
        (dz, call) =>
          sumToSize(dz.mul(call.inputs[0]), call.inputs[1].shape).mul(mutated && isWrong(call) ? 1.5 : 1),
      ],
    });
    return broadcastableTensors().map((inputs) => ({ f: (a: Tensor, b: Tensor) => op([a, b]), inputs }));
  };
  return mutant(name, cases);
}

/** A mutant of an op with two inputs of one shape. */
function binary(
  name: string,
  forward: (a: Tensor, b: Tensor) => Tensor,
  right: [a: (dz: Tensor, call: Two) => Tensor, b: (dz: Tensor, call: Two) => Tensor],
  wrong: (dz: Tensor, call: Two) => Tensor,
  pairs: Arbitrary<Tensor[]>,
): Mutant {
  const cases = (mutated: boolean) => {
    const op = defineOp<[a: Tensor, b: Tensor]>('mutant', {
      forward: ([a, b]) => forward(a, b),
      gradient: [right[0], mutated ? wrong : right[1]],
    });
    return pairs.map((inputs) => ({ f: (a: Tensor, b: Tensor) => op([a, b]), inputs }));
  };
  return mutant(name, cases);
}

const samePairs = (numbers: NumberConstraints = {}) =>
  shapes().chain((shape) => fc.tuple(tensors(shape, numbers), tensors(shape, numbers)));
const apart = shapes().chain((shape) => tensorsApart([shape, shape]));
const share = (larger: Tensor, other: Tensor, atTies = 0.5) =>
  each(larger, (x, k) => (x > other.data[k] ? 1 : x === other.data[k] ? atTies : 0));
const shapeOf = (x: Tensor) => x.shape.join();

const byOperands = [
  product('a b, only if b is stretched', ({ inputs: [, b], output }) => shapeOf(b) !== shapeOf(output)),
  product(
    'a b, only if both are stretched',
    ({ inputs: [a, b], output }) => shapeOf(a) !== shapeOf(output) && shapeOf(b) !== shapeOf(output),
  ),
  product('a b, only if b lacks axes', ({ inputs: [, b], output }) => b.rank < output.rank),
  product('a b, only if nothing is stretched', ({ inputs: [a, b] }) => shapeOf(a) === shapeOf(b)),
  product('a b, only if b is a scalar and a is not', ({ inputs: [a, b] }) => b.size === 1 && a.size > 1),
  binary(
    'a b, the other operand',
    mul,
    [(dz, { inputs: [, b] }) => dz.mul(b), (dz, { inputs: [a] }) => dz.mul(a)],
    (dz, { inputs: [, b] }) => dz.mul(b),
    samePairs(),
  ),
  binary(
    'a / b, a sign where b < 0',
    (a, b) => a.div(b),
    [(dz, { inputs: [, b] }) => dz.div(b), (dz, { inputs: [a, b] }) => dz.mul(a).div(square(b)).neg()],
    (dz, { inputs: [a, b] }) => dz.mul(a).div(b.mul(b.abs())).neg(),
    samePairs({ awayFromZero: 0.5 }),
  ),
  binary(
    'max(a, b), all to both at ties',
    maximum,
    [(dz, { inputs: [a, b] }) => dz.mul(share(a, b)), (dz, { inputs: [a, b] }) => dz.mul(share(b, a))],
    (dz, { inputs: [a, b] }) => dz.mul(share(b, a, 1)),
    samePairs(),
  ),
  binary(
    'max(a, b), only where b > a + 1',
    maximum,
    [(dz, { inputs: [a, b] }) => dz.mul(share(a, b)), (dz, { inputs: [a, b] }) => dz.mul(share(b, a))],
    (dz, { inputs: [a, b] }) => dz.mul(share(b, a)).mul(factor(b, (y, k) => y > a.data[k] + 1)),
    apart,
  ),
  binary(
    'a^b, only where a < 1',
    (a, b) => a.pow(b),
    [
      (dz, { inputs: [a, b] }) => dz.mul(b).mul(a.pow(b.sub(1))),
      (dz, { inputs: [a], output: z }) => dz.mul(z).mul(a.log()),
    ],
    (dz, { inputs: [a], output: z }) =>
      dz
        .mul(z)
        .mul(a.log())
        .mul(factor(a, (x) => x < 1)),
    samePairs(positive),
  ),
  mutant('a b, only if both are the same tensor', (mutated) => {
    const op = defineOp<[a: Tensor, b: Tensor]>('mutant', {
      forward: ([a, b]) => mul(a, b),
      gradient: [
        (dz, { inputs: [, b] }) => dz.mul(b),
        (dz, { inputs: [a, b] }) => dz.mul(a).mul(mutated && a === b ? 0 : 1),
      ],
    });
    const once: Arbitrary<Case> = tensors(shapes()).map((x) => ({ f: (y) => op([y, y]), inputs: [x] }));
    return fc.oneof(
      once,
      samePairs().map((inputs): Case => ({ f: (a, b) => op([a, b]), inputs })),
    );
  }),
];

interface Reduction {
  axis: number[];
  keepDim: boolean;
}

/** A mutant of a sum over some axes, with a wrong factor. */
function reduction(name: string, isWrong: (x: Tensor, reduction: Reduction) => boolean): Mutant {
  const cases = (mutated: boolean) => {
    const op = defineOp<[x: Tensor], Reduction>('mutant', {
      forward: ([x], options) => sum(x, options),
      gradient: [
        (dy, { inputs: [x], attrs }) => {
          const kept = x.shape.map((length, axis) => (attrs.axis.includes(axis) ? 1 : length));
          return broadcastTo(reshape(dy, kept), x.shape).mul(mutated && isWrong(x, attrs) ? 1.5 : 1);
        },
      ],
    });
    return shapes().chain((shape) =>
      fc
        .tuple(tensors(shape), axes(shape.length), fc.boolean())
        .map(([x, axis, keepDim]) => ({ f: (y: Tensor) => op([y], { axis, keepDim }), inputs: [x] })),
    );
  };
  return mutant(name, cases);
}

const rows = shapes({ minRank: 1, maxRank: 1 });
const total = (numbers: Iterable<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);
const productOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);
const prod = (x: Tensor) => new Tensor(Float64Array.of(productOf([...x.data])), []);
const prodOfOthers = (x: Tensor) => each(x, (_, k) => productOf([...x.data].toSpliced(k, 1)));
const cumsum = (x: Tensor) => each(x, (_, k) => total(x.data.slice(0, k + 1)));
const suffixSums = (dy: Tensor) => each(dy, (_, k) => total(dy.data.slice(k)));
const softmaxGradient = (dy: Tensor, { output: y }: One) => y.mul(dy.sub(sum(dy.mul(y))));

const byAxes = [
  reduction('sum, only over an axis of length 1', (x, { axis }) => axis.some((one) => x.shape[one] === 1)),
  reduction('sum, only with keepDim', (_, { keepDim, axis }) => keepDim && axis.length > 0),
  reduction('sum, only over several axes', (_, { axis }) => axis.length > 1),
  reduction('sum, only over no axis', (_, { axis }) => axis.length === 0),
  reduction(
    'sum, only over axes that are not next to each other',
    (_, { axis }) => axis.length === 2 && axis[1] - axis[0] === 2,
  ),
  unary(
    'mean, n - 1 instead of n for n > 3',
    (x) => x.mean(),
    (dy, { inputs: [x] }) => broadcastTo(dy, x.shape).div(x.size),
    (dy, { inputs: [x] }) => broadcastTo(dy, x.shape).div(x.size > 3 ? x.size - 1 : x.size),
  ),
  unary(
    'prod, 0 where x is 0',
    prod,
    (dy, { inputs: [x] }) => broadcastTo(dy, x.shape).mul(prodOfOthers(x)),
    (dy, { inputs: [x] }) =>
      broadcastTo(dy, x.shape).mul(each(prodOfOthers(x), (p, k) => (x.data[k] === 0 ? 0 : p))),
    { shape: rows },
  ),
  unary(
    'cumsum, only the last element',
    cumsum,
    suffixSums,
    (dy) => suffixSums(dy).mul(factor(dy, (_, k) => k === dy.size - 1)),
    { shape: rows },
  ),
  unary(
    'softmax, without the sum',
    (x) => x.softmax({ axis: 0 }),
    softmaxGradient,
    (dy, { output: y }) => y.mul(dy),
    { shape: rows },
  ),
  unary(
    'softmax, mean instead of sum',
    (x) => x.softmax({ axis: 0 }),
    softmaxGradient,
    (dy, { output: y }) => y.mul(dy.sub(dy.mul(y).mean())),
    { shape: rows },
  ),
  unary(
    'norm, only of vectors of length 1',
    (x) => x.norm(),
    (dy, { inputs: [x], output: y }) => x.mul(dy.div(y)),
    (dy, { inputs: [x], output: y }) => x.mul(dy.div(y)).mul(x.size === 1 ? 1.5 : 1),
    { shape: rows, numbers: { awayFromZero: 0.1 } },
  ),
  mutant('amax, to the first element instead of the largest', (mutated) => {
    const op = defineOp<[x: Tensor]>('mutant', {
      forward: ([x]) => x.amax(),
      gradient: [
        (dy, { inputs: [x], output: y }) =>
          dy.mul(each(x, (value, k) => ((mutated ? k === 0 : value === y.item()) ? 1 : 0))),
      ],
    });
    return distinctTensors(shapes()).map((x) => ({ f: (y: Tensor) => op([y]), inputs: [x] }));
  }),
];

/** A mutant of x[indices] along the only axis. `wrong` changes the indices and dy that are added up. */
function gatherer(name: string, wrong: (dy: Tensor, picked: Indices, length: number) => Tensor): Mutant {
  const cases = (mutated: boolean) => {
    const op = defineOp<[x: Tensor], Indices>('mutant', {
      forward: ([x], { data }) =>
        new Tensor(
          Float64Array.from(data, (index) => x.data[index]),
          [data.length],
        ),
      gradient: [
        (dy, { inputs: [x], attrs }) =>
          mutated ? wrong(dy, attrs, x.size) : scatterAdd(dy, 0, attrs, x.size),
      ],
    });
    return fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([length, count]) =>
        fc
          .tuple(tensors([length]), indices([count], length))
          .map(([x, picked]) => ({ f: (y: Tensor) => op([y], picked), inputs: [x] })),
      );
  };
  return mutant(name, cases);
}

const scaled = (dy: Tensor, picked: Indices, length: number, isWrong: (index: number) => boolean) =>
  scatterAdd(dy.mul(factor(dy, (_, k) => isWrong(picked.data[k]))), 0, picked, length);

const byIndices = [
  gatherer('gather, overwrites for repeated indices', (dy, { data }, length) => {
    const result = zeros([length], { dtype: 'float64' });
    data.forEach((index: number, k: number) => {
      result.data[index] = dy.data[k];
    });
    return result;
  }),
  gatherer('gather, only index 0', (dy, picked, length) =>
    scaled(dy, picked, length, (index) => index === 0),
  ),
  gatherer('gather, only the last index', (dy, picked, length) =>
    scaled(dy, picked, length, (index) => index === length - 1),
  ),
  gatherer('gather, only if three indices are equal', (dy, picked, length) =>
    scaled(dy, picked, length, (index) => [...picked.data].filter((other) => other === index).length > 2),
  ),
];

const inverse = (axes: readonly number[]) => axes.map((_, axis) => axes.indexOf(axis));

const byViews = [
  mutant('permute, the axes instead of their inverse', (mutated) => {
    const op = defineOp<[x: Tensor], number[]>('mutant', {
      forward: ([x], axes) => permute(x, axes),
      gradient: [
        (dy, { attrs: axes, inputs: [x] }) => reshape(permute(dy, mutated ? axes : inverse(axes)), x.shape),
      ],
    });
    return shapes().chain((shape) =>
      fc
        .tuple(
          tensors(shape),
          fc.shuffledSubarray(
            shape.map((_, axis) => axis),
            { minLength: shape.length },
          ),
        )
        .map(([x, axes]) => ({ f: (y: Tensor) => op([y], axes), inputs: [x] })),
    );
  }),
  mutant('transpose, only of square matrices', (mutated) => {
    const op = defineOp<[x: Tensor]>('mutant', {
      forward: ([x]) => x.transpose(),
      gradient: [(dy) => (mutated && dy.shape[0] === dy.shape[1] ? dy : dy.transpose())],
    });
    return tensors(shapes({ minRank: 2, maxRank: 2 })).map((x) => ({
      f: (y: Tensor) => op([y]),
      inputs: [x],
    }));
  }),
  mutant('concat, starts as if all parts had the length of the first', (mutated) => {
    const op = defineOp<readonly Tensor[]>('mutant', {
      forward: (parts) => concat(parts),
      gradient:
        (index) =>
        (dy, { inputs }) => {
          const lengths = inputs.map(({ shape }) => shape[0]);
          const start = lengths.slice(0, index).reduce((a, b) => a + b, 0);
          const wrong = Math.min(index * lengths[0], dy.size - lengths[index]);
          return narrow(dy, 0, mutated ? wrong : start, lengths[index]);
        },
    });
    const part = tensors(rows);
    return fc.tuple(part, part, part).map((inputs) => ({ f: (...all: Tensor[]) => op(all), inputs }));
  }),
];

/** A mutant of a matrix product. */
function product2(name: string, isWrong: (m: number, k: number, n: number) => boolean): Mutant {
  const cases = (mutated: boolean) => {
    const op = defineOp<[a: Tensor, b: Tensor]>('mutant', {
      forward: ([a, b]) => matmul(a, b),
      gradient: [
        (dc, { inputs: [, b] }) => matmul(dc, b, { transposeB: true }),
        (dc, { inputs: [a] }) => {
          const [[m, k], n] = [a.shape, dc.shape[1]];
          return matmul(a, dc, { transposeA: true }).mul(mutated && isWrong(m, k, n) ? 1.5 : 1);
        },
      ],
    });
    return matrixPairs().map((inputs) => ({ f: (a: Tensor, b: Tensor) => op([a, b]), inputs }));
  };
  return mutant(name, cases);
}

const byMatrices = [
  product2('matmul, only of one row', (m) => m === 1),
  product2('matmul, only with an inner size of 1', (_, k) => k === 1),
  product2('matmul, only of square matrices', (m, k, n) => m === k && k === n && m > 1),
];

const second = { second: true };
/** 1, but its derivative is 1 where the condition holds, else 0: invisible in first derivatives. */
const hidden = (x: Tensor, isWrong: (value: number) => boolean) => {
  const mask = each(x, (value) => (isWrong(value) ? 1 : 0));
  return x.sub(x.detach()).mul(mask).add(1);
};
const secondWhere = (name: string, isWrong: (value: number) => boolean) =>
  unary(
    name,
    OPS.cube[0],
    OPS.cube[1],
    (dy, call) => OPS.cube[1](dy, call).mul(hidden(call.inputs[0], isWrong)),
    second,
  );

const atSecondOrder = [
  unary(
    'cube, second order, x is detached',
    OPS.cube[0],
    OPS.cube[1],
    (dy, { inputs: [x] }) => dy.mul(square(x.detach())).mul(3),
    second,
  ),
  unary(
    'tanh, second order, y is detached',
    OPS.tanh[0],
    OPS.tanh[1],
    (dy, { output: y }) => dy.sub(dy.mul(square(y.detach()))),
    second,
  ),
  unary(
    'exp, second order, dy is detached',
    OPS.exp[0],
    OPS.exp[1],
    (dy, { output: y }) => dy.detach().mul(y),
    second,
  ),
  unary(
    'square, second order, under noGrad',
    OPS.square[0],
    OPS.square[1],
    (dy, { inputs: [x] }) => noGrad(() => dy.mul(x).mul(2)).add(dy.sub(dy.detach()).mul(x.detach()).mul(2)),
    second,
  ),
  secondWhere('cube, second order, only where abs x > 1.5', (x) => Math.abs(x) > 1.5),
  secondWhere('cube, second order, only where abs x < 0.25', (x) => Math.abs(x) < 0.25),
  secondWhere('cube, second order, only at 1', (x) => x === 1),
  unary(
    'cube, second order, only of size-1 axes',
    OPS.cube[0],
    OPS.cube[1],
    (dy, { inputs: [x] }) => dy.mul(square(x.shape.includes(1) ? x.detach() : x)).mul(3),
    second,
  ),
];

let calls = 0;
const byBehavior = [
  unary('double, differs from call to call', OPS.double[0], OPS.double[1], (dy) =>
    dy.mul(2 + 1e-9 * (calls++ % 2)),
  ),
  unary('square, changes its input', OPS.square[0], OPS.square[1], (dy, { inputs: [x] }) => {
    const dx = dy.mul(x).mul(2);
    if (x.rank === 2) x.data[0] += 1;
    return dx;
  }),
];

export const mutants: readonly Mutant[] = [
  ...byNumbers,
  ...byPlaces,
  ...byOperands,
  ...byAxes,
  ...byIndices,
  ...byViews,
  ...byMatrices,
  ...atSecondOrder,
  ...byBehavior,
];
