/** The training on the page: signals, and what changes them. */
import { applyUpdate, type Run } from '@paragrad/watch/runs';
import { batch, computed, signal } from '@preact/signals';
import { showOwn } from '../load.js';
import type { RunFiles } from '../model/open-run.js';
import type { Session } from '../model/session.js';
import { setPlaying } from '../stage/playback.js';
import { act, session } from '../state.js';
import { chooseRun, config, type Source, source } from './choice.js';
import type { FromWorker, Progress, Started } from './messages.js';
import { RemoteTraining } from './remote-training.js';

export type Phase = 'none' | 'starting' | 'training' | 'paused' | 'ended' | 'failed';

/** What the latest training started from. */
export const trained = signal<Source | null>(null);

export const phase = signal<Phase>('none');
/** Why it failed. */
export const failure = signal('');
export const started = signal<Started | null>(null);
export const progress = signal<Progress | null>(null);
/** Environment steps in a second, at most. */
export const pace = signal(Number.POSITIVE_INFINITY);
/** How many threads compute. 0: all that the page does not need. */
export const threads = signal(0);
/** Whether products run on the GPU where it is faster. */
export const usesGpu = signal(false);
/** The most threads that there can be. Threads share memory only on an isolated page. */
export const mostThreads = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
/** The curve. A new value whenever it has grown. */
export const curve = signal<readonly Run[]>([]);
/** Whether there is something that the stage could play. */
export const hasLearned = computed(() => (progress.value?.updates ?? 0) > 0);
/** Whether the stage plays what was learned so far. */
export const isOnStage = computed(() => live.value !== null && live.value === session.value);
/** Why it cannot. */
export const whyNotOnStage = signal('');

let worker: RemoteTraining | undefined;
/** The session that learns with the training. */
const live = signal<Session | null>(null);

/** Opens a run of the reader's: to go on with, if that is possible, and on the stage. Throws if it cannot be shown there. */
export function openOwn(files: RunFiles): void {
  chooseRun(files);
  showOwn(files);
}

/** Begins the training, in place of the one before. */
export function start(): void {
  worker?.end();
  const { files } = source.value;
  batch(() => {
    phase.value = 'starting';
    trained.value = source.value;
    failure.value = whyNotOnStage.value = '';
    started.value = progress.value = live.value = null;
    curve.value = [];
  });
  const job = {
    config: config.value,
    pace: pace.value,
    gpu: usesGpu.value,
    ...(threads.value > 0 && { threads: threads.value }),
    ...(files && { files }),
  };
  const current: RemoteTraining = new RemoteTraining(job, (message) => {
    if (worker === current) batch(() => hear(message));
  });
  worker = current;
}

export function setPace(next: number): void {
  pace.value = next;
  if (phase.value === 'training') worker?.setPace(next);
}

export function pause(): void {
  phase.value = 'paused';
  worker?.setPace(0);
}

export function goOn(): void {
  phase.value = 'training';
  worker?.setPace(pace.value);
}

/** The files of the run as it is now. */
export async function save(): Promise<RunFiles> {
  if (!worker) throw new Error('There is no training to save: start one.');
  return worker.save();
}

/** Lets the stage play what was learned so far, from now on. */
export function showOnStage(): void {
  worker?.show();
}

function hear(message: FromWorker): void {
  switch (message.kind) {
    case 'started':
      started.value = message;
      if (phase.value === 'starting') phase.value = 'training';
      return;
    case 'progress': {
      progress.value = message;
      if (!message.metrics) return;
      const runs = [...curve.value];
      applyUpdate(runs, { run: 0, name: '', config: started.value!.config, metrics: message.metrics });
      curve.value = runs;
      return;
    }
    case 'policy':
      show({ 'config.json': JSON.stringify(started.value!.config), ...message.files });
      return;
    case 'learned':
      if (isOnStage.value) act((current) => current.learn(message.learned));
      return;
    case 'ended':
      phase.value = 'ended';
      return;
    case 'failed':
      phase.value = 'failed';
      failure.value = message.message;
      return;
    case 'saved':
  }
}

/** Of baselines, whose critics know no actions, the stage can show nothing: their curve is all there is. */
function show(policy: RunFiles): void {
  try {
    showOwn(policy);
  } catch (error) {
    whyNotOnStage.value = (error as Error).message;
    return;
  }
  live.value = session.value;
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) setPlaying(true);
}
