import { saveCheckpoint, useRunKernels } from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { learnedBy } from '../model/learned.js';
import type { FromWorker, Job, ToWorker } from './messages.js';
import { type Prepare, prepareJob } from './prepare-job.js';
import { TrainerSession } from './trainer-session.js';

/** The worker's side of the conversation: of a worker's global scope, or of a test. */
export interface Port {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer?: ArrayBuffer[]): void;
}

/** Milliseconds between two looks at what the page says. */
const SLICE = 40;
/** Milliseconds between two messages. */
const PROGRESS = 200;
const POLICY = 500;

/** Trains what the page says, and tells how it goes. `prepare` makes the training of a job. */
export function serveTraining(port: Port, prepare: Prepare = prepareJob): void {
  let running: Running | undefined;
  const failing = async (action: () => void | Promise<void>) => {
    try {
      await action();
    } catch (error) {
      running?.stop();
      port.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  const answer = async (message: ToWorker) => {
    if (message.kind === 'start')
      running = await start(message.job, prepare, port, (action) => void failing(action));
    if (message.kind === 'pace') running?.setPace(message.pace);
    if (message.kind === 'show') running?.show();
    if (message.kind === 'save') running?.save();
  };
  let last = Promise.resolve(); // starting takes a while, and what was said meanwhile counts
  port.onmessage = ({ data }) => {
    last = last.then(() => failing(() => answer(data)));
  };
}

async function start(
  job: Job,
  prepare: Prepare,
  port: Port,
  failing: (action: () => void) => void,
): Promise<Running> {
  const kernels = useRunKernels(job.config);
  const { threads, whyOneThread } = await startThreads(job.threads);
  const gpu = job.gpu ? await startGpu() : undefined;
  // Which products run on a GPU depends on the machine, so no set can be named.
  const config = { ...job.config, kernels: gpu ? ('auto' as const) : kernels };
  const session = new TrainerSession({ ...job, config }, { prepare });
  const { warnings } = session;
  port.postMessage({
    kind: 'started',
    ...{ config, kernels, threads, warnings },
    ...(whyOneThread && { whyOneThread }),
    ...(gpu && { gpu }),
  });
  const running = new Running(session, port, failing);
  running.goOn();
  return running;
}

/** Starts as many threads as the page can have beside itself. What stands in the way is no failure. */
async function startThreads(wanted?: number): Promise<{ threads: number; whyOneThread?: string }> {
  const { crossOriginIsolated, navigator } = globalThis as Partial<WindowOrWorkerGlobalScope> & {
    readonly navigator?: { readonly hardwareConcurrency?: number };
  };
  const count = wanted ?? Math.max(1, (navigator?.hardwareConcurrency ?? 1) - 1);
  if (count === 1) return { threads: 1 };
  if (crossOriginIsolated === false) {
    return { threads: 1, whyOneThread: 'this page is not cross-origin isolated' };
  }
  try {
    return { threads: await useThreads(count) };
  } catch (error) {
    return { threads: 1, whyOneThread: (error as Error).message };
  }
}

/** Lets the GPU multiply where it is faster. Returns which it is, in words. Throws if there is none. */
async function startGpu(): Promise<string> {
  const { useGpu } = await import('@paragrad/tensor/gpu'); // large, and most people have no use for it
  const { renderer, software, calibration } = await useGpu();
  const faster = calibration.find(({ gpuMs, cpuMs }) => gpuMs < cpuMs);
  if (software) return `${renderer}: a program and no GPU, so the CPU does all of it`;
  if (!faster) return `${renderer}: slower than the CPU for all that was measured`;
  return `${renderer}, for products from ${faster.m} x ${faster.k} x ${faster.n} on`;
}

class Running {
  readonly #session: TrainerSession;
  readonly #port: Port;
  readonly #failing: (action: () => void) => void;
  /** Grows when what was planned no longer counts. */
  #turn = 0;
  #progressAt = 0;
  #policyAt = 0;
  /** Updates in the last policy that the page got. */
  #shown = 0;
  #hasEnded = false;

  constructor(session: TrainerSession, port: Port, failing: (action: () => void) => void) {
    this.#session = session;
    this.#port = port;
    this.#failing = failing;
  }

  setPace(pace: number): void {
    this.#session.pace = pace;
    this.goOn();
  }

  show(): void {
    const files = saveCheckpoint(this.#session.trainer.training.algorithm);
    this.#port.postMessage({ kind: 'policy', files }, buffersOf(Object.values(files)));
  }

  save(): void {
    const files = this.#session.save();
    this.#port.postMessage({ kind: 'saved', files }, buffersOf(Object.values(files)));
  }

  stop(): void {
    this.#turn += 1;
  }

  /** Trains a slice, says what is due, and comes back. */
  goOn(): void {
    const turn = ++this.#turn;
    const wait = this.#session.advance(SLICE);
    this.#report(wait === Number.POSITIVE_INFINITY);
    if (wait === Number.POSITIVE_INFINITY) return;
    later(wait, () => {
      if (turn === this.#turn) this.#failing(() => this.goOn());
    });
  }

  /** `all`: also what was told a moment ago, because nothing more will come for now. */
  #report(all: boolean): void {
    const now = performance.now();
    const { trainer, isOver } = this.#session;
    if (all || now - this.#progressAt > PROGRESS) {
      this.#progressAt = now;
      this.#port.postMessage(this.#session.progress());
    }
    if (trainer.updates !== this.#shown && (all || now - this.#policyAt > POLICY)) {
      this.#policyAt = now;
      if (this.#shown === 0) this.show();
      else {
        const learned = learnedBy(trainer.training.algorithm);
        this.#port.postMessage({ kind: 'learned', learned }, buffersOf(learned.arrays));
      }
      this.#shown = trainer.updates;
    }
    if (isOver && !this.#hasEnded) {
      this.#hasEnded = true;
      this.#port.postMessage({ kind: 'ended' });
    }
  }
}

/** The memory of these, so that it moves to the page and is not copied. */
function buffersOf(contents: readonly (string | ArrayBufferView)[]): ArrayBuffer[] {
  return contents.flatMap((one) => (typeof one === 'string' ? [] : (one.buffer as ArrayBuffer)));
}

/** Calls back after the messages that have come. Timers of 0 ms take 4, so they are for longer waits only. */
function later(milliseconds: number, call: () => void): void {
  if (milliseconds >= 1) {
    setTimeout(call, milliseconds);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    call();
  };
  port2.postMessage(null);
}
