/** What a critic knows of each agent: how much its value changes with what that agent sees and does. */
import type { Batch, Maddpg } from '@paragrad/maddpg';
import { grad, scope, Tensor } from '@paragrad/tensor';
import { copyWith } from './copy.js';
import { mistakesNamed } from './mistakes.js';

export interface Knowledge {
  /** The mean over all rows of ‖dQ_i/do_j‖, for every agent j. */
  readonly observations: readonly number[];
  /** The mean over all rows of ‖dQ_i/da_j‖, for every agent j. */
  readonly actions: readonly number[];
}

/** What agent i's critic knows, at the observations and actions of a batch. */
export function knowledgeOf(algorithm: Maddpg, i: number, given: Batch): Knowledge {
  return scope(() => {
    const batch = algorithm.normalized(given);
    const x = leaf(batch.x);
    const actions = batch.actions.map(leaf);
    const q = algorithm.agents[i].critic.network.forward(x, actions, i);
    const [byX, ...byActions] = grad(q.sum(), [x, ...actions], { allowUnused: true });
    const { specs } = algorithm;
    return {
      observations: specs.map(({ observationSize }, j) =>
        meanNorm(byX, widthBefore(algorithm, j), observationSize),
      ),
      actions: specs.map(({ actionSize }, j) => meanNorm(byActions[j], 0, actionSize)),
    };
  });
}

/** Critic steps that an independent critic learns for, before it is compared. */
const LESSONS = 200;

/**
 * A copy whose critics see only their own agent. Those of these agents have learned the value of the same policies anew, from this
 * batch of a replay memory; the others are new.
 */
export function withIndependentCritics(algorithm: Maddpg, given: Batch, agents: readonly number[]): Maddpg {
  const copy = copyWith(algorithm, mistakesNamed(['independent-critic']));
  const batch = copy.normalized(given);
  for (const i of agents) {
    for (let lesson = 0; lesson < LESSONS; lesson++) {
      scope(() => copy.criticStep(i, batch, copy.nextActions(batch)));
      copy.agents[i].critic.updateTarget(copy.settings.tau);
    }
  }
  return copy;
}

function leaf({ data, shape }: Tensor): Tensor {
  return new Tensor(data.slice(), shape, { requiresGrad: true });
}

function widthBefore({ specs }: Maddpg, j: number): number {
  return specs.slice(0, j).reduce((sum, { observationSize }) => sum + observationSize, 0);
}

/** The mean over all rows of the length of these columns; 0 without a gradient. */
function meanNorm(gradient: Tensor | null, from: number, count: number): number {
  if (!gradient) return 0;
  const { data, shape } = gradient;
  const [rows, width] = shape;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * width + from;
    sum += Math.hypot(...data.subarray(start, start + count));
  }
  return sum / rows;
}
