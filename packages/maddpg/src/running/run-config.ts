import { type EnvParams, type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { type AlgorithmSettings, algorithmNames, algorithms } from '../algorithms.js';
import { type ExplorationSettings, explorationSettings } from '../exploration/exploration.js';
import { type Sampling, samplingSettings } from '../replay/make-memory.js';
import { count, type Kind, object, oneOf, seed } from '../settings/kinds.js';
import { complete, type SettingsOf, setting } from '../settings/setting.js';
import { withCurrentNames } from './old-names.js';

/** What decides a run, besides how it samples and explores and the settings of its algorithm. */
export const runSettings = {
  scenario: setting(
    'simple_spread',
    oneOf(...(scenarioNames as readonly ScenarioName[])),
    'the particle environment',
  ),
  env: setting(
    {},
    object as Kind<EnvParams<ScenarioName>>,
    'the environment\'s parameters, such as { "N": 4 }; actionMode and benchmarkData follow from the run',
  ),
  seed: setting(1, seed, 'decides everything random'),
  algorithm: setting('maddpg', oneOf(...algorithmNames), 'what learns'),
  actions: setting(
    'continuous',
    oneOf('continuous', 'discrete'),
    'what the agents do: forces and weights of words, or a choice of one move and one word',
  ),
  episodes: setting(10_000, count, 'episodes of training'),
  batchSize: setting(1024, count, 'transitions in a batch'),
  stepsPerUpdate: setting(100, count, 'environment steps from one update to the next'),
  warmupSteps: setting(1024, count, 'environment steps before the first update'),
  replayCapacity: setting(1_000_000, count, 'the most transitions that the replay memory holds'),
  nStep: setting(1, count, 'n of n-step returns: rewards that are summed up before a value follows'),
  evaluationEpisodes: setting(1000, count, 'episodes of the evaluation at the end, for each policy'),
};

/** All that decides a training run and its evaluation. Plain data: written as JSON, it repeats the run, bit for bit. */
export interface RunConfig extends SettingsOf<typeof runSettings> {
  /** Which transitions a batch is made of. */
  readonly sampling: Sampling;
  readonly exploration: ExplorationSettings;
  /** The settings of the algorithm. */
  readonly settings: AlgorithmSettings;
}

/** What a configuration may say: what it leaves out is the default. */
export type RunOptions = Partial<
  Omit<RunConfig, 'sampling' | 'exploration' | 'settings'> & {
    readonly sampling: Partial<Sampling>;
    readonly exploration: Partial<ExplorationSettings>;
    readonly settings: Partial<AlgorithmSettings>;
  }
>;

/** The whole configuration: what is given, and the defaults. Throws, naming all that is wrong and where it came from. */
export function completeConfig(given: RunOptions, source = 'run'): RunConfig {
  const { sampling = {}, exploration = {}, settings = {}, ...run } = given;
  const ofRun = complete(runSettings, run);
  const { algorithm } = ofRun.settings;
  const table = algorithmNames.includes(algorithm) ? algorithms[algorithm].settings : {};
  const ofSampling = complete(samplingSettings, sampling, { group: 'sampling' });
  const ofExploration = complete(explorationSettings, exploration, { group: 'exploration' });
  const ofAlgorithm = complete(table, settings, { group: 'settings', owner: algorithm });

  const parts = [ofRun, ofSampling, ofExploration, ofAlgorithm];
  const problems = parts.flatMap((part) => part.problems);
  if (problems.length > 0) throw new Error(`${source}: ${problems.join('; ')}`);
  return {
    ...ofRun.settings,
    sampling: ofSampling.settings,
    exploration: ofExploration.settings,
    settings: ofAlgorithm.settings as AlgorithmSettings,
  };
}

/** What a configuration file says: checked, without defaults. Throws, in the name of `source`, on what is wrong. */
export function parseOptions(json: string, source: string): RunOptions {
  let config: unknown;
  try {
    config = JSON.parse(json);
  } catch (error) {
    throw new Error(`${source} is not JSON: ${(error as Error).message}`);
  }
  if (!object.accepts(config)) throw new Error(`${source}: ${JSON.stringify(config)}; give ${object.range}`);
  // `$schema` is for editors: where they find the JSON schema.
  const { $schema: _, ...options } = withCurrentNames(config) as RunOptions & { $schema?: string };
  completeConfig(options, source);
  return options;
}

/** A configuration file's text as a whole configuration. Throws, in the name of `source`, on what is wrong. */
export function parseConfig(json: string, source: string): RunConfig {
  return completeConfig(parseOptions(json, source), source);
}

/** The defaults: MADDPG on cooperative navigation. */
export const defaultConfig: RunConfig = completeConfig({});
