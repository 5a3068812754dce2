import type { Generator } from '@paragrad/tensor';
import { Iql } from './baselines/iql.js';
import { Qmix } from './baselines/qmix.js';
import type { AgentSpec } from './environments/agent-spec.js';
import type { Algorithm } from './learning/algorithm.js';
import { Maddpg } from './maddpg.js';
import type { LearningSettings } from './settings/learning-settings.js';
import type { SettingsOf } from './settings/setting.js';
import { AttentionMaddpg } from './variants/attention-maddpg.js';
import { CommunicatingMaddpg } from './variants/communicating-maddpg.js';
import { EnsembleMaddpg } from './variants/ensemble-maddpg.js';
import { InferringMaddpg } from './variants/inferring-maddpg.js';
import { Matd3 } from './variants/matd3.js';
import { OpenaiMaddpg } from './variants/openai-maddpg.js';

/** MADDPG, its variants and the baselines by the names that configurations, checkpoints and the command line know them by. */
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

/** A name in `algorithms`, as `--algorithm` takes it. */
export type AlgorithmName = keyof typeof algorithms;

/** What a name stands for. */
export type AlgorithmOf<Name extends AlgorithmName> = InstanceType<(typeof algorithms)[Name]>;

/** Settings of any of them: those that all have, and what one or the other has in addition. */
export type AlgorithmSettings = LearningSettings &
  Partial<SettingsOfAll<(typeof algorithms)[AlgorithmName]['settings']>>;

/** The settings of all these tables together. */
type SettingsOfAll<Table> = (Table extends unknown ? (settings: SettingsOf<Table>) => void : never) extends (
  settings: infer All,
) => void
  ? All
  : never;

/** All names in `algorithms`. */
export const algorithmNames = Object.keys(algorithms) as AlgorithmName[];

/** An algorithm by name. Throws on a name that there is not, and on a setting that this algorithm does not have. */
export function makeAlgorithm<Name extends AlgorithmName>(
  name: Name,
  specs: readonly AgentSpec[],
  options: Partial<AlgorithmSettings> & { generator: Generator },
): AlgorithmOf<Name> {
  if (!algorithmNames.includes(name)) {
    throw new Error(`makeAlgorithm: there is no '${name}'; there are ${algorithmNames.join(', ')}`);
  }
  return new algorithms[name](specs, options) as AlgorithmOf<Name>;
}

/** Throws where it is none of `algorithms`, but a subclass made elsewhere. */
export function algorithmName(algorithm: Algorithm): AlgorithmName {
  const name = algorithmNames.find((name) => algorithm.constructor === algorithms[name]);
  if (!name) {
    throw new Error(
      `algorithmName: ${algorithm.constructor.name} is none of ${algorithmNames.join(', ')}; ` +
        "keep its networks' and optimizers' stateDict()",
    );
  }
  return name;
}
