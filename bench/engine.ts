import {
  currentKernels,
  type KernelSet,
  referenceKernels,
  simdKernels,
  useKernels,
  useThreads,
} from '@paragrad/tensor';

/** The kernels to use. With 'default' the engine chooses them itself. */
export type KernelsName = 'reference' | 'simd' | 'relaxed-simd' | 'default';
export type Threads = 'one' | 'all';

/** What the engine runs on. */
export interface Engine {
  readonly kernels: string;
  readonly threads: number;
}

/** Sets the engine up. Returns undefined if this Node or this machine does not have these kernels or threads. */
export async function useEngine(name: KernelsName, threads: Threads): Promise<Engine | undefined> {
  const kernelSet = named(name);
  if (!kernelSet) return undefined;
  useKernels(kernelSet);
  const count = threads === 'one' ? await useThreads(1) : await useThreads();
  return threads === 'all' && count === 1 ? undefined : { kernels: kernelSet.name, threads: count };
}

function named(name: KernelsName): KernelSet | null {
  if (name === 'default') return currentKernels();
  if (name === 'reference') return referenceKernels;
  return simdKernels({ relaxed: name === 'relaxed-simd' });
}
