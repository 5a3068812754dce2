/** What an agent's critic says about a moment: values and gradients, by the networks as they are. */
import { type Batch, jointBatch, type Maddpg } from '@paragrad/maddpg';
import type { ParallelEnv, WorldState } from '@paragrad/mpe';
import { grad, noGrad, scope, Tensor, zeros } from '@paragrad/tensor';

/** Observations of all agents, one row for each state: o_j as [rows, obs_j]. */
export type Observations = readonly Float32Array[];

/** A batch of these observations. What a step would add is zeros, because critics and actors do not look at it. */
export function batchOf(algorithm: Maddpg, observations: Observations): Batch {
  const { specs } = algorithm;
  const rows = observations[0].length / specs[0].observationSize;
  const tensors = specs.map(({ observationSize }, j) => new Tensor(observations[j], [rows, observationSize]));
  const nothing = specs.map(() => zeros([rows, 1]));
  return algorithm.normalized(
    jointBatch({
      observations: tensors,
      actions: specs.map(({ actionSize }) => zeros([rows, actionSize])),
      rewards: nothing,
      nextObservations: tensors,
      terminations: nothing,
    }),
  );
}

/** Q_i of each row: actions a_j as [rows, act_j]. */
export function values(algorithm: Maddpg, i: number, batch: Batch, actions: readonly Tensor[]): Float32Array {
  return scope(() => {
    const q = noGrad(() => algorithm.agents[i].critic.network.forward(batch.x, actions, i));
    return Float32Array.from(q.data);
  });
}

/** dQ_i/da_i of each row, as [rows * act_i]. */
export function actionGradients(
  algorithm: Maddpg,
  i: number,
  batch: Batch,
  actions: readonly Tensor[],
): Float32Array {
  return scope(() => {
    const given = actions.map(
      (action, j) => new Tensor(Float32Array.from(action.data), action.shape, { requiresGrad: j === i }),
    );
    const q = algorithm.agents[i].critic.network.forward(batch.x, given, i);
    const [gradient] = grad(q.sum(), [given[i]]);
    return Float32Array.from(gradient.data);
  });
}

/**
 * Q_i over a grid of agent i's first two action numbers, while all else stays: row by row, from the top left. The outermost are
 * full forces.
 */
export function valuesOverActions(
  algorithm: Maddpg,
  i: number,
  observations: Observations,
  actions: readonly Float32Array[],
  size: number,
): Float32Array {
  const rows = size * size;
  const batch = batchOf(
    algorithm,
    observations.map((row) => repeat(row, rows)),
  );
  const { maxAction } = algorithm.specs[i];
  const repeated = actions.map((action, j) => {
    const all = repeat(action, rows);
    if (j === i) {
      for (let k = 0; k < rows; k++) {
        const toEdge = size / (size - 1);
        all[k * action.length] = maxAction * toEdge * gridX(k, size);
        all[k * action.length + 1] = maxAction * toEdge * gridY(k, size);
      }
    }
    return new Tensor(all, [rows, action.length]);
  });
  return values(algorithm, i, batch, repeated);
}

/** What an agent's critic says of the places it could be. */
export interface PlaceValues {
  /** Q_i at each place of the grid, if everybody there does what their actors say. Row by row, from the top left. */
  readonly values: Float32Array;
  /** dQ_i/da_i at each place: [places * act_i]. */
  readonly gradients: Float32Array;
}

/** Q_i and dQ_i/da_i with agent i at each place of a grid over [-halfWidth, halfWidth]². `env` is left in another state. */
export function valuesOverPlaces(
  algorithm: Maddpg,
  env: ParallelEnv,
  state: WorldState,
  i: number,
  size: number,
  halfWidth = 1,
): PlaceValues {
  const rows = size * size;
  const { specs } = algorithm;
  const observations = specs.map(({ observationSize }) => new Float32Array(rows * observationSize));
  for (let k = 0; k < rows; k++) {
    const pos = [halfWidth * gridX(k, size), halfWidth * gridY(k, size)] as const;
    const seen = env.setState({
      ...state,
      agents: state.agents.map((agent, j) => (j === i ? { ...agent, pos } : agent)),
    });
    specs.forEach(({ name, observationSize }, j) => {
      observations[j].set(seen[name], k * observationSize);
    });
  }
  const batch = batchOf(algorithm, observations);
  const actions = actionsOf(algorithm, observations);
  return {
    values: values(algorithm, i, batch, actions),
    gradients: actionGradients(algorithm, i, batch, actions),
  };
}

/** What all actors do, without noise: a_j as [rows, act_j]. */
export function actionsOf(algorithm: Maddpg, observations: Observations): Tensor[] {
  const tensors = algorithm.specs.map(
    ({ observationSize }, j) =>
      new Tensor(observations[j], [observations[j].length / observationSize, observationSize]),
  );
  return algorithm.act(tensors);
}

const gridX = (k: number, size: number) => (2 * ((k % size) + 0.5)) / size - 1;
const gridY = (k: number, size: number) => 1 - (2 * (Math.floor(k / size) + 0.5)) / size;

function repeat(row: Float32Array, times: number): Float32Array {
  const all = new Float32Array(row.length * times);
  for (let k = 0; k < times; k++) all.set(row, k * row.length);
  return all;
}
