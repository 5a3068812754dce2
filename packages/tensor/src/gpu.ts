import {
  checkOptions,
  integerFrom1,
  type OptionChecks,
  oneOf,
  PlatformError,
  StateError,
} from '@paragrad/check';
import { calibrate } from './kernels/gpu/calibration.js';
import { isLost, isSoftware, rendererOf } from './kernels/gpu/context.js';
import { chooseMode, type Gpu, type GpuMode, loadGpuJs } from './kernels/gpu/gpu-js.js';
import { contextLost, gpuKernels } from './kernels/gpu/gpu-kernels.js';
import { gpuMatmul } from './kernels/gpu/matmul.js';
import { alwaysGpu, neverOnSoftware, whereFaster } from './kernels/gpu/policy.js';
import type { KernelSet, MatmulTiming } from './kernels/kernel-set.js';
import { currentKernels, useKernels } from './kernels/select.js';

export type { GpuMode } from './kernels/gpu/gpu-js.js';

/** Options of `useGpu`. */
export interface UseGpuOptions {
  /**
   * Which matrix products run on the GPU. `auto`, the default: products of at least the size from which the GPU was
   * measured faster than the current kernel set; none if the renderer is software. `always`: every product that a
   * shader can compute.
   */
  choice?: 'auto' | 'always';
  /**
   * What happens when a product finds that the WebGL context is lost. `throw`, the default: this product throws, and so
   * do all later ones. `cpu`: this product and all later ones run on the previous kernel set.
   */
  onContextLost?: 'throw' | 'cpu';
  /**
   * How many compiled products to keep; there is one for each form and size. Default 64. A training step that needs
   * more of them compiles some again at every step, which is slow.
   */
  maxKernels?: number;
}

const gpuOptions: OptionChecks<UseGpuOptions> = {
  choice: oneOf('auto', 'always'),
  onContextLost: oneOf('throw', 'cpu'),
  maxKernels: integerFrom1,
};

/** What `useGpu` returns: what it measured, and a way back. */
export interface GpuHandle {
  /** The mode of gpu.js that runs the shaders. */
  readonly mode: GpuMode;
  /** The name of the renderer, as WebGL reports it. */
  readonly renderer: string;
  /** Whether the renderer is a program that runs GLSL on the CPU, such as SwiftShader or llvmpipe. */
  readonly software: boolean;
  /** The measurements that `auto` decides by, from the smallest product to the largest; empty if nothing was measured. */
  readonly calibration: readonly MatmulTiming[];
  /** Switches back to the previous kernel set at once, and frees the GPU. */
  dispose(): Promise<void>;
}

let inUse = false;

/**
 * From now on runs float32 matrix products on the GPU: as GLSL, through gpu.js. `choice` decides which products;
 * `explainKernelChoice(m, k, n)` says where a product runs, and why. Everything else stays on the current kernel set:
 * the other ops, float64, products with an empty axis, and products with an array of more than 2^24 numbers. The modes
 * of gpu.js that run on the CPU are never used.
 *
 * With `auto`, the first call measures for up to a second; later calls reuse the result. It compares the GPU with the
 * current kernels, so call `useThreads` first.
 *
 * @throws PlatformError if gpu.js is not installed or if there is no WebGL, and then changes nothing.
 * @throws StateError if the GPU is in use already.
 */
export async function useGpu(options: UseGpuOptions = {}): Promise<GpuHandle> {
  checkOptions('useGpu', options, gpuOptions);
  const { choice = 'auto', onContextLost = 'throw', maxKernels = 64 } = options;

  const GpuJs = await loadGpuJs();
  const mode = chooseMode(GpuJs);
  if (inUse) throw new StateError('useGpu: the GPU is already in use; call dispose() on its handle first');
  const gpu = new GpuJs({ mode });
  inUse = true;
  try {
    const cpu = currentKernels();
    const multiply = gpuMatmul(gpu, maxKernels);
    const matmul: KernelSet['matmul'] = (...product) => {
      if (!multiply(...product)) throw contextLost();
    };
    checkProduct(matmul);

    const renderer = rendererOf(gpu.context!, mode);
    const software = isSoftware(renderer);
    const name = choice === 'always' ? 'gpu' : 'auto';
    const calibration = name === 'auto' && !software ? measureOnce(renderer, matmul, cpu) : [];
    const policy =
      choice === 'always'
        ? alwaysGpu
        : software
          ? neverOnSoftware(renderer)
          : whereFaster(calibration, cpu.name);
    const dispose = install(gpu, gpuKernels({ name, multiply, cpu, policy, onContextLost }));
    return { mode, renderer, software, calibration, dispose };
  } catch (error) {
    await free(gpu);
    throw error;
  }
}

/** Computes one product, so that a broken GPU fails here and not in the middle of training. */
function checkProduct(matmul: KernelSet['matmul']): void {
  const c = new Float32Array(1);
  matmul({ form: 'nn', m: 1, k: 1, n: 1 }, new Float32Array([2]), new Float32Array([3]), c);
  if (c[0] !== 6)
    throw new PlatformError(`useGpu: this GPU computed 2 x 3 = ${c[0]}; update its driver, or do not use it`);
}

const calibrations = new Map<string, readonly MatmulTiming[]>();

/** Measures the GPU against the CPU, once for each renderer, kernel set and number of threads. */
function measureOnce(renderer: string, matmul: KernelSet['matmul'], cpu: KernelSet): readonly MatmulTiming[] {
  const key = `${renderer}, ${cpu.name} in ${cpu.threads ?? 1} threads`;
  const timings = calibrations.get(key) ?? calibrate(matmul, cpu.matmul);
  calibrations.set(key, timings);
  return timings;
}

function install(gpu: Gpu, onGpu: KernelSet): GpuHandle['dispose'] {
  const previous = useKernels(onGpu);
  let disposed: Promise<void> | undefined;
  return () => {
    if (currentKernels() === onGpu) useKernels(previous); // unless someone has chosen other kernels since
    disposed ??= free(gpu);
    return disposed;
  };
}

async function free(gpu: Gpu): Promise<void> {
  inUse = false;
  try {
    await gpu.destroy();
  } catch (error) {
    if (!isLost(gpu.context!)) throw error; // after a lost context there is nothing to free
  }
}
