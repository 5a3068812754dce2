import { calibrate } from './kernels/gpu/calibration.js';
import { isLost, isSoftware, rendererOf } from './kernels/gpu/context.js';
import { chooseMode, type Gpu, type GpuMode, loadGpuJs } from './kernels/gpu/gpu-js.js';
import { contextLost, gpuKernels } from './kernels/gpu/gpu-kernels.js';
import { gpuMatmul } from './kernels/gpu/matmul.js';
import { always, asMeasured, neverOn } from './kernels/gpu/policy.js';
import type { KernelSet, Timing } from './kernels/kernel-set.js';
import { kernels, useKernels } from './kernels/select.js';

export type { GpuMode } from './kernels/gpu/gpu-js.js';

export interface UseGpuOptions {
  /**
   * Which products go to the GPU. `auto`, the default: those from the size on at which it was measured faster here than
   * the kernel set in use; none where the renderer is software. `always`: all that a shader can compute.
   */
  choice?: 'auto' | 'always';
  /**
   * What a product does that finds the WebGL context lost. `throw`, the default: an error, from this product on. `cpu`:
   * it is computed by the kernel set in use before, and so is all that follows.
   */
  onContextLost?: 'throw' | 'cpu';
  /**
   * How many compiled products to keep, one for each form and size. Default 64. A training step that needs more
   * compiles some of them again every time, which is slow.
   */
  maxKernels?: number;
}

export interface GpuHandle {
  /** Which of gpu.js's modes runs the shaders. */
  readonly mode: GpuMode;
  /** What WebGL says it draws with. */
  readonly renderer: string;
  /** Whether that is a program that runs GLSL on the CPU, such as SwiftShader or llvmpipe. */
  readonly software: boolean;
  /** What `auto` decides by, from the smallest product to the largest; empty where it had nothing to measure. */
  readonly calibration: readonly Timing[];
  /** Goes back to the kernel set in use before, at once, and frees the GPU. */
  dispose(): Promise<void>;
}

let inUse = false;

/**
 * Runs float32 matrix products from here on through gpu.js, as GLSL: those that `choice` sends there.
 * `explainKernelChoice(m, k, n)` says which and why. Everything else stays on the kernel set in use: the other ops,
 * float64, products with an empty axis and arrays of more than 2^24 numbers. gpu.js's modes that run on the CPU are
 * never used. Throws where gpu.js is not installed or where there is no WebGL, and then leaves the kernel set as it was.
 *
 * With `auto`, the first call measures for up to a second; what it found is kept for later calls. It compares with the CPU
 * as it is then, so call `useThreads` before.
 */
export async function useGpu(options: UseGpuOptions = {}): Promise<GpuHandle> {
  const { choice = 'auto', onContextLost = 'throw', maxKernels = 64 } = options;
  if (choice !== 'auto' && choice !== 'always')
    throw new Error(`useGpu: choice '${choice}'; give 'auto' or 'always'`);
  if (onContextLost !== 'throw' && onContextLost !== 'cpu')
    throw new Error(`useGpu: onContextLost '${onContextLost}'; give 'throw' or 'cpu'`);
  if (!(maxKernels >= 1)) throw new Error(`useGpu: maxKernels is ${maxKernels}; keep one kernel at least`);

  const GpuJs = await loadGpuJs();
  const mode = chooseMode(GpuJs);
  if (inUse) throw new Error('useGpu: the GPU is in use already; dispose() of that handle first');
  const gpu = new GpuJs({ mode });
  inUse = true;
  try {
    const cpu = kernels();
    const multiply = gpuMatmul(gpu, maxKernels);
    const matmul: KernelSet['matmul'] = (...product) => {
      if (!multiply(...product)) throw contextLost();
    };
    checkThatItMultiplies(matmul);

    const renderer = rendererOf(gpu.context!, mode);
    const software = isSoftware(renderer);
    const name = choice === 'always' ? 'gpu' : 'auto';
    const calibration = name === 'auto' && !software ? measured(renderer, matmul, cpu) : [];
    const policy = name === 'gpu' ? always : software ? neverOn(renderer) : asMeasured(calibration, cpu.name);
    const dispose = install(gpu, gpuKernels({ name, multiply, cpu, policy, onContextLost }));
    return { mode, renderer, software, calibration, dispose };
  } catch (error) {
    await free(gpu);
    throw error;
  }
}

/** One product, so that a GPU that can't be used says so here and not in the midst of training. */
function checkThatItMultiplies(matmul: KernelSet['matmul']): void {
  const c = new Float32Array(1);
  matmul({ form: 'nn', m: 1, k: 1, n: 1 }, new Float32Array([2]), new Float32Array([3]), c);
  if (c[0] !== 6)
    throw new Error(`useGpu: this GPU says that 2 x 3 = ${c[0]}; update its driver, or do without it`);
}

const calibrations = new Map<string, readonly Timing[]>();

function measured(renderer: string, matmul: KernelSet['matmul'], cpu: KernelSet): readonly Timing[] {
  const key = `${renderer}, ${cpu.name} in ${cpu.threads ?? 1} threads`;
  const timings = calibrations.get(key) ?? calibrate(matmul, cpu.matmul);
  calibrations.set(key, timings);
  return timings;
}

function install(gpu: Gpu, onGpu: KernelSet): GpuHandle['dispose'] {
  const previous = useKernels(onGpu);
  let disposed: Promise<void> | undefined;
  return () => {
    if (kernels() === onGpu) useKernels(previous); // not what someone else has chosen since
    disposed ??= free(gpu);
    return disposed;
  };
}

async function free(gpu: Gpu): Promise<void> {
  inUse = false;
  try {
    await gpu.destroy();
  } catch (error) {
    if (!isLost(gpu.context!)) throw error; // or there is nothing left to free
  }
}
