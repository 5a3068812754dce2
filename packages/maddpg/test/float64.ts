/** For finite differences: float32 is too coarse for them. */
import { Module } from '@paragrad/nn';
import { Tensor } from '@paragrad/tensor';
import { type Batch, jointBatch, type Maddpg } from '../src/index.js';

/** Turns every parameter of an algorithm into float64, where it is. Its optimisers are of no use afterwards. */
export function inFloat64(maddpg: Maddpg): void {
  for (const agent of maddpg.agents) {
    for (const network of [agent.actor, agent.critic, agent.targetActor, agent.targetCritic])
      convert(network);
  }
}

function convert(holder: object): void {
  for (const [name, value] of Object.entries(holder)) {
    if (value instanceof Tensor && value.requiresGrad) {
      const exact = new Tensor(Float64Array.from(value.data), value.shape, { requiresGrad: true });
      Object.assign(holder, { [name]: exact });
    } else if (value instanceof Module || Array.isArray(value)) convert(value);
  }
}

export function batchInFloat64(batch: Batch): Batch {
  const convert = (tensors: readonly Tensor[]) =>
    tensors.map(({ data, shape }) => new Tensor(Float64Array.from(data), shape));
  return jointBatch({
    observations: convert(batch.observations),
    actions: convert(batch.actions),
    rewards: convert(batch.rewards),
    nextObservations: convert(batch.nextObservations),
    terminations: convert(batch.terminations),
  });
}
