/** The training on the page: signals, and what changes them. */
import { batch, computed, signal } from '@preact/signals';
import { showOwn } from '../load.js';
import type { RunFiles } from '../model/open-run.js';
import type { Session } from '../model/session.js';
import { setPlaying } from '../stage/playback.js';
import { act, session } from '../state.js';
import { chooseRun, config, type Source, source } from './choice.js';
import { LiveTraining } from './live-training.js';
import type { FromWorker } from './messages.js';

/** Its signals, and what starts and ends it. */
export const training = new LiveTraining(hear);
/** What the latest training started from. */
export const trained = signal<Source | null>(null);

/** How many threads compute. 0: all that the page does not need. */
export const threads = signal(0);
/** Whether products run on the GPU where it is faster. */
export const usesGpu = signal(false);
/** The most threads that there can be. Threads share memory only on an isolated page. */
export const mostThreads = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
/** Whether there is something that the stage could play. */
export const hasLearned = computed(() => (training.progress.value?.updates ?? 0) > 0);
/** Whether the stage plays what was learned so far. */
export const isOnStage = computed(() => live.value !== null && live.value === session.value);
/** Why it cannot. */
export const whyNotOnStage = signal('');

/** The session that learns with the training. */
const live = signal<Session | null>(null);

/** Opens a run of the reader's: to go on with, if that is possible, and on the stage. Throws if it cannot be shown there. */
export function openOwn(files: RunFiles): void {
  chooseRun(files);
  showOwn(files);
}

/** Begins what was chosen, in place of the training before. */
export function start(): void {
  const { files } = source.value;
  batch(() => {
    trained.value = source.value;
    whyNotOnStage.value = '';
    live.value = null;
  });
  training.start({
    config: config.value,
    gpu: usesGpu.value,
    ...(threads.value > 0 && { threads: threads.value }),
    ...(files && { files }),
  });
}

/** The files of the run as it is now. */
export async function save(): Promise<RunFiles> {
  if (!training.remote) throw new Error('There is no training to save: start one.');
  return training.remote.save();
}

/** Lets the stage play what was learned so far, from now on. */
export function showOnStage(): void {
  training.remote?.show();
}

function hear(message: FromWorker): void {
  if (message.kind === 'policy') {
    show({ 'config.json': JSON.stringify(training.started.value!.config), ...message.files });
  }
  if (message.kind === 'learned' && isOnStage.value) act((current) => current.learn(message.learned));
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
