import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkArgument, oneOf } from '@paragrad/check';
import { type PresetName, parseOptions, preset, presetNames, type RunOptions } from '@paragrad/maddpg';
import { type ScenarioName, scenarioNames } from '@paragrad/mpe';

/** What says where a run's settings start. */
export interface StartOptions {
  readonly config?: ConfigFile;
  /** What `npm start` starts from, if nothing else is given. */
  readonly defaultConfig?: ConfigFile;
  readonly preset?: PresetName;
  readonly scenario?: ScenarioName;
}

export interface ConfigFile {
  readonly path: string;
  readonly options: RunOptions;
}

export interface Start {
  readonly options: RunOptions;
  /** In words, such as "preset tuned". */
  readonly from: string;
}

/**
 * The configuration that flags change. `name`: a scenario, which means its tuned settings, or a preset. Throws if two of them say
 * different things.
 */
export function startFrom(name: string | undefined, given: StartOptions): Start {
  const { config, defaultConfig } = given;
  if (config && (name ?? given.preset)) {
    const other = name ? `the preset ${name}` : `--preset ${given.preset}`;
    throw new Error(`--config and ${other}: both are given; give only one of them to start from`);
  }
  if (name === undefined && given.preset === undefined) {
    const file = config ?? defaultConfig;
    return file ? { options: file.options, from: file.path } : { options: {}, from: 'the defaults' };
  }
  if (name === undefined) return startFromPreset(given.preset!, given.scenario);
  checkArgument('train', 'the preset or scenario', name, {
    ...oneOf(...presetNames, ...(scenarioNames as readonly string[])),
    inWords: `one of ${[...presetNames, ...scenarioNames].join(', ')}; an environment of your own is trained from code`,
  });
  if (presetNames.includes(name as PresetName)) {
    checkAgreement('preset', name, given.preset);
    return startFromPreset(name as PresetName, given.scenario);
  }
  checkAgreement('scenario', name, given.scenario);
  return startFromPreset(given.preset ?? 'tuned', name as ScenarioName);
}

function startFromPreset(name: PresetName, scenario: ScenarioName | undefined): Start {
  return { options: preset(name, scenario), from: `preset ${name}` };
}

function checkAgreement(what: string, name: string, flag: string | undefined): void {
  if (flag === undefined || flag === name) return;
  throw new Error(`${name} and --${what} ${flag}: both are given; give only one of them`);
}

/** `given`: a configuration file, or the folder of a run, which has one. */
export function readConfig(given: string): ConfigFile {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory();
  const path = isFolder ? join(given, 'config.json') : given;
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(
      `can't read ${path}: ${(error as Error).message}; give a configuration file, or the folder of a run`,
    );
  }
  return { path, options: parseOptions(json, path) };
}
