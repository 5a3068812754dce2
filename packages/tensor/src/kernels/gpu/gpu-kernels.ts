import type { KernelChoice, KernelSet } from '../kernel-set.js';
import type { GpuMatmul } from './matmul.js';
import type { Policy } from './policy.js';

export interface GpuKernelsOptions {
  /** Of the set: 'gpu', or 'auto' where it is the GPU's in part. */
  readonly name: string;
  readonly multiply: GpuMatmul;
  readonly cpu: KernelSet;
  readonly policy: Policy;
  readonly onContextLost: 'throw' | 'cpu';
}

/** 2^24: the integers up to there are floats, which is what gpu.js indexes with. */
const MOST_NUMBERS = 2 ** 24;

/** `cpu` with the float32 products that the policy chooses, and that a shader can compute, on the GPU. */
export function gpuKernels({ name, multiply, cpu, policy, onContextLost }: GpuKernelsOptions): KernelSet {
  let lost = false;

  /** Asked for each product, so that the explanation is what happens. */
  const decide: Policy = (m, k, n) => {
    const onCpu = (why: string) => ({ onGpu: false, why });
    if (lost) return onCpu("the WebGL context was lost, and useGpu was told onContextLost: 'cpu'");
    if (m * k * n === 0) return onCpu('an axis is empty, and shaders have none of length 0');
    if (Math.max(m * k, k * n, m * n) > MOST_NUMBERS) {
      return onCpu('an array has more than 2^24 numbers, and gpu.js indexes with float32');
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
      if (multiply(product, a, b, c)) return;
      if (onContextLost === 'throw') throw contextLost();
      lost = true;
      cpu.matmul(product, a, b, c);
    },
  };
}

export function contextLost(): Error {
  return new Error(
    'useGpu: the WebGL context was lost, and results with it (the GPU was reset, or too many contexts are alive); ' +
      "dispose() and call useGpu again, or give onContextLost: 'cpu' to carry on without the GPU",
  );
}
