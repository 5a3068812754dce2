import { PlatformError } from '@paragrad/check';
import type { FloatArray } from '../../dtype.js';
import type { KernelChoice, KernelSet, MatmulProduct } from '../kernel-set.js';
import { referenceKernels } from '../reference.js';
import type { GpuMatmul } from './matmul.js';
import type { Policy } from './policy.js';

export interface GpuKernelsOptions {
  /** The name of the set: 'gpu', or 'auto' if the policy decides for each product. */
  readonly name: string;
  readonly multiply: GpuMatmul;
  readonly cpu: KernelSet;
  readonly policy: Policy;
  readonly onContextLost: 'throw' | 'cpu';
}

/** gpu.js uses float32 as indices, and float32 represents integers exactly only up to 2^24. */
const LONGEST_ARRAY = 2 ** 24;

/**
 * The kernel set `cpu`, but with some float32 products on the GPU: those that the policy chooses and that a shader can
 * compute.
 */
export function gpuKernels({ name, multiply, cpu, policy, onContextLost }: GpuKernelsOptions): KernelSet {
  let lost = false;

  /** Both `explain` and `matmul` use this decision, so the explanation is always true. */
  const decide: Policy = (m, k, n) => {
    const onCpu = (why: string) => ({ onGpu: false, why });
    if (lost) return onCpu("the WebGL context was lost, and useGpu got onContextLost: 'cpu'");
    if (m * k * n === 0) return onCpu('an axis is empty, and shaders cannot have empty arrays');
    if (Math.max(m * k, k * n, m * n) > LONGEST_ARRAY) {
      return onCpu('an array has more than 2^24 numbers, and gpu.js uses float32 as indices');
    }
    return policy(m, k, n);
  };

  return {
    ...cpu,
    name,
    get threads() {
      return cpu.threads ?? 1;
    },

    explain(m, k, n): KernelChoice {
      const { onGpu, why, measured } = decide(m, k, n);
      const kernels = onGpu ? 'gpu' : (cpu.explain?.(m, k, n)?.kernels ?? cpu.name);
      return { kernels, why: `${kernels}: ${why}`, ...(measured && { measured }) };
    },

    matmul(product, a, b, c) {
      const { m, k, n } = product;
      if (c instanceof Float64Array || !decide(m, k, n).onGpu) return cpu.matmul(product, a, b, c);
      const { columns, ...whole } = product;
      if (columns ? multiply(whole, a, onlyColumns(product, b), c) : multiply(product, a, b, c)) return;
      if (onContextLost === 'throw') throw contextLost();
      lost = true;
      cpu.matmul(product, a, b, c);
    },
  };
}

/** The columns of B that the product needs. The shaders read whole matrices, and B is copied to the GPU anyway. */
function onlyColumns({ form, k, n, columns }: MatmulProduct, b: FloatArray): FloatArray {
  const { start, total } = columns!;
  const shape = form === 'nt' ? [n, k] : [k, n];
  const copy = new Float32Array(k * n);
  referenceKernels.readView(b, { shape, strides: [total, 1], offset: start }, copy);
  return copy;
}

export function contextLost(): Error {
  return new PlatformError(
    'useGpu: the WebGL context was lost, and the result of this product with it (the GPU was reset, or there are too ' +
      "many contexts); call dispose() and useGpu again, or give onContextLost: 'cpu' to continue without the GPU",
  );
}
