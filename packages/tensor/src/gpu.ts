import { chooseMode, type GlContext, type Gpu, type GpuMode, loadGpuJs } from './kernels/gpu/gpu-js.js';
import { gpuMatmul } from './kernels/gpu/matmul.js';
import type { KernelSet } from './kernels/kernel-set.js';
import { kernels, useKernels } from './kernels/select.js';

export type { GpuMode } from './kernels/gpu/gpu-js.js';

const NAME = 'gpu';

export interface UseGpuOptions {
  /**
   * How many compiled products to keep, one for each form and size. Default 64. A training step that needs more
   * compiles some of them again every time, which is slow.
   */
  maxKernels?: number;
}

export interface GpuHandle {
  /** Which of gpu.js's modes runs the shaders. */
  readonly mode: GpuMode;
  /**
   * What WebGL says it draws with. A name such as SwiftShader or llvmpipe means GLSL run by the CPU; in Node it is
   * always ANGLE, which doesn't tell.
   */
  readonly renderer: string;
  /** Goes back to the kernel set in use before, at once, and frees the GPU. */
  dispose(): Promise<void>;
}

/**
 * Runs every float32 matrix product from here on through gpu.js, as GLSL. Everything else stays on the kernel
 * set in use: the other ops, float64, products with an empty axis and arrays of more than 2^24 numbers. gpu.js's modes that
 * run on the CPU are never used. Throws where gpu.js is not installed or where there is no WebGL, and then leaves the
 * kernel set as it was.
 */
export async function useGpu({ maxKernels = 64 }: UseGpuOptions = {}): Promise<GpuHandle> {
  if (!(maxKernels >= 1)) throw new Error(`useGpu: maxKernels is ${maxKernels}; keep one kernel at least`);
  const GpuJs = await loadGpuJs();
  const mode = chooseMode(GpuJs);
  if (kernels().name === NAME) {
    throw new Error('useGpu: the GPU is in use already; dispose() of that handle first');
  }
  const gpu = new GpuJs({ mode });
  try {
    const cpu = kernels();
    const matmul = gpuMatmul(gpu, maxKernels, cpu);
    checkThatItMultiplies(matmul);
    return install(gpu, mode, { ...cpu, name: NAME, matmul });
  } catch (error) {
    await gpu.destroy();
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

function install(gpu: Gpu, mode: GpuMode, onGpu: KernelSet): GpuHandle {
  const renderer = rendererOf(gpu.context!);
  const previous = useKernels(onGpu);
  let disposed: Promise<void> | undefined;
  return {
    mode,
    renderer,
    dispose() {
      if (kernels() === onGpu) useKernels(previous); // not what someone else has chosen since
      disposed ??= gpu.destroy();
      return disposed;
    },
  };
}

function rendererOf(gl: GlContext): string {
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}
