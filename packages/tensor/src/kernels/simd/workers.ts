import { PlatformError } from '@paragrad/check';
import type { GrowableMemory } from '../arena.js';
import type { Exports, Module } from './compile.js';
import { canShareMemory, spawn, type Worker } from './spawn.js';

/** Starts and ends the worker threads that help with kernels. How they share the work is in assembly/jobs.ts. */
export class Workers {
  /** Whether there are worker threads that can help. */
  ready = false;
  readonly #module: Module;
  readonly #memory: GrowableMemory;
  readonly #wasm: Exports;
  #workers: Worker[] = [];
  #failure: Error | null = null;
  /** Resolves when the last call of `use` is done. */
  #turn: Promise<unknown> = Promise.resolve();

  /** The number of threads, the calling one included. */
  get count(): number {
    return this.ready ? this.#workers.length + 1 : 1;
  }

  constructor(module: Module, memory: GrowableMemory, wasm: Exports) {
    this.#module = module;
    this.#memory = memory;
    this.#wasm = wasm;
  }

  /**
   * Sets the number of threads, the calling one included. Resolves to `count`, or to 1 if threads cannot share memory.
   * If a worker cannot be started, it rejects and there is one thread. Calls wait for each other, because the shared
   * memory serves only one group of workers at a time.
   */
  use(count: number): Promise<number> {
    const turn = this.#turn.then(() => this.#use(count));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #use(count: number): Promise<number> {
    await this.#end();
    if (count === 1 || !canShareMemory()) return 1;
    this.#wasm.prepare();
    const data = { module: this.#module, memory: this.#memory };
    const workers = Array.from({ length: count - 1 }, () =>
      spawn(data, (error) => {
        if (this.#workers === workers) this.#failure ??= error;
      }),
    );
    this.#workers = workers;
    try {
      await Promise.all(this.#workers.map(({ started }) => started));
    } catch (error) {
      await this.#end();
      throw new PlatformError(
        `useThreads: a worker thread did not start, so there is one thread: ${String(error)}`,
      );
    }
    this.ready = true;
    return count;
  }

  /** Call it before a kernel. Throws if a worker was lost. */
  check(): void {
    if (this.#failure) throw this.#giveUp(this.#failure);
  }

  /** The error to throw for what a kernel threw: it ends in a trap if a worker is lost while it runs. */
  errorOf(trap: unknown): unknown {
    return this.ready ? this.#giveUp(trap) : trap;
  }

  /** Ends all workers after a failure, so that the next kernel runs on one thread. Returns the error to throw. */
  #giveUp(cause: unknown): Error {
    const workers = this.#workers;
    this.#turn = this.#turn.then(() => Promise.all(workers.map((worker) => worker.terminate())));
    this.#workers = [];
    this.#failure = null;
    this.ready = false;
    return new PlatformError(
      `useThreads: a worker thread was lost, and the result of a kernel with it (${String(cause)}); ` +
        'there is one thread, until useThreads is called again',
    );
  }

  async #end(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    this.ready = false;
    this.#failure = null;
    if (workers.length === 0) return;
    this.#wasm.stop();
    await Promise.all(workers.map((worker) => worker.end()));
  }
}
