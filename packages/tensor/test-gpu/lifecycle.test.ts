/** Creates and destroys compiled kernels and contexts, with real WebGL: `npm run test:gpu`. */
import { GPU } from 'gpu.js';
import { afterEach, expect, test, vi } from 'vitest';
import { type GpuHandle, useGpu } from '../src/gpu.js';
import { currentKernels, explainKernelChoice } from '../src/index.js';
import { calibrate } from '../src/kernels/gpu/calibration.js';
import { multiplyOnes } from './products.js';

const createKernel = vi.spyOn(GPU.prototype, 'createKernel');
let gpu: GpuHandle | undefined;

afterEach(() => gpu?.dispose());

test('dispose restores the previous kernels, and the GPU can be used again', async () => {
  const before = currentKernels();
  for (let i = 0; i < 3; i++) {
    gpu = await useGpu({ choice: 'always' });
    expect(multiplyOnes(5)).toBe(5);
    await gpu.dispose();
    expect(currentKernels()).toBe(before);
  }
  expect(createKernel).toHaveBeenCalledTimes(6); // each time for the product that useGpu computes, and for this one
});

test('100 sizes are all computed, with at most maxKernels kernels in gpu.js', async () => {
  gpu = await useGpu({ choice: 'always', maxKernels: 16 });
  const { kernels: inGpuJs } = createKernel.mock.contexts.at(-1) as unknown as { kernels: unknown[] };
  for (const k of [...Array(100).keys(), ...Array(20).keys()]) {
    expect(multiplyOnes(k + 1)).toBe(k + 1);
    expect(inGpuJs.length).toBeLessThanOrEqual(16);
  }
  expect(inGpuJs.length).toBe(16);
  await gpu.dispose();
  expect(inGpuJs).toEqual([]);
});

/** Destroys the context, by an extension of headless-gl. From then on every call on the context throws. */
function loseContext(): void {
  const { context } = createKernel.mock.contexts.at(-1) as unknown as {
    context: { getExtension(name: string): { destroy(): void } };
  };
  context.getExtension('STACKGL_destroy_context').destroy();
}

test('a lost context is an error; after dispose the CPU takes over, and the GPU can be used again', async () => {
  const before = currentKernels();
  gpu = await useGpu({ choice: 'always' });
  multiplyOnes(5);
  loseContext();
  expect(() => multiplyOnes(5)).toThrow('the WebGL context was lost');
  expect(() => multiplyOnes(6)).toThrow('the WebGL context was lost'); // this size is not compiled yet
  await gpu.dispose();
  expect(currentKernels()).toBe(before);
  expect(multiplyOnes(5)).toBe(5);
  gpu = await useGpu({ choice: 'always' });
  expect(multiplyOnes(5)).toBe(5);
});

test("with onContextLost: 'cpu', the CPU takes over after a lost context", async () => {
  gpu = await useGpu({ choice: 'always', onContextLost: 'cpu' });
  loseContext();
  expect(multiplyOnes(5)).toBe(5);
  expect(explainKernelChoice(8, 5, 8).why).toMatch(/^(relaxed-)?simd: the WebGL context was lost/);
});

test('the renderer of a virtual display is recognized as software, and auto does not use it', async () => {
  gpu = await useGpu();
  expect(gpu).toMatchObject({
    software: true,
    renderer: expect.stringContaining('llvmpipe'),
    calibration: [],
  });
  expect(explainKernelChoice(1024, 1024, 1024).why).toMatch(
    /^(relaxed-)?simd: the WebGL renderer here is .*llvmpipe/,
  );
  const compiled = createKernel.mock.calls.length;
  multiplyOnes(7);
  expect(createKernel.mock.calls.length).toBe(compiled);
});

test('a calibration takes less than a second', async () => {
  const cpu = currentKernels();
  gpu = await useGpu({ choice: 'always' });
  const start = performance.now();
  const timings = calibrate(currentKernels().matmul, cpu.matmul);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(timings.length).toBeGreaterThan(2);
  for (const { gpuMs, cpuMs } of timings) expect(Math.min(gpuMs, cpuMs)).toBeGreaterThan(0);
});
