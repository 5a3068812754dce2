import { writeSafetensors } from '@paragrad/nn';
import type { Algorithm } from '../learning/algorithm.js';
import { actionParts } from './action-parts.js';
import { actorsOf, type LoneActor } from './actors.js';

/**
 * A safetensors file for each actor, by the same names as in `exportOnnx`. Its tensors are the state of PyTorch's
 * `nn.Sequential(nn.Linear(obs, 64), nn.ReLU(), ..., nn.Linear(64, act))`: `0.weight` [64, obs], `0.bias` [64], `2.weight`, ...
 * What comes before and after the network is in the metadata, as JSON under the key `actor`: see `ActorDescription`.
 * docs/deploying.md has the lines of PyTorch that load such a file.
 *
 * @throws ArgumentError like `exportOnnx`.
 */
export function exportPyTorch(algorithm: Algorithm): Record<string, Uint8Array> {
  return Object.fromEntries(actorsOf('exportPyTorch', algorithm).map((actor) => [actor.name, fileOf(actor)]));
}

/** What an actor computes besides its network, as plain data. */
export interface ActorDescription {
  /** What goes in, in words. */
  readonly input: string;
  /** The sizes of the network's layers, input and output included. */
  readonly sizes: readonly number[];
  /** What happens to the input x first: clamp((x - mean) / deviation, ±limit). A number is for all of x. No limit: no clamp. */
  readonly mean: number | readonly number[];
  /** The deviation in the same formula. */
  readonly deviation: number | readonly number[];
  /** The limit in the same formula. */
  readonly limit?: number;
  /** The first outputs are numbers: tanh, scaled from [-1, 1] to these bounds. */
  readonly low: readonly number[];
  /** The upper bounds. */
  readonly high: readonly number[];
  /** Choices: floor(k / stride) mod size + first, where k is the position of the largest of the outputs [from, to). */
  readonly choices: readonly {
    /** The index of the first of the outputs that decide this choice. */
    readonly from: number;
    /** The index after the last of them. */
    readonly to: number;
    /** How many neighboring outputs stand for the same option. 1 unless the outputs are combinations of several choices. */
    readonly stride: number;
    /** How many options the choice has. */
    readonly size: number;
    /** The number of the choice's first option in the environment. */
    readonly first: number;
  }[];
}

function fileOf({ input, spec, norm, layers, choices }: LoneActor): Uint8Array {
  const parts = actionParts(spec);
  const first = parts.flatMap((part) => ('first' in part ? part.first : []));
  const description: ActorDescription = {
    input,
    sizes: [spec.observationSize, ...layers.map(({ weight }) => weight.shape[0])],
    ...(norm ?? { mean: 0, deviation: 1 }),
    low: parts.flatMap((part) => ('low' in part ? part.low : [])),
    high: parts.flatMap((part) => ('high' in part ? part.high : [])),
    choices: choices.map((rule, k) => ({ ...rule, first: first[k] })),
  };
  const tensors = layers.flatMap((layer, k) =>
    Object.entries(layer.stateDict()).map(([name, x]) => [`${2 * k}.${name}`, x] as const),
  );
  return writeSafetensors(Object.fromEntries(tensors), { format: 'pt', actor: JSON.stringify(description) });
}
