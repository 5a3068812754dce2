import type { GrowableMemory } from '../../memory/arena.js';
import type { Module } from './compile.js';

export interface Worker {
  /** When it has begun to serve; rejects if it can't. */
  readonly started: Promise<void>;
  /** After `stop()`, resolves when it has ended. One that does not end within a second is terminated. */
  end(): Promise<void>;
  /** Ends it at once. */
  terminate(): Promise<void>;
}

/** What a worker is given. */
export interface Given {
  readonly module: Module;
  readonly memory: GrowableMemory;
}

/** How many threads can run at the same time; 1 if the platform doesn't say. */
export function cores(): number {
  return platform.navigator?.hardwareConcurrency ?? builtin<Os>('node:os')?.availableParallelism() ?? 1;
}

/** Whether memory can be given to other threads: on a page, only if it is cross-origin isolated. */
export function canShareMemory(): boolean {
  return platform.crossOriginIsolated !== false;
}

/**
 * A thread that serves (assembly/jobs.ts) from the given memory. `lost` is told if it ends in an error, or unasked. It does
 * not keep the process alive.
 */
export function spawn(given: Given, lost: (error: Error) => void): Worker {
  const threads = builtin<WorkerThreads>('node:worker_threads');
  return threads ? spawnInNode(threads, given, lost) : spawnInBrowser(given, lost);
}

// A worker's whole program is a string, so that it needs no file beside the bundle. It posts a message when it begins
// to serve, and one when it ends. A trap is passed on through shared memory, since `serve` is all it does.
const PROGRAM = `({ module, memory }, post) => {
  const { serve, fail } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  post('serving');
  try {
    serve();
    post('ended');
  } catch (error) {
    fail();
    post(String(error));
  }
}`;

function spawnInNode({ Worker }: WorkerThreads, given: Given, lost: (error: Error) => void): Worker {
  const worker = new Worker(
    `const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
    (${PROGRAM})(workerData, (message) => parentPort.postMessage(message));`,
    { eval: true, workerData: given },
  );
  return supervise(
    (hear, fail) => {
      worker.on('message', hear);
      worker.on('error', fail);
      worker.on('exit', (code) => fail(new Error(`it ended with code ${code}`)));
    },
    {
      terminate: async () => {
        await worker.terminate();
      },
      keepProcess: (keep) => (keep ? worker.ref() : worker.unref()),
    },
    lost,
  );
}

function spawnInBrowser(given: Given, lost: (error: Error) => void): Worker {
  const { Worker, Blob, URL } = platform;
  const program = `onmessage = ({ data }) => (${PROGRAM})(data, postMessage);`;
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(given);
  return supervise(
    (hear, fail) => {
      worker.onmessage = ({ data }) => {
        URL.revokeObjectURL(url);
        hear(data);
      };
      worker.onerror = ({ message }) =>
        fail(new Error(message ?? "the page's Content-Security-Policy must allow worker-src blob:"));
    },
    { terminate: async () => worker.terminate(), keepProcess: () => {} },
    lost,
  );
}

interface Controls {
  terminate(): Promise<void>;
  /** Whether the process is to go on for this worker alone. */
  keepProcess(keep: boolean): void;
}

/** Turns what is heard of a worker into what there is to know of it. */
function supervise(
  listen: (hear: (message: unknown) => void, fail: (error: Error) => void) => void,
  { terminate, keepProcess }: Controls,
  lost: (error: Error) => void,
): Worker {
  let begin = () => {};
  let refuse: (error: Error) => void = () => {};
  const started = new Promise<void>((resolve, reject) => {
    begin = resolve;
    refuse = reject;
  });
  let finish = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let over = false;
  const fail = (error: Error) => {
    if (over) return;
    over = true;
    refuse(error);
    finish();
    lost(error);
  };
  listen((message) => {
    if (message === 'serving') {
      keepProcess(false);
      begin();
    } else if (message === 'ended') {
      over = true;
      finish();
    } else fail(new Error(String(message)));
  }, fail);
  return {
    started,
    terminate,
    async end() {
      keepProcess(true); // or it could end while this waits
      const timer = platform.setTimeout(finish, 1000);
      await ended;
      platform.clearTimeout(timer);
      await terminate();
    },
  };
}

/** A module of Node's own; undefined elsewhere. Not an import, which bundlers for browsers stumble over. */
function builtin<T>(name: string): T | undefined {
  return platform.process?.getBuiltinModule?.(name) as T | undefined;
}

// What is used of the platform, which the language's own types don't know.
interface WorkerThreads {
  Worker: new (
    program: string,
    options: { eval: boolean; workerData: Given },
  ) => {
    on(event: 'message', hear: (message: unknown) => void): void;
    on(event: 'error', fail: (error: Error) => void): void;
    on(event: 'exit', hear: (code: number) => void): void;
    terminate(): Promise<unknown>;
    ref(): void;
    unref(): void;
  };
}
interface Os {
  availableParallelism(): number;
}
const platform = globalThis as unknown as {
  process?: { getBuiltinModule?: (name: string) => unknown };
  navigator?: { hardwareConcurrency?: number };
  crossOriginIsolated?: boolean;
  setTimeout(call: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  Blob: new (parts: string[], options: { type: string }) => object;
  URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  Worker: new (
    url: string,
  ) => {
    postMessage(given: Given): void;
    onmessage: (event: { data: unknown }) => void;
    onerror: (event: { message?: string }) => void;
    terminate(): void;
  };
};
