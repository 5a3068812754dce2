/** Starts a worker that trains a run, or one that rehearses a mistake. */
export function startWorker(name: 'train' | 'rehearse'): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
}
