import { spawnSync } from 'node:child_process';
import os from 'node:os';

export interface ThreadSetting {
  readonly threads: number;
  readonly wait: '' | 'passive';
}

/** Powers of two, and all cores. With several threads, also the setting in which waiting threads sleep instead of spinning. */
export function threadSettings(): ThreadSetting[] {
  const cores = os.availableParallelism();
  const several: number[] = [];
  for (let count = 2; count < cores; count *= 2) several.push(count);
  if (cores > 1) several.push(cores);
  const waits = ['', 'passive'] as const;
  return [
    { threads: 1, wait: '' },
    ...several.flatMap((threads) => waits.map((wait) => ({ threads, wait }))),
  ];
}

/**
 * Sets the threads by environment variables, because torch.set_num_threads does not affect BLAS in Debian's PyTorch. Removes
 * OPENBLAS_CORETYPE, which could make BLAS use slower kernels than the processor allows.
 */
export function threadsEnv({ threads, wait }: ThreadSetting): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OMP_WAIT_POLICY: __, ...env } = process.env;
  const names = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'];
  const counts = Object.fromEntries(names.map((name) => [name, `${threads}`]));
  return { ...env, ...counts, ...(wait && { OMP_WAIT_POLICY: wait }) };
}

let python: string | undefined;

/** The first Python that has PyTorch: $PYTHON, then the one on the PATH, then the system's. */
export function pythonWithTorch(): string {
  if (python) return python;
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);
  python = candidates.find((name) => spawnSync(name, ['-c', 'import torch']).status === 0);
  if (!python) {
    throw new Error(
      `no PyTorch in ${candidates.join(', ')}; on Debian: apt-get install python3-torch libopenblas0-pthread`,
    );
  }
  return python;
}
