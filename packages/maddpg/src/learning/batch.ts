import { concat, formatShape, noGrad, sameShape, sum, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';

/** Transitions (o, a, r, o') sampled from the replay memory. Each array has one entry for each agent. */
export interface Batch extends AgentsBatch {
  /** All agents' observations side by side: [batch, sum of obs_i] */
  readonly x: Tensor;
  /** x' */
  readonly nextX: Tensor;
  /** Of a batch that was drawn by priority. */
  readonly priority?: Priority;
}

/** What prioritized replay tells the critics' losses, and wants to know of them. */
export interface Priority {
  /** The importance weights: [batch, 1], each in (0, 1]. */
  readonly weights: Tensor;
  /** Takes one agent's squared TD errors, a number for each row. Once for each critic. */
  readonly report: (squaredErrors: ArrayLike<number>) => void;
}

/** A batch agent by agent; `jointBatch` adds x and x'. Each array has one entry for each agent. */
export interface AgentsBatch {
  /** o_i [batch, obs_i] */
  readonly observations: readonly Tensor[];
  /** a_i [batch, act_i] */
  readonly actions: readonly Tensor[];
  /** r_i [batch, 1] */
  readonly rewards: readonly Tensor[];
  /** o'_i [batch, obs_i] */
  readonly nextObservations: readonly Tensor[];
  /**
   * [batch, 1]: 1 where the episode ended in o' for good, else 0. A time limit (truncation) is no such end. Between 0 and 1 in
   * n-step returns: see `ReplayMemoryOptions.nStep`.
   */
  readonly terminations: readonly Tensor[];
}

/** A batch of what each agent has seen and done. */
export function jointBatch(batch: AgentsBatch): Batch {
  return { ...batch, x: concat(batch.observations, 1), nextX: concat(batch.nextObservations, 1) };
}

/** Throws on a batch that would spoil the networks: a wrong shape, a NaN, an infinity. */
export function checkBatch(specs: readonly AgentSpec[], batch: Batch): void {
  const size = batch.rewards[0]?.shape[0] ?? 0;
  const width = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
  checkGiven('x', batch.x, [size, width]); // its numbers are those of the observations
  checkGiven('nextX', batch.nextX, [size, width]);
  specs.forEach(({ name, observationSize, actionSize }, i) => {
    check(`${name}'s observations`, batch.observations[i], [size, observationSize]);
    check(`${name}'s actions`, batch.actions[i], [size, actionSize]);
    check(`${name}'s rewards`, batch.rewards[i], [size, 1]);
    check(`${name}'s nextObservations`, batch.nextObservations[i], [size, observationSize]);
    check(`${name}'s terminations`, batch.terminations[i], [size, 1]);
  });
}

/** Throws unless there are observations for each agent, of the same number of rows. */
export function checkObservations(specs: readonly AgentSpec[], observations: readonly Tensor[]): void {
  if (observations.length !== specs.length) {
    throw new Error(`act: observations of ${observations.length} agents; give those of all ${specs.length}`);
  }
  const rows = observations[0]?.shape[0] ?? 1;
  specs.forEach(({ name, observationSize }, i) => {
    checkShape(`act: ${name}'s observations`, observations[i], [rows, observationSize]);
  });
}

function check(what: string, x: Tensor | undefined, shape: readonly number[]): asserts x is Tensor {
  checkGiven(what, x, shape);
  // Sums of finite numbers are finite, but for numbers that are close to the largest: only then a look at each.
  const sums = noGrad(() => sum(x, { axis: 0 })).data;
  const bad = sums.every(Number.isFinite) ? -1 : x.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new Error(
      `batch: ${what} contain ${x.data[bad]} in row ${Math.floor(bad / shape[1])}; nothing was learned from this batch`,
    );
  }
}

function checkGiven(what: string, x: Tensor | undefined, shape: readonly number[]): asserts x is Tensor {
  if (!x) throw new Error(`batch: ${what} are missing; give one tensor for each agent`);
  checkShape(`batch: ${what}`, x, shape);
}

function checkShape(what: string, x: Tensor, shape: readonly number[]): void {
  if (!sameShape(x.shape, shape)) {
    throw new Error(`${what} have shape ${formatShape(x.shape)}; expected ${formatShape(shape)}`);
  }
}
