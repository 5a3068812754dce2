import { type Algorithm, Learner } from '@paragrad/maddpg';
import { Tensor } from '@paragrad/tensor';

/**
 * Everything that an algorithm has learned, as plain arrays. From one algorithm to an equal one in the same page: files take several
 * times as long, because they are checked.
 */
export interface Learned {
  readonly updates: number;
  readonly arrays: readonly (Float32Array | Float64Array)[];
}

export function learnedBy(algorithm: Algorithm): Learned {
  const arrays = partsOf(algorithm).flatMap((part) =>
    Object.values(part.stateDict()).map(({ data }) => data.slice()),
  );
  return { updates: algorithm.updates, arrays };
}

/** Gives the algorithm what an equal one has learned. */
export function learn(algorithm: Algorithm, { updates, arrays }: Learned): void {
  let next = 0;
  for (const part of partsOf(algorithm)) {
    const state = Object.entries(part.stateDict());
    part.loadStateDict(
      Object.fromEntries(state.map(([name, { shape }]) => [name, new Tensor(arrays[next++], shape)])),
    );
  }
  algorithm.updates = updates;
}

/** Networks, targets, optimizers and statistics, each once. */
function partsOf(algorithm: Algorithm) {
  const parts = algorithm.namedParts().flatMap(([, named]) => Object.values(named));
  return [...new Set(parts)].flatMap((part) =>
    part instanceof Learner ? [part.network, part.target, part.optimizer] : [part],
  );
}
