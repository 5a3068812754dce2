import { checkCount } from './checks.js';
import { kernels } from './kernels/select.js';
import { cores } from './kernels/simd/spawn.js';

/**
 * Lets `count` threads work on each kernel that is large enough to gain from it, the calling one included; by default as many
 * as there are cores. Kernels still return when they are done, and their results are the same, bit for bit, for
 * any number of threads. `useThreads(1)` ends the others. They don't keep a process alive.
 *
 * Resolves to how many there are: 1 where the kernel set in use has no threads (see `kernels().name`), or where there is no shared
 * memory, as on a page that is not cross-origin isolated. Rejects where a worker can't be started.
 */
export async function useThreads(count = cores()): Promise<number> {
  checkCount('useThreads', 'count', count);
  return (await kernels().useThreads?.(count)) ?? 1;
}
