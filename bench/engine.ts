import * as tensor from '@paragrad/tensor';
import { type KernelSet, kernels, reference, simdKernels, useKernels } from '@paragrad/tensor';

/** What the engine is told to run on, by name; 'default' is what it chooses by itself. */
export type KernelsName = 'reference' | 'simd' | 'relaxed' | 'default';
export type Threads = 'one' | 'all';

/** What it then runs on. */
export interface Engine {
  readonly kernels: string;
  readonly threads: number;
}

/** Sets the engine up; undefined where this Node, or this machine, has no such thing. */
export async function useEngine(name: KernelsName, threads: Threads): Promise<Engine | undefined> {
  const kernelSet = kernelsNamed(name);
  if (!kernelSet) return undefined;
  useKernels(kernelSet);
  const count = await start(threads);
  if (threads === 'all' && count === 1) return undefined;
  return { kernels: kernels().name, threads: count };
}

function kernelsNamed(name: KernelsName): KernelSet | null {
  if (name === 'default') return kernels();
  if (name === 'reference') return reference;
  if (name === 'simd') return simdKernels();
  return later.relaxedKernels?.() ?? null;
}

async function start(threads: Threads): Promise<number> {
  if (!later.useThreads) return 1;
  return threads === 'one' ? later.useThreads(1) : later.useThreads();
}

// TODO: import these by name once the engine has them.
const later = tensor as {
  relaxedKernels?: () => KernelSet | null;
  useThreads?: (count?: number) => Promise<number>;
};
