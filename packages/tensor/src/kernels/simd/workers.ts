import type { GrowableMemory } from '../../memory/arena.js';
import type { Exports, Module } from './compile.js';
import { canShareMemory, spawn, type Worker } from './spawn.js';

/**
 * The threads that help with kernels. What they do, and how work is shared out, is in assembly/jobs.ts; here is how they
 * come and go.
 */
export class Workers {
  /** Whether there are any. */
  ready = false;
  readonly #module: Module;
  readonly #memory: GrowableMemory;
  readonly #wasm: Exports;
  #workers: Worker[] = [];
  #failure: Error | null = null;
  /** When what was asked for last is done. */
  #turn: Promise<unknown> = Promise.resolve();

  /** How many threads there are, the calling one included. */
  get count(): number {
    return this.ready ? this.#workers.length + 1 : 1;
  }

  constructor(module: Module, memory: GrowableMemory, wasm: Exports) {
    this.#module = module;
    this.#memory = memory;
    this.#wasm = wasm;
  }

  /**
   * Has `count` threads from now on, the calling one included; 1 where memory can't be shared. Rejects, and has one, if a
   * worker can't be started. One call after the other: the memory that threads share is for one group of them.
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
    const given = { module: this.#module, memory: this.#memory };
    const workers = Array.from({ length: count - 1 }, () =>
      spawn(given, (error) => {
        if (this.#workers === workers) this.#failure ??= error;
      }),
    );
    this.#workers = workers;
    try {
      await Promise.all(this.#workers.map(({ started }) => started));
    } catch (error) {
      await this.#end();
      throw new Error(`useThreads: a worker thread did not start, so there is one thread: ${String(error)}`);
    }
    this.ready = true;
    return count;
  }

  /** Runs a kernel. Throws if a worker has been lost: before or, as the kernel then ends in a trap, during it. */
  guard(kernel: () => void): void {
    if (this.#failure) throw this.#forget(this.#failure);
    try {
      kernel();
    } catch (error) {
      throw this.ready ? this.#forget(error) : error;
    }
  }

  /** After a failure: goes on with one thread from the next kernel on. */
  #forget(cause: unknown): Error {
    const workers = this.#workers;
    this.#turn = this.#turn.then(() => Promise.all(workers.map((worker) => worker.terminate())));
    this.#workers = [];
    this.#failure = null;
    this.ready = false;
    return new Error(
      `useThreads: a worker thread was lost, and a kernel's result with it (${String(cause)}); ` +
        'from here on there is one thread, until useThreads is called again',
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
