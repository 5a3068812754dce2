import type { GrowableMemory } from '../arena.js';
import type { Module } from './compile.js';

export interface Worker {
  /** Resolves when the worker looks for work; rejects if it cannot start. */
  readonly started: Promise<void>;
  /** Call it after `stop()`. Resolves when the worker has ended; terminates it if that takes longer than a second. */
  end(): Promise<void>;
  /** Ends the worker at once. */
  terminate(): Promise<void>;
}

/** The data that a worker receives. */
export interface WorkerData {
  readonly module: Module;
  readonly memory: GrowableMemory;
}

/** The number of threads that can run at the same time; 1 if the platform does not say. */
export function cores(): number {
  return platform.navigator?.hardwareConcurrency ?? builtin<Os>('node:os')?.availableParallelism() ?? 1;
}

/** Whether threads can share memory. On a web page, they can only if it is cross-origin isolated. */
export function canShareMemory(): boolean {
  return platform.crossOriginIsolated !== false;
}

/**
 * Starts a thread that runs `serve` (assembly/jobs.ts) on the given memory. Calls `onLost` if the thread ends in an
 * error, or ends without being asked to. The thread does not keep the process alive.
 */
export function spawn(data: WorkerData, onLost: (error: Error) => void): Worker {
  const threads = builtin<WorkerThreads>('node:worker_threads');
  return threads ? spawnInNode(threads, data, onLost) : spawnInBrowser(data, onLost);
}

// The program of a worker. It is a string, so that no file is needed next to the bundle. It posts a message when it
// starts to serve, and another when it ends. If `serve` traps, `fail` tells the other threads through shared memory.
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

function spawnInNode({ Worker }: WorkerThreads, data: WorkerData, onLost: (error: Error) => void): Worker {
  const worker = new Worker(
    `const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
    (${PROGRAM})(workerData, (message) => parentPort.postMessage(message));`,
    { eval: true, workerData: data },
  );
  return supervise(
    (onMessage, onError) => {
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', (code) => onError(new Error(`it ended with code ${code}`)));
    },
    {
      terminate: async () => {
        await worker.terminate();
      },
      keepProcessAlive: (keep) => (keep ? worker.ref() : worker.unref()),
    },
    onLost,
  );
}

function spawnInBrowser(data: WorkerData, onLost: (error: Error) => void): Worker {
  const { Worker, Blob, URL } = platform;
  const program = `onmessage = ({ data }) => (${PROGRAM})(data, postMessage);`;
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(data);
  return supervise(
    (onMessage, onError) => {
      worker.onmessage = (event) => {
        URL.revokeObjectURL(url);
        onMessage(event.data);
      };
      worker.onerror = ({ message }) =>
        onError(new Error(message ?? "the page's Content-Security-Policy must allow worker-src blob:"));
    },
    { terminate: async () => worker.terminate(), keepProcessAlive: () => {} },
    onLost,
  );
}

interface Controls {
  terminate(): Promise<void>;
  /** Whether the process stays alive while this worker runs. */
  keepProcessAlive(keep: boolean): void;
}

/** Follows the life of a worker by its messages and errors. */
function supervise(
  listen: (onMessage: (message: unknown) => void, onError: (error: Error) => void) => void,
  { terminate, keepProcessAlive }: Controls,
  onLost: (error: Error) => void,
): Worker {
  let resolveStarted = () => {};
  let rejectStarted: (error: Error) => void = () => {};
  const started = new Promise<void>((resolve, reject) => {
    resolveStarted = resolve;
    rejectStarted = reject;
  });
  let resolveEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  let over = false;
  const onError = (error: Error) => {
    if (over) return;
    over = true;
    rejectStarted(error);
    resolveEnded();
    onLost(error);
  };
  listen((message) => {
    if (message === 'serving') {
      keepProcessAlive(false);
      resolveStarted();
    } else if (message === 'ended') {
      over = true;
      resolveEnded();
    } else onError(new Error(String(message)));
  }, onError);
  return {
    started,
    terminate,
    async end() {
      keepProcessAlive(true); // otherwise the process could exit while this waits
      const timer = platform.setTimeout(resolveEnded, 1000);
      await ended;
      platform.clearTimeout(timer);
      await terminate();
    },
  };
}

/** A built-in module of Node; undefined elsewhere. Not an import, because bundlers for browsers cannot resolve it. */
function builtin<T>(name: string): T | undefined {
  return platform.process?.getBuiltinModule?.(name) as T | undefined;
}

// The parts of the platform that are used here; TypeScript's own types do not include them.
interface WorkerThreads {
  Worker: new (
    program: string,
    options: { eval: boolean; workerData: WorkerData },
  ) => {
    on(event: 'message', listener: (message: unknown) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'exit', listener: (code: number) => void): void;
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
    postMessage(data: WorkerData): void;
    onmessage: (event: { data: unknown }) => void;
    onerror: (event: { message?: string }) => void;
    terminate(): void;
  };
};
