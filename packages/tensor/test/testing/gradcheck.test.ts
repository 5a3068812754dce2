import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  abs,
  amax,
  defineOp,
  Generator,
  grad,
  linear,
  maximum,
  mul,
  normal,
  type Op,
  pow,
  relu,
  sign,
  sqrt,
  square,
  type Tensor,
  tensor,
  wherePositive,
} from '../../src/index.js';
import {
  GradcheckError,
  type GradcheckOptions,
  gradcheck,
  gradgradcheck,
  shapes,
  tensors,
} from '../../src/testing/index.js';

const of = (...numbers: number[]) => tensor(numbers, { dtype: 'float64' });
type F = (...inputs: Tensor[]) => Tensor;

/** The error of gradcheck. */
function errorOf(f: F, inputs: Tensor[], options?: GradcheckOptions, check = gradcheck): GradcheckError {
  try {
    check(f, inputs, options);
  } catch (error) {
    if (error instanceof GradcheckError) return error;
    throw error;
  }
  throw new Error('gradcheck found nothing');
}

/** y = x³, whose gradient is multiplied by `factor(x)`. */
const cubeTimes = (factor: (x: Tensor) => Tensor | number): Op<[x: Tensor]> =>
  defineOp<[x: Tensor]>('cube', {
    forward: ([x]) => x.mul(x).mul(x),
    gradient: [(dy, { inputs: [x] }) => dy.mul(square(x)).mul(3).mul(factor(x))],
  });

describe('the report', () => {
  const cube = cubeTimes((x) => relu(x).add(1)); // wrong for x > 0
  const input = tensor(
    [
      [-1, -2],
      [-0.5, 2],
    ],
    { dtype: 'float64' },
  );

  const double = defineOp<[x: Tensor]>('double', {
    forward: ([x]) => x.mul(2),
    gradient: [(dy) => relu(dy).mul(2)], // wrong for dy < 0
  });

  test('says where, x, all slopes, the op and how to repeat the case', () => {
    const error = errorOf((x) => cube([x.mul(0.5)]).tanh(), [input]);
    expect(error).toMatchObject({ problem: 'wrong gradient', input: 0, index: [1, 1], x: 2, op: 'cube' });
    expect(error.analytic).toBeCloseTo(2 * error.numeric!, 6);
    for (const slope of [error.left, error.right]) expect(slope).toBeCloseTo(error.numeric!, 6);
    expect(error.message.split('\n')).toEqual([
      'gradcheck: the gradient is wrong',
      '  where: input 0 of shape [2, 2] at index [1, 1], where x = 2',
      '  gradient: 1.259923',
      '  finite differences: 0.62996151, left slope 0.62996151, right slope 0.62996151',
      '  op to blame: cube: for its input 0 at index [1, 1], which is 1, its gradient is 6, and finite differences give 3',
      `  to repeat: gradcheck(f, [tensor([[-1, -2], [-0.5, 2]], { dtype: 'float64' })])`,
    ]);
  });

  test.each<[string, F, string]>([
    ['behind other ops', (x) => cube([x]).sum().exp().mul(1e-3), 'cube'],
    ['before other ops', (x) => cube([x.tanh().add(1)]).softmax(), 'cube'],
    ['beside a right one', (x) => maximum(cube([x]), -100).add(x.exp()), 'cube'],
    [
      'between an activation in one kernel and others',
      (x) => cube([linear(x, x, undefined, { activation: 'tanh' }).add(2)]),
      'cube',
    ],
    [
      'that is wrong only where dy < 0',
      (x) =>
        double([x])
          .neg()
          .add(double([x])),
      'double',
    ],
  ])('names the op %s', (_, f, op) => {
    expect(errorOf(f, [input]).op).toBe(op);
  });

  test('says where the graph is cut, if every op is right', () => {
    const error = errorOf((x) => x.mul(x.tanh().detach()), [input]);
    expect(error.op).toBeUndefined();
    expect(error.message).toMatch(/op to blame: none: .* input 1 of mul, \[2, 2\], is detached from tanh/);
  });

  test('of the second derivative names the input, or the gradient of the output', () => {
    const constant = defineOp<[x: Tensor]>('square', {
      forward: ([x]) => x.mul(x),
      gradient: [(dy, { inputs: [x] }) => dy.mul(x.detach()).mul(2)],
    });
    const error = errorOf((x) => constant([x]), [of(1, 3)], {}, gradgradcheck);
    expect(error).toMatchObject({ problem: 'wrong gradient', input: 0, index: [0], analytic: 0 });
    expect(error.message).toMatch(/^gradgradcheck: .*\n.*input 0/);
    expect(error.message).toContain('to repeat: gradgradcheck(f, [tensor([1, 3], ');
    expect(error.message).toMatch(/input 1 of mul, \[2\], is detached from an input/);

    const twice = defineOp<[x: Tensor]>('square', {
      forward: ([x]) => x.mul(x),
      gradient: [(dy, { inputs: [x] }) => dy.detach().mul(x).mul(2)],
    });
    expect(errorOf((x) => twice([x]), [of(1, 3)], {}, gradgradcheck).message).toMatch(
      /the output's gradient of shape \[2\] at index \[0\]/,
    );
  });

  test('a line to paste repeats the case, with every digit', () => {
    const inputs = [
      of(1 / 3, -0, 1e-300),
      tensor([[], []], { dtype: 'float64' }),
      tensor(0.1, { dtype: 'float64' }),
    ];
    const { message } = errorOf((x, _, z) => cube([x.add(z)]).sum(), inputs, { allowUnused: true });
    const line = /to repeat: (.*)$/.exec(message)![1];
    let repeated: Tensor[] = [];
    new Function('gradcheck', 'f', 'tensor', line)(
      (_: unknown, all: Tensor[]) => (repeated = all),
      null,
      tensor,
    );
    expect(repeated.map(({ shape, dtype, data }) => ({ shape, dtype, data }))).toEqual(
      inputs.map(({ shape, dtype, data }) => ({ shape, dtype, data })),
    );
  });
});

describe('how exact', () => {
  const places = [-40, -3, -1, -0.3, -1e-3, 1e-3, 0.01, 0.5, 1, 1.9, 7, 100];
  const smooth: [string, F][] = [
    ['tanh', (x) => x.tanh()],
    ['exp', (x) => x.mul(0.25).exp()],
    ['cube', (x) => cubeTimes(() => 1)([x])],
    ['1 / (1 + x²)', (x) => x.square().add(1).pow(-1)],
    ['log', (x) => x.square().add(1e-2).log()],
    ['softmax', (x) => x.mul(0.1).softmax()],
    ['far from 0', (x) => x.tanh().add(1000)],
  ];

  test.each(smooth)('right gradients of %s pass everywhere, first and second', (_, f) => {
    gradcheck(f, [of(...places)]);
    gradgradcheck(f, [of(...places)]);
  });

  test.each([1.001, 0.999, 1.0001, -1, 0, 2])(
    'a factor of %d is found wherever the slope is above 1e-5',
    (factor) => {
      for (const x of places.filter((place) => Math.abs(place) > 1e-3))
        expect(() => gradcheck((y) => cubeTimes(() => factor)([y]), [of(x)])).toThrow();
    },
  );

  test('a factor of 1.001 is found where tanh is flat', () => {
    const flat = defineOp<[x: Tensor]>('tanh', {
      forward: ([x]) => x.tanh(),
      gradient: [(dy, { output: y }) => dy.sub(dy.mul(square(y))).mul(1.001)],
    });
    for (const x of [0.1, 2, 4, 6]) expect(() => gradcheck((y) => flat([y]), [of(x)])).toThrow();
  });

  test('tolerances can be widened', () => {
    const wrong = (x: Tensor) => cubeTimes(() => 1.001)([x]);
    gradcheck(wrong, [of(1)], { rtol: 0.01 });
    gradcheck(wrong, [of(1)], { atol: 0.01 });
  });
});

describe('where f is not smooth', () => {
  test.each<[string, F, number, string]>([
    ['a kink', relu, 0, 'kink'],
    ['a kink after others', (x) => relu(x.sub(1).mul(3)).mul(2), 1, 'kink'],
    ['a kink closer than any step', relu, 1e-9, 'kink'],
    ['a jump', sign, 0, 'jump'],
    ['the edge of its domain', sqrt, 0, 'edge'],
    ['a place outside of its domain', sqrt, -1, 'edge'],
  ])('%s is named, or allowed', (_, f, x, problem) => {
    // sign has no gradient, so x has no influence on the graph
    const options = { allowUnused: true };
    expect(errorOf(f, [of(x)], options).problem).toBe(problem);
    if (x >= 0) gradcheck(f, [of(x)], { ...options, allowKinks: true });
  });

  test('the report of a kink has both slopes, and says what to do', () => {
    const error = errorOf(relu, [of(1, 0)]);
    expect(error).toMatchObject({ index: [1], x: 0, analytic: 0 });
    expect(error.left).toBeCloseTo(0, 8);
    expect(error.right).toBeCloseTo(1, 8);
    expect(error.message).toMatch(/f has a kink here: .*awayFromZero.* allowKinks: true/);
  });

  test('a kink nearby does not disturb', () => {
    for (const x of [1e-3, 1e-5, -1e-5, -1e-3]) gradcheck(relu, [of(x)]);
    gradcheck(maximum, [of(0.5), of(0.5 + 1e-5)]);
  });

  test('the middle of a kink is a right gradient', () => {
    gradcheck(abs, [of(0)]);
    gradcheck(maximum, [of(1), of(1)]);
    gradcheck((x) => amax(x), [of(1, 1)]);
  });

  test('a gradient outside of both slopes is wrong, also if kinks are allowed', () => {
    const steep = defineOp<[x: Tensor]>('relu', {
      forward: ([x]) => relu(x),
      gradient: [
        (dy, { inputs: [x] }) =>
          dy.mul(wherePositive(1, x)).add(dy.mul(wherePositive(1, x.neg().add(1e-9))).mul(-0.5)),
      ],
    });
    const error = errorOf((x) => steep([x]), [of(0)], { allowKinks: true });
    expect(error).toMatchObject({ problem: 'wrong gradient', analytic: -0.5 });
  });

  test('a wrong gradient is reported before a kink', () => {
    const wrong = cubeTimes((x) => relu(x).add(1));
    const error = errorOf((x) => relu(x).add(wrong([x])), [of(0, 1)]);
    expect(error).toMatchObject({ problem: 'wrong gradient', index: [1] });
  });

  test('a gradient of NaN at the edge is wrong', () => {
    const nan = (x: Tensor) => sqrt(x).mul(wherePositive(1, x)); // 0 · ∞
    expect(errorOf(nan, [of(0)], { allowKinks: true }).problem).toBe('wrong gradient');
  });

  test('noise is said to be noise', () => {
    const noise = defineOp<[x: Tensor]>('noise', {
      forward: ([x]) =>
        tensor(
          [...x.data].map((v) => v + 1e-3 * Math.sin(1e12 * v)),
          { dtype: 'float64' },
        ),
      gradient: [(dy) => dy],
    });
    const noisy = (x: Tensor) => noise([x]);
    expect(errorOf(noisy, [of(0.3)]).problem).toBe('undecided');
  });
});

describe('what is not a gradient', () => {
  const x = of(1, 2);

  test('an input without influence is named', () => {
    const drops = (a: Tensor, _: Tensor) => a.square();
    expect(errorOf(drops, [x, of(3)])).toMatchObject({ problem: 'no influence', input: 1 });
    expect(errorOf(drops, [x, of(3)]).message).toMatch(
      /input 1, of shape \[1\], has no influence: .*allowUnused/,
    );
    gradcheck(drops, [x, of(3)], { allowUnused: true });
    expect(errorOf((a) => a.detach(), [x]).problem).toBe('wrong gradient');
  });

  test('f that differs from call to call', () => {
    const generator = new Generator(1);
    const random = (a: Tensor) => a.mul(normal([2], generator, { dtype: 'float64' }));
    expect(errorOf(random, [x])).toMatchObject({ problem: 'not repeatable' });
    gradcheck((a) => a.mul(normal([2], new Generator(1), { dtype: 'float64' })), [x]);
  });

  test('a gradient that differs from call to call', () => {
    let calls = 0;
    const drifting = defineOp<[x: Tensor]>('drifting', {
      forward: ([a]) => a.mul(2),
      gradient: [(dy) => dy.mul(2 + 1e-12 * calls++)],
    });
    expect(errorOf((a) => drifting([a]), [x]).message).toMatch(
      /two calls of f differ: the gradient of input 0/,
    );
  });

  test('an input that f changes', () => {
    const inPlace = defineOp<[x: Tensor]>('double', {
      forward([a]) {
        a.data[0] *= 2;
        return a.mul(1);
      },
      gradient: [(dy) => dy.mul(2)],
    });
    expect(errorOf((a) => inPlace([a]), [x])).toMatchObject({ problem: 'changed input', input: 0 });
    expect([...x.data]).toEqual([1, 2]);
    const updates = (a: Tensor) => {
      const y = a.square();
      a.update((data) => data.fill(7));
      return y;
    };
    expect(errorOf(updates, [x])).toMatchObject({ problem: 'changed input', input: 0 });
  });

  test.each<[string, () => void, RegExp]>([
    [
      'plain arrays',
      () => gradcheck(relu, [[1, 2]] as unknown as Tensor[]),
      /input 0 is \[1, 2\]; give a float64 tensor/,
    ],
    [
      'one tensor',
      () => gradcheck(relu, x as unknown as Tensor[]),
      /the inputs are a Tensor; give an array of tensors, such as \[x\]/,
    ],
    ['no tensors', () => gradcheck(() => x, []), /the inputs are \[\]; give an array of tensors/],
    [
      'float32',
      () => gradcheck(relu, [tensor([1])]),
      /input 0 is float32, which is too coarse .* give \{ dtype: 'float64' \}/,
    ],
    ['no function', () => gradcheck(x as unknown as F, [x]), /f is a Tensor; give a function/],
    [
      'no tensor back',
      () => gradcheck(() => 3 as unknown as Tensor, [x]),
      /f returned 3; it must return a tensor/,
    ],
    [
      'float32 back',
      () => gradcheck((a) => tensor([...a.data]), [x]),
      /f returned float32 for float64 inputs/,
    ],
    ['an option', () => gradcheck(relu, [x], { eps: 1e-6 } as GradcheckOptions), /no option eps/],
    [
      'no gradient at all',
      () => gradgradcheck((a) => tensor([...a.data], { dtype: 'float64', requiresGrad: true }), [x]),
      /no gradient for any input/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('shrinking', () => {
  test.each([1, 2, 3])('ends in seconds at a kink, seed %i', (seed) => {
    const pairs = shapes().chain((shape) => fc.tuple(tensors(shape), tensors(shape)));
    const start = performance.now();
    fc.check(
      fc.property(pairs, ([a, b]) => gradcheck((c, d) => amax(maximum(c, d)), [a, b])),
      { seed, numRuns: 1000 },
    );
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('finds a small readable case', () => {
    const wrong = defineOp<[a: Tensor, b: Tensor]>('pow', {
      forward: ([a, b]) => pow(a, b),
      gradient: [
        (dz, { inputs: [a, b] }) =>
          mul(dz, mul(b, pow(a, b.sub(1)))).mul(wherePositive(1, b.sub(1.5)).mul(0.1).add(1)),
        (dz, { inputs: [a], output: z }) => mul(dz, mul(z, a.log())),
      ],
    });
    const positive = { min: 0.25, max: 2 };
    const pairs = shapes().chain((shape) => fc.tuple(tensors(shape, positive), tensors(shape, positive)));
    const { counterexample, errorInstance } = fc.check(
      fc.property(pairs, ([a, b]) => gradcheck((c, d) => wrong([c, d]), [a, b])),
      { seed: 1 },
    );
    const [[a, b]] = counterexample!;
    expect([a.item(), b.item()]).toEqual([1.5, 1.75]);
    expect(errorInstance).toMatchObject({ problem: 'wrong gradient', op: 'pow' });
  });
});

test('second derivatives of grad inside of f', () => {
  const f = (x: Tensor) => grad(x.tanh().sum(), [x], { createGraph: true })[0];
  gradcheck(f, [of(0.3, -1)]);
});

describe('infinities', () => {
  const withGradient = (gradient: (dy: Tensor, x: Tensor) => Tensor): F => {
    const op = defineOp<[x: Tensor]>('square', {
      forward: ([x]) => x.mul(x),
      gradient: [(dy, { inputs: [x] }) => gradient(dy, x)],
    });
    return (x) => op([x]);
  };

  test.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    'a gradient of %s is wrong',
    (wrong) => {
      const f = withGradient((dy) => dy.mul(0).add(wrong));
      expect(errorOf(f, [of(1, 2, 3)]).message).toMatch(/gradient is wrong/);
    },
  );

  test('a gradient of 0 is not accepted where a step overflows', () => {
    const exp0 = defineOp<[x: Tensor]>('exp', { forward: ([x]) => x.exp(), gradient: [(dy) => dy.mul(0)] });
    expect(errorOf((x) => exp0([x]), [of(709.7)]).message).toMatch(/not finite on both sides/);
    expect(errorOf((x) => exp0([x]), [of(700)]).message).toMatch(/gradient is wrong/);
    gradcheck((x) => x.exp(), [of(700)]);
  });

  test('where f itself is infinite there is no slope to compare with', () => {
    for (const [f, x] of [
      [(x: Tensor) => x.exp(), 800],
      [(x: Tensor) => x.square(), 1e160],
    ] as const) {
      expect(errorOf(f, [of(x)]).message).toMatch(/not finite on both sides/);
      gradcheck(f, [of(x)], { allowKinks: true });
    }
  });

  test('a wrong gradient is found next to an output that is infinite', () => {
    const f = withGradient((dy, x) => dy.mul(x).mul(2.1));
    expect(errorOf(f, [of(3, 1e160)]).message).toMatch(/gradient is wrong/);
  });
});
