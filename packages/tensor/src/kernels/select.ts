import type { KernelSet } from './kernel-set.js';
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
