/** That compiled kernels and contexts come and go, with real WebGL: `npm run test:gpu`. */
import { GPU } from 'gpu.js';
import { afterEach, expect, test, vi } from 'vitest';
import { type GpuHandle, useGpu } from '../src/gpu.js';
import { kernels } from '../src/index.js';

const createKernel = vi.spyOn(GPU.prototype, 'createKernel');
let gpu: GpuHandle | undefined;

afterEach(() => gpu?.dispose());

/** Ones [8, k] times ones [k, 8]. */
function multiplyOnes(k: number): Float32Array {
  const ones = new Float32Array(8 * k).fill(1);
  const c = new Float32Array(64);
  kernels().matmul({ form: 'nn', m: 8, k, n: 8 }, ones, ones, c);
  return c;
}

test('dispose goes back to the kernels of before, and the GPU can be used again', async () => {
  const before = kernels();
  for (let i = 0; i < 3; i++) {
    gpu = await useGpu();
    expect(multiplyOnes(5)[63]).toBe(5);
    await gpu.dispose();
    expect(kernels()).toBe(before);
  }
  expect(createKernel).toHaveBeenCalledTimes(6); // each time useGpu's own product and this one
});

test('100 sizes are all computed, with at most maxKernels kernels in gpu.js', async () => {
  gpu = await useGpu({ maxKernels: 16 });
  const { kernels: inGpuJs } = createKernel.mock.contexts.at(-1) as unknown as { kernels: unknown[] };
  for (const k of [...Array(100).keys(), ...Array(20).keys()]) {
    expect(multiplyOnes(k + 1)).toEqual(new Float32Array(64).fill(k + 1));
    expect(inGpuJs.length).toBeLessThanOrEqual(16);
  }
  expect(inGpuJs.length).toBe(16);
  await gpu.dispose();
  expect(inGpuJs).toEqual([]);
});

test('memory does not grow with calls, nor with shaders that come and go', async () => {
  gpu = await useGpu({ maxKernels: 8 });
  const use = () => {
    for (let round = 0; round < 8; round++) for (let k = 1; k <= 32; k++) multiplyOnes(k);
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const before = use();
  expect(use() - before).toBeLessThan(100); // MiB for 256 more shaders; 26 measured, 214 if none is destroyed
});
