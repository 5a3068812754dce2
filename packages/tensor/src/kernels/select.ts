import type { KernelSet } from './kernel-set.js';
import { reference } from './reference.js';

let current: KernelSet = reference;

/** The kernel set that ops run on now. */
export function kernels(): KernelSet {
  return current;
}

/** Makes every op that follows run on `kernelSet`; returns the one in use before. */
export function useKernels(kernelSet: KernelSet): KernelSet {
  const previous = current;
  current = kernelSet;
  return previous;
}
