/** How useGpu decides, and what it rejects. Runs on a fake gpu.js, so it needs no WebGL. */
import { afterEach, expect, test, vi } from 'vitest';
import type { GpuJs } from '../../src/kernels/gpu/gpu-js.js';
import { fakeGpuJs } from './fake-gpu.js';

afterEach(() => void vi.doUnmock('gpu.js'));

/** Imports the package as if for the first time, with this gpu.js; null means that gpu.js is not installed. */
async function importWith(gpuJs: GpuJs | null) {
  vi.resetModules();
  vi.doMock('gpu.js', () => {
    if (!gpuJs) throw new Error("Cannot find package 'gpu.js'");
    return { GPU: gpuJs };
  });
  const [{ useGpu }, { explainKernelChoice, currentKernels, useKernels, referenceKernels }] =
    await Promise.all([import('../../src/gpu.js'), import('../../src/index.js')]);
  useKernels(referenceKernels); // the kernels that useGpu must keep on failure, and restore on dispose
  return { useGpu, explainKernelChoice, currentKernels, useKernels, referenceKernels };
}

test('without gpu.js, says what to install', async () => {
  const { useGpu, currentKernels, referenceKernels } = await importWith(null);
  await expect(useGpu()).rejects.toThrow('npm install gpu.js');
  expect(currentKernels()).toBe(referenceKernels);
});

test('without WebGL, says why and what to do, and creates no GPU', async () => {
  const { GPU, log } = fakeGpuJs({ glsl: [] });
  const { useGpu, currentKernels, referenceKernels } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow(
    /^useGpu: gpu\.js finds no WebGL here.*scripts\/build-gl\.mjs.*xvfb-run/,
  );
  expect(currentKernels()).toBe(referenceKernels);
  expect(log.modes).toEqual([]);
});

test('without WebGL, useGpu throws although the real gpu.js claims to support a GPU', async () => {
  vi.resetModules();
  const { GPU } = await import('gpu.js');
  const { useGpu } = await import('../../src/gpu.js');
  for (const probe of ['isHeadlessGLSupported', 'isWebGL2Supported', 'isWebGLSupported'] as const) {
    vi.spyOn(GPU, probe, 'get').mockReturnValue(false);
  }
  expect(GPU.isGPUSupported).toBe(true);
  await expect(useGpu()).rejects.toThrow('useGpu: gpu.js finds no WebGL here');
  vi.restoreAllMocks();
});

test.for([
  { glsl: ['headlessgl', 'webgl2', 'webgl'] as const, mode: 'headlessgl' },
  { glsl: ['webgl2', 'webgl'] as const, mode: 'webgl2' },
  { glsl: ['webgl'] as const, mode: 'webgl' },
])('if $glsl run GLSL, requests $mode by name', async ({ glsl, mode }) => {
  const { GPU, log } = fakeGpuJs({ glsl });
  const { useGpu } = await importWith(GPU);
  expect(await useGpu()).toMatchObject({ mode, renderer: 'paper and pencil' });
  expect(log.modes).toEqual([mode]);
});

test.for([
  { what: 'WebAssembly ran', options: { ranOn: 'webasm' }, error: "ran a product on 'webasm'" },
  { what: 'the CPU ran', options: { ranOn: 'cpu' }, error: "ran a product on 'cpu'" },
  { what: 'the context is lost', options: { contextLost: true }, error: 'context was lost' },
  { what: '2 x 3 is not 6', options: { answer: 0 }, error: '2 x 3 = 0' },
])('if $what, throws, frees the GPU and keeps the kernels', async ({ options, error }) => {
  const { GPU, log } = fakeGpuJs(options);
  const { useGpu, currentKernels, referenceKernels } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow(error);
  expect(log.destroyed).toBe(1);
  expect(currentKernels()).toBe(referenceKernels);
});

test('dispose restores the previous kernels and frees the GPU once', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, currentKernels, useKernels, referenceKernels } = await importWith(GPU);
  const mine = { ...referenceKernels, name: 'mine' };
  useKernels(mine);

  const gpu = await useGpu({ choice: 'always' });
  expect(currentKernels().name).toBe('gpu');
  await gpu.dispose();
  await gpu.dispose();
  expect(currentKernels()).toBe(mine);
  expect(log.destroyed).toBe(1);
});

test('dispose does not undo a later choice of kernels', async () => {
  const { useGpu, currentKernels, useKernels, referenceKernels } = await importWith(fakeGpuJs().GPU);
  const gpu = await useGpu();
  const later = { ...referenceKernels, name: 'later' };
  useKernels(later);
  await gpu.dispose();
  expect(currentKernels()).toBe(later);
});

test('a second useGpu is rejected, and the first stays in use', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, currentKernels } = await importWith(GPU);
  await useGpu({ choice: 'always' });
  await expect(useGpu()).rejects.toThrow('already in use');
  expect(currentKernels().name).toBe('gpu');
  expect(log.modes).toHaveLength(1);
});

test('invalid options are rejected', async () => {
  const { useGpu } = await importWith(fakeGpuJs().GPU);
  await expect(useGpu({ maxKernels: 0 })).rejects.toThrow(
    'useGpu: maxKernels is 0; give an integer of at least 1',
  );
  await expect(useGpu({ choice: 'never' as 'auto' })).rejects.toThrow(
    'choice is "never"; give one of auto, always',
  );
  await expect(useGpu({ onContextLost: 'gpu' as 'cpu' })).rejects.toThrow(
    'onContextLost is "gpu" (did you mean cpu?); give one of throw, cpu',
  );
});

test('after a failure, useGpu can be called again', async () => {
  const { GPU, log } = fakeGpuJs({ contextLost: true });
  const { useGpu, currentKernels } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow('context was lost');
  log.lost = false;
  await useGpu({ choice: 'always' });
  expect(currentKernels().name).toBe('gpu');
});

test('auto measures once for each renderer and kernel set, and explains its choice', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, explainKernelChoice, currentKernels } = await importWith(GPU);
  const gpu = await useGpu(); // the fake GPU computes nothing, so it is faster
  expect(currentKernels().name).toBe('auto');
  expect(gpu.software).toBe(false);
  expect(gpu.calibration.length).toBeGreaterThan(1);
  expect(explainKernelChoice(4096, 4096, 4096)).toMatchObject({
    kernels: 'gpu',
    why: expect.stringMatching(
      /^gpu: the GPU was measured faster from \d+ x \d+ x \d+ on \(gpu .* ms, reference .* ms/,
    ),
    measured: { gpuMs: expect.any(Number) },
  });
  expect(explainKernelChoice(1, 64, 64)).toMatchObject({
    kernels: 'reference',
    why: expect.stringMatching(/^reference: .* but this product has fewer multiply-adds/),
  });

  await gpu.dispose();
  const created = log.created;
  expect((await useGpu()).calibration).toBe(gpu.calibration);
  expect(log.created).toBe(created + 1); // 2 x 3
});

test('auto never uses a software renderer, and does not measure it', async () => {
  const { GPU, log } = fakeGpuJs({ renderer: 'llvmpipe (LLVM 15.0.6, 256 bits)' });
  const { useGpu, explainKernelChoice } = await importWith(GPU);
  expect(await useGpu()).toMatchObject({ software: true, calibration: [] });
  expect(log.created).toBe(1);
  const { kernels, why } = explainKernelChoice(4096, 4096, 4096);
  expect(kernels).toBe('reference');
  expect(why).toMatch(
    /^reference: the WebGL renderer here is llvmpipe .*, which runs GLSL on the CPU; choice: 'always'/,
  );
});

test("choice: 'always' runs every product that a shader can compute on the GPU, with any renderer", async () => {
  const { GPU } = fakeGpuJs({ renderer: 'Google SwiftShader' });
  const { useGpu, explainKernelChoice } = await importWith(GPU);
  expect(await useGpu({ choice: 'always' })).toMatchObject({ software: true, calibration: [] });
  expect(explainKernelChoice(1, 1, 1)).toEqual({
    kernels: 'gpu',
    why: "gpu: useGpu got choice: 'always'",
  });
  expect(explainKernelChoice(1, 0, 1).kernels).toBe('reference');
});
