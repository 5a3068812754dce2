import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  broadcastTo,
  defineOp,
  matmul,
  maximum,
  mul,
  relu,
  scope,
  square,
  sum,
  Tensor,
  tensor,
  where,
} from '../../src/index.js';
import { currentKernels } from '../../src/kernels/select.js';
import { currentScope } from '../../src/memory/scope.js';
import {
  broadcastableTensors,
  type CheckOpOptions,
  checkOp,
  indices,
  oneHots,
  shapes,
  tensors,
  tensorsApart,
} from '../../src/testing/index.js';

type Unary = [x: Tensor];
const anyTensor = [tensors(shapes())] as const;

/** y = x³ with parts replaced. */
const cube = (parts: { forward?: (x: Tensor) => Tensor; gradient?: (dy: Tensor, x: Tensor) => Tensor }) => {
  const { forward = (x) => x.mul(x).mul(x), gradient = (dy, x) => dy.mul(square(x)).mul(3) } = parts;
  const op = defineOp<Unary>('cube', {
    forward: ([x]) => forward(x),
    gradient: [(dy, { inputs: [x] }) => gradient(dy, x)],
  });
  return (x: Tensor) => op([x]);
};

describe('right ops pass', () => {
  test('with one tensor', () => checkOp(cube({}), anyTensor));
  test('with two that broadcast', () => checkOp(mul, broadcastableTensors(), { broadcasts: true }));
  test('with kinks, kept away', () => checkOp(maximum, tensorsApart()));
  test('with kinks, allowed', () => checkOp(relu, anyTensor, { allowKinks: true }));
  test('with other arguments and constants', () =>
    checkOp(
      (x: Tensor, { mask }: { mask: Tensor }, factor: number) => where(mask, x.mul(factor), x),
      shapes({ minRank: 1 }).chain((shape) =>
        fc.tuple(tensors(shape), fc.record({ mask: oneHots(shape) }), fc.constantFrom(2, 3)),
      ),
    ));
  test('matrices', () => checkOp((a: Tensor, b: Tensor) => matmul(a, b), [tensors([2, 3]), tensors([3, 4])]));
});

/** What is wrong with an op, and what checkOp says. */
const broken: [string, (x: Tensor) => Tensor, RegExp, CheckOpOptions?][] = [
  [
    'a gradient',
    cube({ gradient: (dy, x) => dy.mul(square(x)).mul(3.01) }),
    /checkOp, gradient of .*: gradcheck: the gradient is wrong[\s\S]*op to blame: cube/,
  ],
  [
    'a gradient of the gradient',
    cube({ gradient: (dy, x) => dy.mul(square(x.detach())).mul(3) }),
    /checkOp, gradient of the gradient of .*: gradgradcheck: the gradient is wrong/,
  ],
  [
    'an input that changes',
    cube({
      forward(x) {
        const y = x.mul(x).mul(x);
        x.data.fill(0);
        return y;
      },
    }),
    /f changed input 0/,
  ],
  [
    'a result in float64',
    cube({
      forward: (x) =>
        new Tensor(
          Float64Array.from(x.data, (v) => v ** 3),
          x.shape,
        ),
    }),
    /checkOp, float32 of .*: the result is float64 for float32 inputs; compute in .* or give \{ float32: false \}/,
  ],
  [
    'a gradient in float64',
    cube({
      gradient: (dy, x) =>
        tensor(3, { dtype: 'float64' }).mul(new Tensor(Float64Array.from(dy.mul(square(x)).data), x.shape)),
    }),
    /checkOp, float32 of .*: cube: the gradient for input 0 is float64, but the input is float32/,
    { secondOrder: false },
  ],
  [
    'numbers in float32',
    cube({ forward: (x) => (x.dtype === 'float32' ? x.mul(x).mul(x).mul(1.001) : x.mul(x).mul(x)) }),
    /checkOp, float32 of .*: the result [\s\S]* in float32, but [\s\S]* in float64/,
  ],
  [
    'one kernel set',
    cube({
      forward: (x) =>
        x
          .mul(x)
          .mul(x)
          .mul(x.dtype === 'float32' && currentKernels().name === 'simd' ? 1.01 : 1),
    }),
    /the result on the kernel set simd is/,
  ],
  [
    'a value that does not survive a scope',
    cube({
      forward: (x) =>
        x
          .mul(x)
          .mul(x)
          .mul(currentScope() ? 1.5 : 1),
    }),
    /checkOp, scope of .*: the result on the kernel set .* outside of a scope, and .* inside/,
  ],
];

describe('broken ops fail', () => {
  test.each(broken)('%s', async (_, op, message, options) => {
    await expect(checkOp(op, anyTensor, options)).rejects.toThrow(message);
  });

  test('broadcasting', async () => {
    const first = (a: Tensor, b: Tensor) => add(a, broadcastTo(sum(b), a.shape)); // sums what it should stretch
    await expect(checkOp(first, broadcastableTensors(), { broadcasts: true })).rejects.toThrow(
      /broadcasting of first: the result.* of operands of shapes .* is .*, but of their expansions to .* it is/,
    );
  });

  test('numbers that differ in the last digits are shown with all of them, and where they are', async () => {
    const off = 1 + 2 ** -40;
    const stretched = (a: Tensor, b: Tensor) => a.mul(b).mul(a.size < b.size ? off : 1);
    const pairs = fc.tuple(tensors([1]), tensors([2], { min: 1, max: 1 }));
    await expect(checkOp(stretched, pairs, { broadcasts: true })).rejects.toThrow(
      `the result at index [0] of operands of shapes [1] and [2] is ${1.5 * off}, but of their expansions to [2] it is 1.5`,
    );
  });

  test('the error has the arguments, small, and the seed that repeats it', async () => {
    const wrong = cube({ gradient: (dy, x) => dy.mul(square(x)).mul(3.01) });
    const error = (await checkOp(wrong, anyTensor).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(/arguments: \[tensor\(1.5, \{ dtype: 'float64' \}\)\]\n {2}seed: -?\d+$/);
    const seed = Number(/seed: (-?\d+)/.exec(error.message)![1]);
    await expect(checkOp(wrong, anyTensor, { seed })).rejects.toThrow(error.message);
  });

  test('a wrong gradient does not shrink into a kink', async () => {
    const op = defineOp<Unary>('op', {
      forward: ([x]) => relu(x.sub(1.5)),
      gradient: [(dy, { inputs: [x] }) => mul(dy, where(relu(x.sub(1.5)), 1.25, 0))],
    });
    for (let seed = 1; seed <= 10; seed++) {
      await expect(
        checkOp((x: Tensor) => op([x]), [tensors([3], { kinks: [1.5], gap: 1 / 64 })], { seed }),
      ).rejects.toThrow(/the gradient is wrong/);
    }
  });
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['no function', () => checkOp(3 as never, anyTensor), /checkOp: the op is 3; give a function/],
  [
    'no arbitraries',
    () => checkOp(relu, tensor([1]) as never),
    /the arguments are a Tensor; give one arbitrary for each/,
  ],
  [
    'one arbitrary of a tensor',
    () => checkOp(relu, tensors([1]) as never),
    /drew a Tensor, which is not a list of arguments/,
  ],
  [
    'a tensor in place of an arbitrary',
    () => checkOp(mul, [tensors([1]), tensor([1])] as never),
    /argument 1 is a Tensor; give an arbitrary, such as tensors\(\[2, 3\]\), or fc.constant/,
  ],
  [
    'no tensor among the arguments',
    () => checkOp((n: number) => tensor([n]), [fc.constant(3)]),
    /gradcheck: the inputs are \[\]; give an array of tensors/,
  ],
  [
    'an option',
    () => checkOp(relu, anyTensor, { runs: 3 } as never),
    /no option runs \(did you mean numRuns\?\); the options are/,
  ],
])('error: %s', async (_, call, message) => {
  await expect(call()).rejects.toThrow(message);
});

test('kernels and threads are as before', async () => {
  const before = currentKernels();
  await checkOp(cube({}), anyTensor, { numRuns: 5 });
  expect(currentKernels()).toBe(before);
  expect(scope(() => 1)).toBe(1);
  expect(fc.sample(indices([1], 1), 1)).toHaveLength(1);
});
