/**
 * `auto` on real GLSL: `npm run test:gpu`. If the CPU runs the GLSL, it is never faster. So here the renderer counts as a
 * GPU, and the CPU's kernels are slowed down.
 */
import { GPU } from 'gpu.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type GpuHandle, useGpu } from '../src/gpu.js';
import { explainKernelChoice, referenceKernels, useKernels } from '../src/index.js';
import { errorOfRandom } from './products.js';

vi.mock('../src/kernels/gpu/context.js', async (original) => ({
  ...(await original<object>()),
  isSoftware: () => false,
}));
const createKernel = vi.spyOn(GPU.prototype, 'createKernel');
const matmul = vi.fn<typeof referenceKernels.matmul>((product, a, b, c) => {
  const { m, k, n } = product;
  referenceKernels.matmul(product, a, b, c);
  const end = performance.now() + 2e-5 * m * k * n;
  while (performance.now() < end);
});
let gpu: GpuHandle;

beforeAll(async () => {
  useKernels({ ...referenceKernels, name: 'slow', matmul });
  gpu = await useGpu();
});

afterAll(() => gpu?.dispose());

test('small products stay on the CPU, large ones go to the GPU, and the explanation is true', () => {
  for (const size of [1, 8, 16, 200, 250]) {
    const product = { form: 'nt', m: size, k: size + 1, n: size + 2, withBias: true } as const;
    createKernel.mockClear();
    matmul.mockClear();
    expect(errorOfRandom(product, size)).toBeLessThan(1e-5);
    const { kernels, measured } = explainKernelChoice(product.m, product.k, product.n);
    expect(kernels).toBe(size < 100 ? 'slow' : 'gpu');
    expect([matmul.mock.calls.length, createKernel.mock.calls.length]).toEqual(size < 100 ? [1, 0] : [0, 1]);
    expect(gpu.calibration).toContain(measured);
  }
});
