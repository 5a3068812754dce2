/**
 * Real GLSL, held to the reference kernels. Needs WebGL and fails without it: `npm run test:gpu`. The tests share one
 * context, since there are few to be had.
 */
import fc from 'fast-check';
import { GLKernel, GPU } from 'gpu.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type GpuHandle, useGpu } from '../src/gpu.js';
import {
  Generator,
  kernels,
  linear,
  type MatmulProduct,
  mseLoss,
  normal,
  reference,
  tanh,
  useKernels,
} from '../src/index.js';

const createKernel = vi.spyOn(GPU.prototype, 'createKernel');
let gpu: GpuHandle;

beforeAll(async () => {
  gpu = await useGpu();
});

afterAll(() => gpu?.dispose());

/** What both kernel sets make of the same numbers, the reference in float64. */
function multiply(product: MatmulProduct, a: Float32Array, b: Float32Array) {
  const { m, n, bias, ...rest } = product;
  const c = new Float32Array(m * n);
  const exact = new Float64Array(m * n);
  kernels().matmul(product, a, b, c);
  const inFloat64 = { ...rest, m, n, ...(bias && { bias: Float64Array.from(bias) }) };
  reference.matmul(inFloat64, Float64Array.from(a), Float64Array.from(b), exact);
  return { c, exact };
}

/** The largest difference, relative to the largest element. */
function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
  }
  return difference / largest;
}

const numbers = (length: number, seed: number) => normal([length], new Generator(seed)).data as Float32Array;

test('a product is a fragment shader that gpu.js ran with WebGL', () => {
  expect(['headlessgl', 'webgl2', 'webgl']).toContain(gpu.mode);
  expect(gpu.renderer).not.toBe('');
  multiply({ form: 'nn', m: 3, k: 5, n: 7 }, numbers(15, 1), numbers(35, 2));
  const ran = createKernel.mock.results.at(-1)!.value.kernel;
  expect(ran).toBeInstanceOf(GLKernel);
  expect(ran.compiledFragmentShader).toContain('rowOf(threadId.x, 7)');
});

const length = fc.oneof(fc.constantFrom(1, 2, 7, 13, 31, 61, 97), fc.integer({ min: 1, max: 130 }));

for (const form of ['nn', 'nt', 'tn'] as const) {
  for (const withBias of [false, true]) {
    test(`${form} ${withBias ? 'with' : 'without'} a bias is within 1e-5 of float64, whatever the shape`, () => {
      fc.assert(
        fc.property(length, length, length, fc.nat(), (m, k, n, seed) => {
          const bias = withBias ? { bias: numbers(n, seed + 2) } : {};
          const { c, exact } = multiply(
            { form, m, k, n, ...bias },
            numbers(m * k, seed),
            numbers(k * n, seed + 1),
          );
          expect(errorOf(c, exact)).toBeLessThan(1e-5);
        }),
        { numRuns: 12 }, // each run compiles a shader
      );
    });
  }
}

test.for([
  { form: 'nn', m: 1024, k: 74, n: 64 },
  { form: 'tn', m: 64, k: 1024, n: 74 },
  { form: 'nt', m: 1, k: 4099, n: 3 },
] as const)('a training step has products such as $form $m x $k x $n', (product) => {
  const { m, k, n } = product;
  const { c, exact } = multiply(product, numbers(m * k, 1), numbers(k * n, 2));
  expect(errorOf(c, exact)).toBeLessThan(1e-5);
});

test('every element of a result of two million is in its place', () => {
  const [m, n] = [1449, 1451]; // C[i, j] = i n + j, all of them integers that float32 can tell apart
  const a = new Float32Array(m * 2).map((_, at) => (at % 2 === 0 ? (at / 2) * n : 1));
  const b = new Float32Array(2 * n).map((_, at) => (at < n ? 1 : at - n));
  const c = new Float32Array(m * n);
  kernels().matmul({ form: 'nn', m, k: 2, n }, a, b, c);
  expect(c.findIndex((value, at) => value !== at)).toBe(-1);
});

test('NaN and infinities reach the rows they belong to, and no others', () => {
  const product = { form: 'nn', m: 4, k: 3, n: 2 } as const;
  const a = new Float32Array([
    Number.NaN,
    1,
    1,
    Number.POSITIVE_INFINITY,
    1,
    1,
    Number.NEGATIVE_INFINITY,
    1,
    1,
    1,
    1,
    1,
  ]);
  const { c } = multiply(product, a, new Float32Array(6).fill(2));
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  expect([...c]).toEqual([nan, nan, inf, inf, -inf, -inf, 6, 6]);
});

test('NaN in B and in the bias stay in their columns', () => {
  const bias = new Float32Array([0, 0, Number.NaN]);
  const b = new Float32Array([Number.NaN, 1, 1, 1, 1, 1]);
  const { c } = multiply({ form: 'nn', m: 2, k: 2, n: 3, bias }, new Float32Array(4).fill(1), b);
  expect([...c]).toEqual([Number.NaN, 2, Number.NaN, Number.NaN, 2, Number.NaN]);
});

test('float64 keeps its precision', () => {
  const c = new Float64Array(1);
  kernels().matmul({ form: 'nn', m: 1, k: 1, n: 1 }, new Float64Array([0.1]), new Float64Array([1]), c);
  expect(c[0]).toBe(0.1);
});

/** A small MLP's loss and its parameters' gradients, on the kernels in use. */
function lossAndGradients(): number[][] {
  const generator = new Generator(7);
  const parameter = (...shape: number[]) => normal(shape, generator, { requiresGrad: true });
  const x = normal([32, 11], generator);
  const target = normal([32, 3], generator);
  const [w1, b1] = [parameter(17, 11), parameter(17)];
  const [w2, b2] = [parameter(3, 17), parameter(3)];

  const loss = mseLoss(linear(tanh(linear(x, w1, b1)), w2, b2), target);
  loss.backward();
  return [loss, ...[w1, b1, w2, b2].map((p) => p.grad!)].map(({ data }) => [...data]);
}

test("an MLP's loss and gradients are the reference kernels'", () => {
  const onGpu = lossAndGradients();
  const before = useKernels(reference);
  const onReference = lossAndGradients();
  useKernels(before);
  onReference.forEach((values, i) => {
    expect(errorOf(onGpu[i], values)).toBeLessThan(1e-5);
  });
  expect(onGpu).not.toEqual(onReference); // the same to the last bit would mean the same kernels
});
