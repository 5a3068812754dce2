import { type Check, checkArgument, integerFrom0 } from '@paragrad/check';
import type { KernelChoice, KernelSet } from './kernel-set.js';
import { referenceKernels } from './reference.js';
import { simdKernels } from './simd/simd.js';

let current: KernelSet | undefined;

/** The kernel set that ops run on now. On first use it is the fastest CPU set here; `useKernels` sets another. */
export function currentKernels(): KernelSet {
  current ??= simdKernels() ?? referenceKernels;
  return current;
}

/** From now on runs every op on `kernelSet`. Returns the previous kernel set. */
export function useKernels(kernelSet: KernelSet): KernelSet {
  checkArgument('useKernels', 'kernelSet', kernelSet, aKernelSet);
  const previous = currentKernels();
  current = kernelSet;
  return previous;
}

const aKernelSet: Check<KernelSet> = {
  inWords:
    'a kernel set, such as referenceKernels or what simdKernels() returns (which is null where there is no SIMD)',
  accepts: (value): value is KernelSet =>
    Object.entries(referenceKernels).every(
      ([name, kernel]) =>
        typeof (value as Record<string, unknown> | null | undefined)?.[name] === typeof kernel,
    ),
};

/**
 * Which kernel set a float32 product of [m, k] and [k, n] runs on now, how many threads share it, and why. (Float64 products always run on the
 * reference kernels.)
 */
export function explainKernelChoice(m: number, k: number, n: number): KernelChoice {
  checkArgument('explainKernelChoice', 'm', m, integerFrom0);
  checkArgument('explainKernelChoice', 'k', k, integerFrom0);
  checkArgument('explainKernelChoice', 'n', n, integerFrom0);
  const set = currentKernels();
  const choice = set.explain?.(m, k, n) ?? { kernels: set.name, why: `${set.name}: ${whyInUse(set)}` };
  const isOnThreads = (set.threads ?? 1) > 1 && SHARING.includes(choice.kernels);
  if (!isOnThreads || !set.threadsOf) return choice;
  const { threads, why } = set.threadsOf(m, k, n);
  return { ...choice, threads, why: `${choice.why}; ${why}` };
}

/** The sets whose products threads can share. */
const SHARING = ['simd', 'relaxed-simd'];

function whyInUse(set: KernelSet): string {
  const simd = simdKernels();
  if (set === simd) {
    const runs = simdKernels({ relaxed: true })
      ? 'WebAssembly SIMD runs here'
      : 'WebAssembly SIMD runs here, but relaxed SIMD does not';
    return `${runs}; useKernels chose no other set`;
  }
  if (set === referenceKernels && !simd) {
    return (
      'WebAssembly SIMD is missing or forbidden here, so plain loops run; ' +
      "a Content Security Policy must allow 'wasm-unsafe-eval'"
    );
  }
  return 'useKernels chose this set';
}
