/** For finite differences: float32 is too coarse for them. */
import { Module } from '@paragrad/nn';
import { grad, noGrad, Tensor } from '@paragrad/tensor';
import { expect } from 'vitest';
import { type Algorithm, type Batch, jointBatch } from '../src/index.js';

/** Turns every parameter of an algorithm into float64, where it is. Its optimisers are of no use afterwards. */
export function inFloat64(algorithm: Algorithm): void {
  for (const [, parts] of algorithm.namedAgents()) {
    for (const part of Object.values(parts)) if (part instanceof Module) convert(part);
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

/** Compares gradients at a few weights of each parameter. A step that small does not carry a ReLU over its kink. */
export function expectFiniteDifferences(parameters: readonly Tensor[], loss: () => Tensor): void {
  const gradients = grad(loss(), parameters);
  const value = () => noGrad(loss).item();
  parameters.forEach(({ data }, p) => {
    for (let k = 0; k < data.length; k += Math.ceil(data.length / 8)) {
      const original = data[k];
      data[k] = original + 1e-6;
      const above = value();
      data[k] = original - 1e-6;
      const below = value();
      data[k] = original;
      const numeric = (above - below) / 2e-6;
      expect(Math.abs(gradients[p].data[k] - numeric)).toBeLessThan(1e-7 + 1e-6 * Math.abs(numeric));
    }
  });
}
