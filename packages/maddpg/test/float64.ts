/** Algorithms in float64, for finite differences: float32 is too coarse for them. */
import { Module } from '@paragrad/nn';
import { Generator, grad, noGrad, Tensor } from '@paragrad/tensor';
import { expect } from 'vitest';
import {
  type Algorithm,
  algorithmName,
  type Batch,
  jointBatch,
  type Maddpg,
  type MaddpgSettings,
  makeAlgorithm,
} from '../src/index.js';
import { namedNetworks } from './networks-of.js';

/** Turns every parameter of an algorithm into float64, in place. Its optimizers cannot be used afterwards. */
export function convertToFloat64(algorithm: Algorithm): void {
  for (const { network } of namedNetworks(algorithm)) convert(network);
}

/** A generator that can repeat its uniform draws. */
class Rewindable extends Generator {
  inner: Generator | undefined;

  override next(): number {
    return this.inner ? this.inner.next() : super.next();
  }

  rewind(): void {
    this.inner = new Generator(2);
  }
}

/** A copy of an algorithm in float64. Its optimizers cannot be used. */
export class Float64Copy<Algorithm extends Maddpg> {
  readonly maddpg: Algorithm;
  readonly #generator = new Rewindable(1);

  constructor(original: Algorithm, changed: Partial<MaddpgSettings> = {}) {
    const { settings, specs } = original;
    this.maddpg = makeAlgorithm(algorithmName(original), specs, {
      ...settings,
      ...changed,
      generator: this.#generator,
    }) as Algorithm;
    const originals = namedNetworks(original);
    namedNetworks(this.maddpg).forEach(({ network }, index) => {
      network.loadStateDict(originals[index].network.stateDict());
      convert(network);
    });
  }

  /** A function that calls `make` with the same random choices each time. */
  withSameDraws<T>(make: (maddpg: Algorithm) => T): () => T {
    return () => {
      this.#generator.rewind();
      return make(this.maddpg);
    };
  }
}

function convert(holder: object): void {
  for (const [name, value] of Object.entries(holder)) {
    if (value instanceof Tensor && value.requiresGrad) {
      const converted = new Tensor(Float64Array.from(value.data), value.shape, { requiresGrad: true });
      Object.assign(holder, { [name]: converted });
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

/** Compares gradients with finite differences, at a few weights of each parameter. The steps are too small to cross the kink of a ReLU. */
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
