import { PlatformError } from '@paragrad/check';
import type { FloatArray } from '../../dtype.js';
import type { MatmulProduct } from '../kernel-set.js';
import { isLost } from './context.js';
import type { Gpu, GpuKernel } from './gpu-js.js';
import { LruCache } from './lru-cache.js';
import { matmulSource, nativeFunctions } from './matmul-source.js';

/** C = activation(op(A) op(B) + bias) in float32. Returns false, with C unchanged, if the WebGL context is lost. */
export type GpuMatmul = (product: MatmulProduct, a: FloatArray, b: FloatArray, c: FloatArray) => boolean;

/**
 * Matrix products on a GPU that has no kernels yet. Each form and size has its own shader, which takes much longer to
 * compile than to run. The `maxKernels` most recently used shaders are kept; the others are destroyed.
 */
export function gpuMatmul(gpu: Gpu, maxKernels: number): GpuMatmul {
  for (const { name, glsl, returnType } of nativeFunctions) gpu.addNativeFunction(name, glsl, { returnType });
  const compiled = new LruCache<string, GpuKernel>(maxKernels, (kernel) => kernel.destroy());

  function kernelFor(product: MatmulProduct): GpuKernel {
    const { form, m, k, n, bias, activation } = product;
    return compiled.get(`${form} ${m} ${k} ${n}${bias ? ' bias' : ''} ${activation ?? ''}`, () =>
      gpu.createKernel(matmulSource(product), {
        output: [m * n],
        precision: 'single',
        tactic: 'precision', // otherwise gpu.js declares small results as lowp, which is imprecise on phones
      }),
    );
  }

  /** The product, or null if the context is lost: then the numbers that it returned are meaningless. */
  function resultOf(product: MatmulProduct, inputs: Float32Array[]): Float32Array | null {
    try {
      const kernel = kernelFor(product);
      const result = kernel(...inputs);
      const { mode } = kernel.kernel.constructor;
      if (mode !== 'gpu') {
        throw new PlatformError(
          `useGpu: gpu.js ran a product on '${mode}' instead of the GPU; call dispose() to stop using it`,
        );
      }
      return gpu.context!.isContextLost() ? null : result;
    } catch (error) {
      if (gpu.context && isLost(gpu.context)) return null;
      throw error;
    }
  }

  return (product, a, b, c) => {
    const inputs = product.bias ? [a, b, product.bias] : [a, b];
    const result = resultOf(product, inputs as Float32Array[]);
    if (result) c.set(result);
    return result !== null;
  };
}
