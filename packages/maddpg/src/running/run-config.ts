import {
  ArgumentError,
  checkArgument,
  describe,
  FileError,
  integerBelow2To32,
  integerFrom0,
  integerFrom1,
  object,
  oneOf,
  type Range,
  text,
} from '@paragrad/check';
import { type EnvParams, type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { type AlgorithmSettings, algorithmNames, algorithms } from '../algorithms.js';
import { anEnvironment } from '../environments/environment.js';
import { type ExplorationSettings, explorationSettings } from '../exploration/exploration.js';
import { type SamplingSettings, samplingSettings } from '../replay/make-memory.js';
import {
  defaultsOf,
  type SettingsOf,
  type SettingsTable,
  setting,
  tryCompleteSettings,
} from '../settings/setting.js';
import { findUnfit } from './json.js';
import { withCurrentNames } from './old-names.js';
import { kernelNames } from './run-kernels.js';

/** The settings of a run, without those of its sampling, its exploration and its algorithm. */
export const runSettings = {
  /** Name of the particle environment. Default 'simple_spread'. */
  scenario: setting(
    'simple_spread',
    oneOf(...(scenarioNames as readonly ScenarioName[])),
    'name of the particle environment',
  ),
  /** Parameters of the environment, such as { "N": 4 }; the run sets actionMode and benchmarkData. Default {}. */
  env: setting(
    {},
    object as Range<EnvParams<ScenarioName>>,
    'parameters of the environment, such as { "N": 4 }; the run sets actionMode and benchmarkData',
  ),
  /** Seed of everything random; the same seed gives the same run. An integer from 0 to 2^32 - 1; default 1. */
  seed: setting(1, integerBelow2To32, 'seed of everything random; the same seed gives the same run'),
  /** Name of the algorithm. Default 'maddpg'. */
  algorithm: setting('maddpg', oneOf(...algorithmNames), 'name of the algorithm'),
  /**
   * Kind of actions: forces and weights of words (continuous), or one move and one word (discrete). Default
   * 'continuous'.
   */
  actions: setting(
    'continuous',
    oneOf('continuous', 'discrete'),
    'kind of actions: forces and weights of words (continuous), or one move and one word (discrete)',
  ),
  /** Number of training episodes. An integer of at least 1; default 10000. */
  episodes: setting(10_000, integerFrom1, 'number of training episodes'),
  /**
   * Copies of the environment that step together; more are faster, and a run with another number is another run. An
   * integer of at least 1; default 1.
   */
  envs: setting(
    1,
    integerFrom1,
    'copies of the environment that step together; more are faster, and a run with another number is another run',
  ),
  /** Transitions in a batch. An integer of at least 1; default 1024. */
  batchSize: setting(1024, integerFrom1, 'transitions in a batch'),
  /** Environment steps between two updates; those of all copies count. An integer of at least 1; default 100. */
  stepsPerUpdate: setting(
    100,
    integerFrom1,
    'environment steps between two updates; those of all copies count',
  ),
  /** Environment steps before the first update. An integer of at least 1; default 1024. */
  warmupSteps: setting(1024, integerFrom1, 'environment steps before the first update'),
  /** Largest number of transitions in the replay memory. An integer of at least 1; default 1000000. */
  replayCapacity: setting(1_000_000, integerFrom1, 'largest number of transitions in the replay memory'),
  /** Number n of steps in n-step returns; 1 is the usual one-step target. An integer of at least 1; default 1. */
  nStep: setting(1, integerFrom1, 'number n of steps in n-step returns; 1 is the usual one-step target'),
  /**
   * Set of kernels; sets differ in the last bits of products; auto is the fastest here, and config.json names it.
   * Default 'auto'.
   */
  kernels: setting(
    'auto',
    oneOf(...kernelNames),
    'set of kernels; sets differ in the last bits of products; auto is the fastest here, and config.json names it',
  ),
  /** Episodes of the final evaluation, for each policy. An integer of at least 1; default 1000. */
  evaluationEpisodes: setting(1000, integerFrom1, 'episodes of the final evaluation, for each policy'),
  /** Training episodes between two evaluations in training; 0: none. An integer of at least 0; default 500. */
  evaluationEvery: setting(
    500,
    integerFrom0,
    'training episodes between two evaluations in training; 0: none',
  ),
  /**
   * Episodes of each evaluation in training, the first ones of the final evaluation. An integer of at least 1; default
   * 20.
   */
  evaluationEpisodesInTraining: setting(
    20,
    integerFrom1,
    'episodes of each evaluation in training, the first ones of the final evaluation',
  ),
};

/**
 * Everything that decides a training run and its evaluation, as plain data. The same data as JSON repeats the run, bit
 * for bit.
 */
export interface RunConfig extends SettingsOf<typeof runSettings> {
  /** How batches are drawn from the replay memory. */
  readonly sampling: SamplingSettings;
  /** How the agents explore in training. */
  readonly exploration: ExplorationSettings;
  /** The settings of the algorithm. */
  readonly settings: AlgorithmSettings;
}

/** A configuration in which everything is optional. What is missing has its default. */
export type RunOptions = Partial<
  Omit<RunConfig, 'sampling' | 'exploration' | 'settings'> & {
    /** How batches are drawn from the replay memory. */
    readonly sampling: Partial<SamplingSettings>;
    /** How the agents explore in training. */
    readonly exploration: Partial<ExplorationSettings>;
    /** The settings of the algorithm. */
    readonly settings: Partial<AlgorithmSettings>;
  }
>;

/**
 * The complete configuration: the given settings and the defaults.
 *
 * @throws ArgumentError if something is wrong; the message begins with `source`.
 */
export function completeConfig(given: RunOptions, source = 'run'): RunConfig {
  checkArgument('completeConfig', 'source', source, text);
  checkArgument(source, 'the configuration', given, object);
  const { sampling = {}, exploration = {}, settings = {}, ...options } = given;
  const name = algorithmNames.find((one) => one === given.algorithm) ?? 'maddpg';
  const table = algorithms[name].settings;
  const further = {
    '*': [...Object.keys(runSettings), 'settings', 'exploration', 'sampling'], // also the groups
    'settings.*': Object.keys(table),
    'exploration.*': Object.keys(explorationSettings),
    'sampling.*': Object.keys(samplingSettings),
  };
  const run = tryCompleteSettings(runSettings, options, { owner: 'a run', further });
  const { algorithm } = run.settings;
  const groups = {
    sampling: completeGroup('sampling', samplingSettings, sampling),
    exploration: completeGroup('exploration', explorationSettings, exploration),
    settings: completeGroup('settings', table, settings, {
      owner: algorithm,
      further: { '*': Object.keys(runSettings) },
    }),
  };
  const problems = [run, ...Object.values(groups)].flatMap((part) => part.problems);
  const { env } = run.settings;
  const unfit = object.accepts(env) && findUnfit(env, 'env');
  if (anEnvironment.accepts(env)) {
    problems.push('env is an environment; give parameters of the scenario, and an environment to train');
  } else if (unfit) problems.push(`${unfit}; give finite numbers, texts, true or false`);
  if (problems.length > 0) throw new ArgumentError(`${source}: ${problems.join('; ')}`);
  return {
    ...run.settings,
    sampling: groups.sampling.settings,
    exploration: groups.exploration.settings,
    settings: groups.settings.settings as AlgorithmSettings,
  };
}

/** One group of settings, completed, with its problems. */
function completeGroup<Table extends SettingsTable>(
  name: string,
  table: Table,
  given: object,
  texts: { owner?: string; further?: Readonly<Record<string, readonly string[]>> } = {},
): { settings: SettingsOf<Table>; problems: string[] } {
  if (object.accepts(given)) return tryCompleteSettings(table, given, { ...texts, prefix: `${name}.` });
  const problem = `${name} is ${describe(given)}; give ${object.inWords}`;
  return { settings: defaultsOf(table), problems: [problem] };
}

/**
 * A configuration file's text as options, checked, without defaults.
 *
 * @throws FileError if it is not JSON, or where `completeConfig` would throw; the message begins with `source`.
 */
export function parseOptions(json: string, source: string): RunOptions {
  checkArgument('parseOptions', 'json', json, text);
  checkArgument('parseOptions', 'source', source, text);
  let config: unknown;
  try {
    config = JSON.parse(json);
  } catch (error) {
    throw new FileError(`${source} is not JSON: ${(error as Error).message}`);
  }
  try {
    checkArgument(source, 'the configuration', config, object);
    // `$schema` tells editors where the JSON schema is.
    const { $schema: _, ...options } = withCurrentNames(config, source) as RunOptions & { $schema?: string };
    completeConfig(options, source);
    return options;
  } catch (error) {
    throw new FileError((error as Error).message, { cause: error });
  }
}

/** A configuration file's text as a complete configuration. @throws FileError as `parseOptions` does. */
export function parseConfig(json: string, source: string): RunConfig {
  checkArgument('parseConfig', 'json', json, text);
  checkArgument('parseConfig', 'source', source, text);
  return completeConfig(parseOptions(json, source), source);
}

/** The defaults: MADDPG on cooperative navigation. */
export const defaultConfig: RunConfig = completeConfig({});
