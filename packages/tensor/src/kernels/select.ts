import type { KernelChoice, KernelSet } from './kernel-set.js';
import { reference } from './reference.js';
import { simdKernels } from './simd/simd.js';

let current: KernelSet | undefined;

/** The kernel set that ops run on now: the fastest there is here, chosen on first use, if no other was asked for. */
export function kernels(): KernelSet {
  current ??= simdKernels() ?? reference;
  return current;
}

/** Makes every op that follows run on `kernelSet`; returns the one in use before. */
export function useKernels(kernelSet: KernelSet): KernelSet {
  const previous = kernels();
  current = kernelSet;
  return previous;
}

/**
 * Which kernel set a float32 product of [m, k] and [k, n] runs on now, and why. (Float64 is never the GPU's, nor
 * WebAssembly's.)
 */
export function explainKernelChoice(m: number, k: number, n: number): KernelChoice {
  const set = kernels();
  return set.explain?.(m, k, n) ?? { kernels: set.name, why: `${set.name}: ${whyInUse(set)}` };
}

function whyInUse(set: KernelSet): string {
  const simd = simdKernels();
  if (set === simd) return 'WebAssembly SIMD runs here, and no other kernels were asked for';
  if (set === reference && !simd) {
    return (
      'WebAssembly SIMD is missing or forbidden here, so plain loops run; ' +
      "a Content Security Policy must allow 'wasm-unsafe-eval'"
    );
  }
  return 'useKernels was told to use this set';
}
