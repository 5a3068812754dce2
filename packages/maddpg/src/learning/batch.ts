import { ArgumentError, describe, ShapeError } from '@paragrad/check';
import { aTensor, concat, currentKernels, formatShape, sameShape, Tensor } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';

/** Transitions (o, a, r, o') from the replay memory. Each array has one entry for each agent. */
export interface Batch extends PerAgentBatch {
  /** The joint observation, all o_i side by side: [batch, sum of obs_i] */
  readonly x: Tensor;
  /** x', all o'_i side by side: [batch, sum of obs_i] */
  readonly nextX: Tensor;
  /** Only in batches of a prioritized replay memory. */
  readonly priority?: BatchPriority;
}

/** What a batch of prioritized replay adds: weights for the critics' losses, and a way to send the errors back. */
export interface BatchPriority {
  /** The importance weights: [batch, 1], each in (0, 1]. */
  readonly weights: Tensor;
  /** Call it once for each critic, with its squared TD errors: one number for each row. */
  readonly report: (squaredErrors: ArrayLike<number>) => void;
}

/** A batch without x and x', which `jointBatch` adds. Each array has one entry for each agent. */
export interface PerAgentBatch {
  /** o_i [batch, obs_i] */
  readonly observations: readonly Tensor[];
  /** a_i [batch, act_i] */
  readonly actions: readonly Tensor[];
  /** r_i [batch, 1] */
  readonly rewards: readonly Tensor[];
  /** o'_i [batch, obs_i] */
  readonly nextObservations: readonly Tensor[];
  /**
   * done_i [batch, 1]: 1 if the episode terminated in o', else 0. A time limit (truncation) does not count. With n-step
   * returns numbers between 0 and 1 occur: see `ReplayMemoryOptions.nStep`.
   */
  readonly terminations: readonly Tensor[];
  /** Only in batches in which some agent was not live. Without it, all agents were live in every row. */
  readonly liveness?: Liveness;
}

/**
 * Which agents were live. An agent that is not live has zeros for observation and action, and takes no part in any loss of its
 * own: see liveness.ts. Each array has one entry for each agent.
 */
export interface Liveness {
  /** `[batch, 1]`: 1 if agent i was live at o, so that it acted, else 0. */
  readonly live: readonly Tensor[];
  /** `[batch, 1]`: 1 if agent i is live at o', else 0. */
  readonly nextLive: readonly Tensor[];
  /** `[batch, 1]`: 1 if agent i was cut off at o' (truncated), else 0. Its value there still counts, but it is not live. */
  readonly truncated: readonly Tensor[];
}

/** The batch with the joint observations x and x'. */
export function jointBatch(batch: PerAgentBatch): Batch {
  checkFields(batch);
  return { ...batch, x: concat(batch.observations, 1), nextX: concat(batch.nextObservations, 1) };
}

const FIELDS = ['observations', 'actions', 'rewards', 'nextObservations', 'terminations'] as const;

function checkFields(batch: PerAgentBatch): void {
  for (const field of FIELDS) {
    if (!Array.isArray(batch?.[field])) {
      throw new ArgumentError(
        `batch: ${field} is ${describe(batch?.[field])}; give an array with one tensor for each agent, as memory.sample does`,
      );
    }
  }
}

/** Throws if the batch would damage the networks: if a shape is wrong, or a number is NaN or infinite. */
export function checkBatch(specs: readonly AgentSpec[], batch: Batch): void {
  checkFields(batch);
  const size = batch.rewards[0]?.shape?.[0] ?? 0;
  const width = totalObservationSize(specs);
  // The numbers in x and x' are those of the observations.
  checkShape('the joint observations x', batch.x, [size, width], 'make the batch with jointBatch');
  checkShape('the joint observations nextX', batch.nextX, [size, width], 'make the batch with jointBatch');
  specs.forEach(({ name, observationSize, actionSize }, i) => {
    checkNumbers(`${name}'s observations`, batch.observations[i], [size, observationSize]);
    checkNumbers(`${name}'s actions`, batch.actions[i], [size, actionSize]);
    checkNumbers(`${name}'s rewards`, batch.rewards[i], [size, 1]);
    checkNumbers(`${name}'s nextObservations`, batch.nextObservations[i], [size, observationSize]);
    checkNumbers(`${name}'s terminations`, batch.terminations[i], [size, 1]);
    for (const [what, values] of Object.entries(batch.liveness ?? {})) {
      checkNumbers(`${name}'s liveness.${what}`, (values as readonly Tensor[])[i], [size, 1]);
    }
  });
}

function checkNumbers(what: string, x: Tensor | undefined, shape: readonly number[]): void {
  checkShape(what, x, shape, 'give one tensor for each agent');
  // The squares of finite numbers add up to a finite one, unless they are float64 and large. So search only if they do not.
  if (Number.isFinite(currentKernels().addSquares(x.values, 0))) return;
  const bad = x.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ArgumentError(
      `batch: ${what} contain ${x.values[bad]} in row ${Math.floor(bad / shape[1])}; ` +
        'give finite numbers (nothing was learned from this batch)',
    );
  }
}

/** @param remedy what to do if `x` is missing. */
function checkShape(
  what: string,
  x: Tensor | undefined,
  shape: readonly number[],
  remedy: string,
): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    const explanation = aTensor.explain?.(x);
    throw new ArgumentError(
      explanation ? `batch: one of the ${what} ${explanation}` : `batch: ${what} are missing; ${remedy}`,
    );
  }
  if (!sameShape(x.shape, shape)) throw shapeError(`batch: ${what}`, x, shape);
}

function shapeError(what: string, x: Tensor, expected: readonly number[]): Error {
  return new ShapeError(`${what} have shape ${formatShape(x.shape)}; give shape ${formatShape(expected)}`);
}
