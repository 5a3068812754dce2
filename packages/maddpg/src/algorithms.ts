import { ArgumentError, checkArgument, oneOf } from '@paragrad/check';
import type { Generator } from '@paragrad/tensor';
import { Iql } from './baselines/iql.js';
import { Qmix } from './baselines/qmix.js';
import type { AgentSpec } from './environments/agent-spec.js';
import { type Algorithm, anAlgorithm } from './learning/algorithm.js';
import { Maddpg } from './maddpg.js';
import type { LearningSettings } from './settings/learning-settings.js';
import { AttentionMaddpg } from './variants/attention-maddpg.js';
import { CommunicatingMaddpg } from './variants/communicating-maddpg.js';
import { EnsembleMaddpg } from './variants/ensemble-maddpg.js';
import { InferringMaddpg } from './variants/inferring-maddpg.js';
import { Matd3 } from './variants/matd3.js';
import { OpenaiMaddpg } from './variants/openai-maddpg.js';

/** MADDPG, its variants and the baselines, by the names that configurations, checkpoints and the command line use. */
export const algorithms = {
  /** As in the paper: a critic for each agent, which sees everybody (Lowe et al. 2017). */
  maddpg: Maddpg,
  /** Twin critics, smoothed targets and delayed actors against overestimated values (Ackermann et al. 2019). */
  matd3: Matd3,
  /** One critic with attention for all agents. */
  'attention-maddpg': AttentionMaddpg,
  /** Each agent has several policies, and plays each episode with one of them (Lowe et al. 2017, section 4.3). */
  'ensemble-maddpg': EnsembleMaddpg,
  /** Agents send each other messages, which they learn by gradients. */
  'communicating-maddpg': CommunicatingMaddpg,
  /** Agents infer the others' policies from what they do (Lowe et al. 2017, section 4.2). */
  'inferring-maddpg': InferringMaddpg,
  /** As in the authors' released code: its order of steps, its clipping and its defaults. */
  'openai-maddpg': OpenaiMaddpg,
  /** Independent Q-learning, a baseline for choices (Tan 1993). */
  iql: Iql,
  /** A value of the team from the agents' values, a baseline for choices (Rashid et al. 2018). */
  qmix: Qmix,
} as const;

/** A name in `algorithms`. */
export type AlgorithmName = keyof typeof algorithms;

/** The class that a name stands for. */
export type AlgorithmOf<Name extends AlgorithmName> = InstanceType<(typeof algorithms)[Name]>;

/** The settings of any algorithm: those that all have, and those that only some have. */
export type AlgorithmSettings = LearningSettings &
  Partial<SettingsOfAll<AlgorithmOf<AlgorithmName>['settings']>>;

/** All of these settings together. */
export type SettingsOfAll<Settings> = (
  Settings extends unknown
    ? (settings: Settings) => void
    : never
) extends (settings: infer All) => void
  ? All
  : never;

/** All names in `algorithms`. */
export const algorithmNames = Object.keys(algorithms) as AlgorithmName[];

/**
 * Makes an algorithm by name.
 *
 * @param options settings, and the generator for the initial weights.
 * @throws ArgumentError on unknown names, on settings that this algorithm does not have, and on values out of range.
 */
export function makeAlgorithm<Name extends AlgorithmName>(
  name: Name,
  specs: readonly AgentSpec[],
  options: Partial<AlgorithmSettings> & { generator: Generator },
): AlgorithmOf<Name> {
  checkArgument('makeAlgorithm', 'the name', name, oneOf(...algorithmNames));
  return new algorithms[name](specs, options) as AlgorithmOf<Name>;
}

/**
 * The name of an algorithm.
 *
 * @throws ArgumentError if its class is not in `algorithms`, for example a subclass of your own.
 */
export function algorithmName(algorithm: Algorithm): AlgorithmName {
  checkArgument('algorithmName', 'algorithm', algorithm, anAlgorithm);
  const name = algorithmNames.find((name) => algorithm.constructor === algorithms[name]);
  if (!name) {
    throw new ArgumentError(
      `algorithmName: ${algorithm.constructor.name} has no name, because it is none of ${algorithmNames.join(', ')}; ` +
        'saveCheckpoint and restoreCheckpoint need no name',
    );
  }
  return name;
}
