import { fileURLToPath } from 'node:url';
import { Tinypool, type TinypoolChannel } from 'tinypool';
import type { FromWorker, ToWorker } from './pool-worker.js';
import type { Stop } from './runner.js';
import type { RunTask } from './train-run.js';

/** Processes that train runs, one each. */
export class RunPool {
  readonly #pool: Tinypool;

  constructor(size: number) {
    this.#pool = new Tinypool({
      filename: fileURLToPath(new URL('pool-worker.js', import.meta.url)),
      runtime: 'child_process',
      minThreads: 0,
      maxThreads: size,
      idleTimeout: 60_000,
      env: process.env as Record<string, string>,
    });
    this.#pool.on('error', () => {}); // of a process without a run; the next run gets another one
  }

  /** Trains what is left of a run. Throws its error, also if its process is killed. */
  async train(
    task: RunTask,
    { signal, reason }: Pick<Stop, 'signal'> & { reason: () => Stop['reason'] },
    onMessage: (message: FromWorker) => void,
  ): Promise<'finished' | 'stopped'> {
    let send: (message: ToWorker) => void = () => {};
    const stop = () => send({ stop: reason() ?? 'SIGTERM' });
    const channel: TinypoolChannel = {
      onMessage: (callback) => {
        send = callback;
      },
      postMessage: (message: FromWorker) => {
        if (signal.aborted) stop(); // again: the first time may have been before it began
        onMessage(message);
      },
    };
    signal.addEventListener('abort', stop);
    try {
      return await this.#pool.run(task, { channel });
    } catch (error) {
      const { message = String(error) } = error as Partial<Error>;
      throw new Error(
        message === 'Worker exited unexpectedly'
          ? 'its process was killed, or had too little memory; give fewer --workers if that may be why'
          : message,
      );
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
