/** How useGpu decides and what it refuses; on a fake gpu.js, so that it makes no difference whether there is WebGL here. */
import { afterEach, expect, test, vi } from 'vitest';
import type { GpuJs } from '../../src/kernels/gpu/gpu-js.js';
import { fakeGpuJs } from './fake-gpu.js';

afterEach(() => void vi.doUnmock('gpu.js'));

/** The package as if imported for the first time, beside this gpu.js; null is none. */
async function importWith(gpuJs: GpuJs | null) {
  vi.resetModules();
  vi.doMock('gpu.js', () => {
    if (!gpuJs) throw new Error("Cannot find package 'gpu.js'");
    return { GPU: gpuJs };
  });
  const [{ useGpu }, { explainKernelChoice, kernels, useKernels, reference }] = await Promise.all([
    import('../../src/gpu.js'),
    import('../../src/index.js'),
  ]);
  useKernels(reference); // what useGpu has to leave alone, or to go back to
  return { useGpu, explainKernelChoice, kernels, useKernels, reference };
}

test('without gpu.js, says what to install', async () => {
  const { useGpu, kernels, reference } = await importWith(null);
  await expect(useGpu()).rejects.toThrow('npm install gpu.js');
  expect(kernels()).toBe(reference);
});

test('without WebGL, says why and what to do, and creates no GPU', async () => {
  const { GPU, log } = fakeGpuJs({ glsl: [] });
  const { useGpu, kernels, reference } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow(
    /^useGpu: gpu\.js finds no WebGL here.*scripts\/build-gl\.mjs.*xvfb-run/,
  );
  expect(kernels()).toBe(reference);
  expect(log.modes).toEqual([]);
});

test('without WebGL, the real gpu.js says that there is a GPU, and useGpu does not believe it', async () => {
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
])('where $glsl run GLSL, asks for $mode by name', async ({ glsl, mode }) => {
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
])('where $what, gives up, frees the GPU and leaves the kernels alone', async ({ options, error }) => {
  const { GPU, log } = fakeGpuJs(options);
  const { useGpu, kernels, reference } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow(error);
  expect(log.destroyed).toBe(1);
  expect(kernels()).toBe(reference);
});

test('dispose restores the kernels of before and frees the GPU once', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, kernels, useKernels, reference } = await importWith(GPU);
  const mine = { ...reference, name: 'mine' };
  useKernels(mine);

  const gpu = await useGpu({ choice: 'always' });
  expect(kernels().name).toBe('gpu');
  await gpu.dispose();
  await gpu.dispose();
  expect(kernels()).toBe(mine);
  expect(log.destroyed).toBe(1);
});

test('dispose does not undo a later choice of kernels', async () => {
  const { useGpu, kernels, useKernels, reference } = await importWith(fakeGpuJs().GPU);
  const gpu = await useGpu();
  const later = { ...reference, name: 'later' };
  useKernels(later);
  await gpu.dispose();
  expect(kernels()).toBe(later);
});

test('a second useGpu is refused, and the first goes on', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, kernels } = await importWith(GPU);
  await useGpu({ choice: 'always' });
  await expect(useGpu()).rejects.toThrow('in use already');
  expect(kernels().name).toBe('gpu');
  expect(log.modes).toHaveLength(1);
});

test('what useGpu does not know is refused', async () => {
  const { useGpu } = await importWith(fakeGpuJs().GPU);
  await expect(useGpu({ maxKernels: 0 })).rejects.toThrow('maxKernels is 0');
  await expect(useGpu({ choice: 'never' as 'auto' })).rejects.toThrow(
    "choice 'never'; give 'auto' or 'always'",
  );
  await expect(useGpu({ onContextLost: 'gpu' as 'cpu' })).rejects.toThrow(
    "onContextLost 'gpu'; give 'throw' or 'cpu'",
  );
});

test('a GPU that could not be used can be tried again', async () => {
  const { GPU, log } = fakeGpuJs({ contextLost: true });
  const { useGpu, kernels } = await importWith(GPU);
  await expect(useGpu()).rejects.toThrow('context was lost');
  log.lost = false;
  await useGpu({ choice: 'always' });
  expect(kernels().name).toBe('gpu');
});

test('auto measures, once for a renderer and a kernel set, and says what it found', async () => {
  const { GPU, log } = fakeGpuJs();
  const { useGpu, explainKernelChoice, kernels } = await importWith(GPU);
  const gpu = await useGpu(); // the fake one has nothing to compute, so it is faster
  expect(kernels().name).toBe('auto');
  expect(gpu.software).toBe(false);
  expect(gpu.calibration.length).toBeGreaterThan(1);
  expect(explainKernelChoice(4096, 4096, 4096)).toMatchObject({
    kernels: 'gpu',
    why: expect.stringMatching(
      /^gpu: from \d+ x \d+ x \d+ on the GPU was measured faster \(gpu .* ms, reference .* ms/,
    ),
    measured: { gpuMs: expect.any(Number) },
  });
  expect(explainKernelChoice(1, 64, 64)).toMatchObject({
    kernels: 'reference',
    why: expect.stringMatching(/^reference: .* and this has fewer multiply-adds/),
  });

  await gpu.dispose();
  const created = log.created;
  expect((await useGpu()).calibration).toBe(gpu.calibration);
  expect(log.created).toBe(created + 1); // 2 x 3
});

test('auto leaves a software renderer alone, without measuring it', async () => {
  const { GPU, log } = fakeGpuJs({ renderer: 'llvmpipe (LLVM 15.0.6, 256 bits)' });
  const { useGpu, explainKernelChoice } = await importWith(GPU);
  expect(await useGpu()).toMatchObject({ software: true, calibration: [] });
  expect(log.created).toBe(1);
  const { kernels, why } = explainKernelChoice(4096, 4096, 4096);
  expect(kernels).toBe('reference');
  expect(why).toMatch(
    /^reference: the WebGL here is llvmpipe .*, which runs GLSL on the CPU; choice: 'always'/,
  );
});

test('always sends what a shader can compute to the GPU, on any renderer', async () => {
  const { GPU } = fakeGpuJs({ renderer: 'Google SwiftShader' });
  const { useGpu, explainKernelChoice } = await importWith(GPU);
  expect(await useGpu({ choice: 'always' })).toMatchObject({ software: true, calibration: [] });
  expect(explainKernelChoice(1, 1, 1)).toEqual({
    kernels: 'gpu',
    why: "gpu: useGpu was told choice: 'always'",
  });
  expect(explainKernelChoice(1, 0, 1).kernels).toBe('reference');
});
