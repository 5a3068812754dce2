import { ArgumentError, checkArgument, oneOf } from '@paragrad/check';
import type { Generator } from '@paragrad/tensor';
import { Iql } from './baselines/iql.js';
import { Qmix } from './baselines/qmix.js';
import type { AgentSpec } from './environments/agent-spec.js';
import { type Algorithm, anAlgorithm } from './learning/algorithm.js';
import { Maddpg } from './maddpg.js';
import type { LearningSettings } from './settings/learning-settings.js';
import type { SettingsOf } from './settings/setting.js';
import { AttentionMaddpg } from './variants/attention-maddpg.js';
import { CommunicatingMaddpg } from './variants/communicating-maddpg.js';
import { EnsembleMaddpg } from './variants/ensemble-maddpg.js';
import { InferringMaddpg } from './variants/inferring-maddpg.js';
import { Matd3 } from './variants/matd3.js';
import { OpenaiMaddpg } from './variants/openai-maddpg.js';

/** MADDPG, its variants and the baselines, by the names that configurations, checkpoints and the command line use. */
export const algorithms = {
  maddpg: Maddpg,
  matd3: Matd3,
  'attention-maddpg': AttentionMaddpg,
  'ensemble-maddpg': EnsembleMaddpg,
  'communicating-maddpg': CommunicatingMaddpg,
  'inferring-maddpg': InferringMaddpg,
  'openai-maddpg': OpenaiMaddpg,
  iql: Iql,
  qmix: Qmix,
} as const;

/** A name in `algorithms`. */
export type AlgorithmName = keyof typeof algorithms;

/** The class that a name stands for. */
export type AlgorithmOf<Name extends AlgorithmName> = InstanceType<(typeof algorithms)[Name]>;

/** The settings of any algorithm: those that all have, and those that only some have. */
export type AlgorithmSettings = LearningSettings &
  Partial<SettingsOfAll<(typeof algorithms)[AlgorithmName]['settings']>>;

/** The settings of all these tables together. */
export type SettingsOfAll<Table> = (
  Table extends unknown
    ? (settings: SettingsOf<Table>) => void
    : never
) extends (settings: infer All) => void
  ? All
  : never;

/** All names in `algorithms`. */
export const algorithmNames = Object.keys(algorithms) as AlgorithmName[];

/**
 * Makes an algorithm by name. Throws on unknown names, on settings that this algorithm does not have, and on values out
 * of range.
 *
 * @param options settings, and the generator for the initial weights.
 */
export function makeAlgorithm<Name extends AlgorithmName>(
  name: Name,
  specs: readonly AgentSpec[],
  options: Partial<AlgorithmSettings> & { generator: Generator },
): AlgorithmOf<Name> {
  checkArgument('makeAlgorithm', 'the name', name, oneOf(...algorithmNames));
  return new algorithms[name](specs, options) as AlgorithmOf<Name>;
}

/** The name of an algorithm. Throws if its class is not in `algorithms`, for example a subclass of your own. */
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
