/** What a start would train: a preset with changed settings, or a run that goes on. */
import { type PresetName, parseConfig, preset, type RunConfig } from '@paragrad/maddpg';
import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import { type RunFiles, textOf } from '../model/open-run.js';
import { canGoOn } from '../model/run-folder.js';
import { changedFields, withField } from '../model/settings-form.js';
import { address, change } from '../state.js';

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

export const source = signal<Source>({ preset: 'tuned', config: preset('tuned') });
export const config = signal<RunConfig>(source.value.config);
/** The settings that are not as in the source: paths and texts. */
export const changed = computed(() => changedFields(config.value, source.value.config));

export function choosePreset(name: PresetName, scenario: ScenarioName): void {
  choose({ preset: name, config: preset(name, scenario) });
}

/** Chooses a run of the reader's: to go on with, if that is possible, or its settings. Throws if they cannot be read. */
export function chooseRun(files: RunFiles): void {
  const opened = parseConfig(textOf(files['config.json']), 'config.json');
  if (canGoOn(files)) {
    const { episodes } = JSON.parse(textOf(files['training.json'])).state as { readonly episodes: number };
    choose({ config: opened, files, about: `Goes on after ${episodes} of ${opened.episodes} episodes.` });
  } else {
    const about =
      'This run can act, but not go on: it has no training.safetensors. A start begins anew with its settings.';
    choose({ config: opened, about });
  }
}

function choose(next: Source): void {
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

// Links have what was chosen, but for runs of the reader's own.
effect(() => {
  const { preset: name, scenario, settings } = address;
  const link = [name.value, scenario.value, settings.value] as const;
  untracked(() => followLink(...link));
});
effect(() => {
  const { preset: name, config: from } = source.value;
  if (name) change({ preset: name, scenario: from.scenario, settings: changed.value });
});

/** What a link says wrong is left out. */
function followLink(name: PresetName, scenario: string, settings: typeof changed.value): void {
  const { preset: current, config: from } = source.value;
  const isKnown = name === current && scenario === from.scenario;
  if (!current || (isKnown && String(settings) === String(changed.value))) return;
  if (!(scenarioNames as readonly string[]).includes(scenario)) return;
  batch(() => {
    choosePreset(name, scenario as ScenarioName);
    for (const [path, text] of settings) {
      try {
        changeSetting(path, text);
      } catch {}
    }
  });
}
