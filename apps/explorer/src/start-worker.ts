import program from './worker.ts?worker&url';

/** The address of the program of all workers. */
export { program };

/** Starts a worker of the page that does what the name says: see worker.ts. */
export function startWorker(name: 'train' | 'rehearse'): Worker {
  return new Worker(program, { type: 'module', name });
}
