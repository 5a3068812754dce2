/** The training on the page: signals, and what changes them. */
import { type PresetName, parseConfig, preset, type RunConfig } from '@paragrad/maddpg';
import type { ScenarioName } from '@paragrad/mpe';
import { applyUpdate, type Run } from '@paragrad/watch/runs';
import { batch, computed, signal } from '@preact/signals';
import { showOwn } from '../load.js';
import { type RunFiles, textOf } from '../model/open-run.js';
import { canGoOn } from '../model/run-folder.js';
import type { Session } from '../model/session.js';
import { changedFields, withField } from '../model/settings-form.js';
import { setPlaying } from '../stage/playback.js';
import { act, session } from '../state.js';
import type { FromWorker, Progress, Started } from './messages.js';
import { RemoteTraining } from './remote-training.js';

/** Where the settings start. */
export interface Source {
  /** Missing for an opened run. */
  readonly preset?: PresetName;
  readonly config: RunConfig;
  /** Of a run that goes on. */
  readonly files?: RunFiles;
  /** What there is to say about an opened run. */
  readonly about?: string;
}

export type Phase = 'none' | 'starting' | 'training' | 'paused' | 'ended' | 'failed';

const fromPreset = (name: PresetName, scenario: ScenarioName): Source => ({
  preset: name,
  config: preset(name, scenario),
});

export const source = signal<Source>(fromPreset('tuned', 'simple_spread'));
/** What a start would train. */
export const config = signal<RunConfig>(source.value.config);
export const changed = computed(() => changedFields(config.value, source.value.config));

export const phase = signal<Phase>('none');
/** Why it failed. */
export const failure = signal('');
export const started = signal<Started | null>(null);
export const progress = signal<Progress | null>(null);
/** Environment steps in a second, at most. */
export const pace = signal(Number.POSITIVE_INFINITY);
/** The curve. A new value whenever it has grown. */
export const curve = signal<readonly Run[]>([]);
/** What was learned so far, for the stage. Null before the first update. */
export const policy = signal<RunFiles | null>(null);
/** Whether the stage plays what was learned so far. */
export const isOnStage = computed(() => live.value !== null && live.value === session.value);

let worker: RemoteTraining | undefined;
/** The session that learns with the training. */
const live = signal<Session | null>(null);

export function choosePreset(name: PresetName, scenario: ScenarioName): void {
  setSource(fromPreset(name, scenario));
}

/** Opens a run of the reader's: to go on with, if that is possible, and on the stage. Throws if it cannot be shown there. */
export function openOwn(files: RunFiles): void {
  const opened = parseConfig(textOf(files['config.json']), 'config.json');
  const { episodes } = canGoOn(files) ? JSON.parse(textOf(files['training.json'])).state : { episodes: 0 };
  setSource({
    config: opened,
    ...(canGoOn(files) && { files }),
    about: canGoOn(files)
      ? `Goes on after ${episodes} of ${opened.episodes} episodes.`
      : 'This run can act, but not go on: it has no training.safetensors. A start begins anew with its settings.',
  });
  showOwn(files);
}

function setSource(next: Source): void {
  batch(() => {
    source.value = next;
    config.value = next.config;
  });
}

/** Changes a setting. Throws, with words for the reader, if the text means no possible value. */
export function changeSetting(path: string, text: string): void {
  config.value = withField(config.value, path, text);
}

export function resetSettings(): void {
  config.value = source.value.config;
}

/** Begins the training, in place of the one before. */
export function start(): void {
  worker?.end();
  const { files } = source.value;
  batch(() => {
    phase.value = 'starting';
    failure.value = '';
    started.value = progress.value = live.value = policy.value = null;
    curve.value = [];
  });
  const job = { config: config.value, pace: pace.value, ...(files && { files }) };
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
  if (!policy.value) return;
  showOwn(policy.value);
  live.value = session.value;
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
    case 'policy': {
      const isFirst = policy.value === null;
      policy.value = { 'config.json': JSON.stringify(started.value!.config), ...message.files };
      if (isFirst) showFirst();
      else if (isOnStage.value) act((current) => current.learn(message.files));
      return;
    }
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

/** Of the baselines without critics of actions, the stage can show nothing. Their curve is all there is. */
function showFirst(): void {
  try {
    showOnStage();
  } catch {
    return;
  }
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) setPlaying(true);
}
