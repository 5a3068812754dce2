/**
 * Compares real GLSL with the reference kernels. Needs WebGL and fails without it: `npm run test:gpu`. The tests share
 * one context, because the number of contexts is limited.
 */
import fc from 'fast-check';
import { GLKernel, GPU } from 'gpu.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type GpuHandle, useGpu } from '../src/gpu.js';
import {
  currentKernels,
  explainKernelChoice,
  Generator,
  linear,
  mseLoss,
  normal,
  referenceKernels,
  useKernels,
} from '../src/index.js';
import { errorOf, errorOfRandom, multiply, numbers } from './products.js';

const createKernel = vi.spyOn(GPU.prototype, 'createKernel');
let gpu: GpuHandle;

beforeAll(async () => {
  gpu = await useGpu({ choice: 'always' });
});

afterAll(() => gpu?.dispose());

test('a product runs as a fragment shader, by gpu.js with WebGL', () => {
  expect(['headlessgl', 'webgl2', 'webgl']).toContain(gpu.mode);
  expect(gpu.renderer).not.toBe('');
  multiply({ form: 'nn', m: 3, k: 5, n: 7 }, numbers(15, 1), numbers(35, 2));
  const ran = createKernel.mock.results.at(-1)!.value.kernel;
  expect(ran).toBeInstanceOf(GLKernel);
  expect(ran.compiledFragmentShader).toContain('rowOf(threadId.x, 7)');
});

const length = fc.oneof(fc.constantFrom(1, 2, 7, 13, 31, 61, 97), fc.integer({ min: 1, max: 130 }));

const activations = fc.constantFrom(...([undefined, 'relu', 'tanh'] as const));

test.for(['nn', 'nt', 'tn'] as const)('%s is within 1e-5 of float64, for all shapes', (form) => {
  fc.assert(
    fc.property(
      ...[length, length, length, fc.boolean(), activations, fc.nat()],
      (m, k, n, withBias, activation, seed) => {
        const product = { form, m, k, n, withBias, ...(activation && { activation }) };
        expect(errorOfRandom(product, seed)).toBeLessThan(1e-5);
      },
    ),
    { numRuns: 40 }, // each run compiles a shader
  );
});

test.for([
  { form: 'nn', m: 1024, k: 74, n: 64 },
  { form: 'tn', m: 64, k: 1024, n: 74 },
  { form: 'nt', m: 1, k: 4099, n: 3 },
] as const)('$form $m x $k x $n, a typical size of a training step, is within 1e-5 of float64', (product) => {
  const { m, k, n } = product;
  const { c, exact } = multiply(product, numbers(m * k, 1), numbers(k * n, 2));
  expect(errorOf(c, exact)).toBeLessThan(1e-5);
});

test('every element of a result with two million elements is in the right place', () => {
  const [m, n] = [1449, 1451]; // C[i, j] = i n + j, integers that float32 represents exactly
  const a = new Float32Array(m * 2).map((_, at) => (at % 2 === 0 ? (at / 2) * n : 1));
  const b = new Float32Array(2 * n).map((_, at) => (at < n ? 1 : at - n));
  const c = new Float32Array(m * n);
  currentKernels().matmul({ form: 'nn', m, k: 2, n }, a, b, c);
  expect(c.findIndex((value, at) => value !== at)).toBe(-1);
});

test('NaN and infinities affect only their own rows', () => {
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

test('NaN in B and in the bias affects only its own column', () => {
  const bias = new Float32Array([0, 0, Number.NaN]);
  const b = new Float32Array([Number.NaN, 1, 1, 1, 1, 1]);
  const { c } = multiply({ form: 'nn', m: 2, k: 2, n: 3, bias }, new Float32Array(4).fill(1), b);
  expect([...c]).toEqual([Number.NaN, 2, Number.NaN, Number.NaN, 2, Number.NaN]);
});

test.for(['relu', 'tanh'] as const)('%s of small, large and infinite numbers, and of NaN', (activation) => {
  const inf = Number.POSITIVE_INFINITY;
  const x = [0, 1e-6, 1e-3, 0.29, 0.31, 1, 5, 20, 100, 3e38, inf, Number.NaN];
  const a = Float32Array.from([...x, ...x.map((value) => -value)]);
  const { c, exact } = multiply({ form: 'nn', m: a.length, k: 1, n: 1, activation }, a, Float32Array.of(1));
  for (let i = 0; i < c.length; i++) {
    const mustBeExact = exact[i] === 0 || !Number.isFinite(exact[i]);
    if (mustBeExact)
      expect(c[i] + 0, `of ${a[i]}`).toBe(exact[i] + 0); // + 0 turns -0 into 0
    else expect(Math.abs(c[i] / exact[i] - 1), `of ${a[i]}`).toBeLessThan(1e-5);
  }
});

test('operands and results may be in shared memory', () => {
  const shared = (values: Float32Array) => {
    const view = new Float32Array(new SharedArrayBuffer(4 * values.length + 64), 16, values.length);
    view.set(values);
    return view;
  };
  const product = { form: 'nt', m: 5, k: 3, n: 7 } as const;
  const [a, b, bias] = [numbers(15, 1), numbers(21, 2), numbers(7, 3)];
  const { c } = multiply({ ...product, bias }, a, b);
  const onShared = shared(new Float32Array(35));
  currentKernels().matmul({ ...product, bias: shared(bias) }, shared(a), shared(b), onShared);
  expect([...onShared]).toEqual([...c]);
});

test('explainKernelChoice says where a product runs', () => {
  expect(explainKernelChoice(7, 7, 7)).toEqual({
    kernels: 'gpu',
    why: "gpu: useGpu got choice: 'always'",
  });
  expect(explainKernelChoice(7, 0, 7).why).toMatch(/^(relaxed-)?simd: an axis is empty/);
});

test('float64 keeps its precision', () => {
  const c = new Float64Array(1);
  currentKernels().matmul(
    { form: 'nn', m: 1, k: 1, n: 1 },
    new Float64Array([0.1]),
    new Float64Array([1]),
    c,
  );
  expect(c[0]).toBe(0.1);
});

/** The loss of a small MLP and the gradients of its parameters, on the current kernels. */
function lossAndGradients(): number[][] {
  const generator = new Generator(7);
  const parameter = (...shape: number[]) => normal(shape, generator, { requiresGrad: true });
  const x = normal([32, 11], generator);
  const target = normal([32, 3], generator);
  const [w1, b1] = [parameter(17, 11), parameter(17)];
  const [w2, b2] = [parameter(3, 17), parameter(3)];

  const loss = mseLoss(linear(linear(x, w1, b1, { activation: 'tanh' }), w2, b2), target);
  loss.backward();
  return [loss, ...[w1, b1, w2, b2].map((p) => p.grad!)].map(({ data }) => [...data]);
}

test('the loss and gradients of an MLP agree with the reference kernels', () => {
  const onGpu = lossAndGradients();
  const before = useKernels(referenceKernels);
  const onReference = lossAndGradients();
  useKernels(before);
  onReference.forEach((values, i) => {
    expect(errorOf(onGpu[i], values)).toBeLessThan(1e-5);
  });
  expect(onGpu).not.toEqual(onReference); // equal to the last bit would mean that the same kernels ran
});
