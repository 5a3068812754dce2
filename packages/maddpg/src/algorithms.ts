import type { AgentSpec } from './agent-spec.js';
import { Maddpg, type MaddpgOptions } from './maddpg.js';
import { AttentionMaddpg, type AttentionMaddpgSettings } from './variants/attention-maddpg.js';
import { CommunicatingMaddpg, type CommunicatingMaddpgSettings } from './variants/communicating-maddpg.js';
import { EnsembleMaddpg, type EnsembleMaddpgSettings } from './variants/ensemble-maddpg.js';
import { InferringMaddpg, type InferringMaddpgSettings } from './variants/inferring-maddpg.js';
import { Matd3, type Matd3Settings } from './variants/matd3.js';
import { OpenaiMaddpg } from './variants/openai-maddpg.js';

/** MADDPG and its variants by the names that configurations, checkpoints and the command line know them by. */
export const algorithms = {
  maddpg: Maddpg,
  matd3: Matd3,
  'attention-maddpg': AttentionMaddpg,
  'ensemble-maddpg': EnsembleMaddpg,
  'communicating-maddpg': CommunicatingMaddpg,
  'inferring-maddpg': InferringMaddpg,
  'openai-maddpg': OpenaiMaddpg,
} as const;

export type AlgorithmName = keyof typeof algorithms;

/** Settings of any of them: those of MADDPG, and what a variant has in addition. */
export type AlgorithmSettings = Maddpg['settings'] &
  Partial<
    Matd3Settings &
      AttentionMaddpgSettings &
      EnsembleMaddpgSettings &
      CommunicatingMaddpgSettings &
      InferringMaddpgSettings
  >;

export const algorithmNames = Object.keys(algorithms) as AlgorithmName[];

/** Throws on a setting that this algorithm does not have. */
export function makeAlgorithm(
  name: AlgorithmName,
  specs: readonly AgentSpec[],
  options: MaddpgOptions & Partial<AlgorithmSettings>,
): Maddpg {
  return new algorithms[name](specs, options);
}

/** Throws where it is none of `algorithms`, but a subclass made elsewhere. */
export function algorithmName(algorithm: Maddpg): AlgorithmName {
  const name = algorithmNames.find((name) => algorithm.constructor === algorithms[name]);
  if (!name) {
    throw new Error(
      `algorithmName: ${algorithm.constructor.name} is none of ${algorithmNames.join(', ')}; ` +
        "keep its networks' and optimisers' stateDict()",
    );
  }
  return name;
}
