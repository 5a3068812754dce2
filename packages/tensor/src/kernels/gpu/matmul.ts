import type { KernelSet } from '../kernel-set.js';
import type { Gpu, GpuKernel } from './gpu-js.js';
import { LruCache } from './lru-cache.js';
import { matmulSource, rowOf } from './matmul-source.js';

/**
 * Matrix products on a GPU that has no kernels yet. Each form and size is a shader of its own, which takes far longer
 * to compile than to run; the `maxKernels` most recently used are kept, the others destroyed.
 *
 * Products that a shader can't compute run on the kernel set `cpu`: float64, an empty axis, and arrays of more than
 * 2^24 numbers, which gpu.js indexes with floats.
 */
export function gpuMatmul(gpu: Gpu, maxKernels: number, cpu: KernelSet): KernelSet['matmul'] {
  gpu.addNativeFunction(rowOf.name, rowOf.glsl, { returnType: 'Integer' });
  const compiled = new LruCache<string, GpuKernel>(maxKernels, (kernel) => kernel.destroy());

  return (product, a, b, c) => {
    const { form, m, k, n, bias } = product;
    const fits = m * k * n > 0 && Math.max(a.length, b.length, c.length) <= 2 ** 24;
    if (c instanceof Float64Array || !fits) return cpu.matmul(product, a, b, c);

    const kernel = compiled.get(`${form} ${m} ${k} ${n}${bias ? ' bias' : ''}`, () =>
      gpu.createKernel(matmulSource(product), {
        output: [m * n],
        precision: 'single',
        tactic: 'precision', // or gpu.js declares small results lowp, which phones take at its word
      }),
    );
    const inputs = (bias ? [a, b, bias] : [a, b]) as Float32Array[];
    const result = kernel(...inputs);

    const { mode } = kernel.kernel.constructor;
    if (mode !== 'gpu') {
      throw new Error(`useGpu: gpu.js left the GPU and ran a product on '${mode}'; dispose() to go back`);
    }
    if (gpu.context?.isContextLost()) {
      throw new Error(
        'useGpu: the WebGL context was lost, and results with it; dispose() and call useGpu again',
      );
    }
    c.set(result);
  };
}
