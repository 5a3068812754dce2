import { type Check, checkArgument, checkNoMore, integerFrom1 } from '@paragrad/check';
import { currentKernels } from './kernels/select.js';
import { cores } from './kernels/simd/spawn.js';

/**
 * Lets `count` threads share the work of each kernel that is large enough; the calling thread counts as one. The default
 * is the number of cores. Kernels stay synchronous, and their results are the same, bit for bit, for any number of
 * threads. `useThreads(1)` ends the other threads. They do not keep the process alive.
 *
 * Resolves to the number of threads. It is 1 if the current kernel set has no threads (see `currentKernels().name`), or
 * if threads cannot share memory, as on a page that is not cross-origin isolated. Rejects if a worker cannot be started.
 */
export async function useThreads(count = cores()): Promise<number> {
  checkNoMore('useThreads', arguments, 1);
  checkArgument('useThreads', 'count', count, threadCount);
  return (await currentKernels().useThreads?.(count)) ?? 1;
}

const MOST_THREADS = 1024;
const threadCount: Check<number> = {
  inWords: `an integer from 1 to ${MOST_THREADS}`,
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= MOST_THREADS,
};
