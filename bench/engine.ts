import { currentKernels, referenceKernels, useKernels, useThreads } from '@paragrad/tensor';

/** The kernels to use. With 'default' the engine chooses them itself. */
export type KernelsName = 'reference' | 'default';
export type Threads = 'one' | 'all';

/** What the engine runs on. */
export interface Engine {
  readonly kernels: string;
  readonly threads: number;
}

/** Sets the engine up. Returns undefined if this machine does not have these threads. */
export async function useEngine(name: KernelsName, threads: Threads): Promise<Engine | undefined> {
  if (name === 'reference') useKernels(referenceKernels);
  const count = threads === 'one' ? await useThreads(1) : await useThreads();
  return threads === 'all' && count === 1 ? undefined : { kernels: currentKernels().name, threads: count };
}
