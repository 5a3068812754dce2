import { ArgumentError, checkArgument, object, oneOf } from '@paragrad/check';
import { currentKernels, referenceKernels, simdKernels, useKernels } from '@paragrad/tensor';

/** The sets of kernels that a run can ask for. */
export const kernelNames = ['auto', 'relaxed-simd', 'simd', 'reference'] as const;

/** A name in `kernelNames`. */
export type KernelName = (typeof kernelNames)[number];
/** A configuration that names its kernel set, as `RunConfig` does. */
export type Kernels = {
  /** The set to compute on. `auto` is the one in use, the fastest here unless `useKernels` chose another. */
  readonly kernels: KernelName;
};

/**
 * Computes on the kernel set of this configuration from now on. Returns its name; `auto` is the set in use.
 *
 * @throws ArgumentError if it does not run here.
 */
export function useRunKernels(config: Kernels): KernelName {
  checkArgument('useRunKernels', 'config', config, object);
  const { kernels } = config;
  checkArgument('useRunKernels', 'kernels', kernels, oneOf(...kernelNames));
  if (kernels === 'auto') return currentKernels().name as KernelName;
  const set =
    kernels === 'reference' ? referenceKernels : simdKernels({ relaxed: kernels === 'relaxed-simd' });
  if (set?.name !== kernels) {
    throw new ArgumentError(
      `kernels: ${kernels} does not run on this version of Node or in this browser; give simd or reference ` +
        '(--kernels simd). Then the numbers differ in their last bits',
    );
  }
  useKernels(set);
  return kernels;
}

/** Throws if the configuration asks for another kernel set than the one in use: the numbers would differ in their last bits. */
export function checkRunKernels({ kernels }: Kernels): void {
  const { name } = currentKernels();
  if (kernels === 'auto' || kernels === name) return;
  throw new ArgumentError(
    `kernels: this run asks for ${kernels}, but ${name} is in use; call useRunKernels(config) first, or set kernels: 'auto'`,
  );
}
