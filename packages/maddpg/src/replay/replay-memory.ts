import {
  above0,
  atLeast0,
  type Check,
  checkArgument,
  checkOptions,
  from0To1,
  instanceOf,
  integerFrom1,
  type OptionChecks,
  object,
} from '@paragrad/check';
import { aGenerator, type FloatArray, type Generator } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';
import { checkSpecs } from '../environments/check-specs.js';
import type { Batch, Liveness } from '../learning/batch.js';
import { checkFinite } from '../learning/finite.js';
import { checkSame, type Stateful } from '../state/stateful.js';
import { gather, sideBySide, split } from './columns.js';
import { canContinue, doneOf, Fate, fatesOf, livenessOf, withoutAbsentAgents } from './fate.js';
import { bytesOfRows, RowQueue, type RowQueueState } from './row-queue.js';
import { checkTransition, type Transition } from './transition.js';

/** Options of every replay memory. */
export interface ReplayMemoryOptions {
  /** The largest number of transitions that it holds; each further one replaces the oldest. Default 1e6. */
  capacity?: number;
  /**
   * N-step returns. A sample from step t has the reward r_t + γ r_t+1 + ... + γ^(m-1) r_t+m-1, and o_t+m instead of
   * o_t+1. The number of steps m is `steps`, or fewer if the episode has fewer steps from t on, because it ended or
   * because its later steps are not in the memory yet. The value of o_t+m needs the factor γ^m, but a critic's target
   * multiplies it by γ (1 - done). So done is 1 - γ^(m-1), unless the episode terminated: then it is 1. Default: 1
   * step.
   */
  nStep?: { readonly steps: number; readonly gamma: number };
}

/** What a replay memory holds, as plain data. */
export interface ReplayMemoryState {
  readonly options: Required<ReplayMemoryOptions>;
  readonly observations: RowQueueState<Float32Array>;
  readonly steps: RowQueueState<Float32Array>;
  readonly rows: RowQueueState<Float64Array>;
  readonly episodeEnded: boolean;
  readonly knowsWhoIsLive: boolean;
}

/** More rows than anybody's memory holds would end the process. */
export const aBatchSize: Check<number> = {
  inWords: 'an integer from 1 to 2^24',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 2 ** 24,
};

type NStep = NonNullable<ReplayMemoryOptions['nStep']>;

/** What each option can be. */
export const replayChecks: OptionChecks<ReplayMemoryOptions> = {
  capacity: integerFrom1,
  nStep: object as Check<NStep>,
};
const nStepChecks: OptionChecks<NStep> = { steps: integerFrom1, gamma: from0To1 };

/**
 * The last `capacity` transitions, to draw batches from. It allocates memory as it fills. If a transition starts from the
 * observations that the last one ended with, they are stored only once.
 */
export class ReplayMemory implements Stateful {
  readonly capacity: number;
  readonly #specs: readonly AgentSpec[];
  /** Each row: o_1 ... o_n */
  readonly #observations: RowQueue<Float32Array>;
  /** Each row: a_1 ... a_n, r_1 ... r_n, and what the step was to each agent: see fate.ts */
  readonly #steps: RowQueue<Float32Array>;
  /** For each step, the row in #observations that holds its o. The next row holds its o'. */
  readonly #rows: RowQueue<Float64Array>;
  readonly #nStep: NStep;
  #episodeEnded = false;
  /** Whether any transition said who was live. */
  #knowsWhoIsLive = false;

  /** Throws on specs that are not valid, on unknown options and on options out of range. */
  constructor(specs: readonly AgentSpec[], options: ReplayMemoryOptions = {}) {
    const owner = new.target.name;
    checkSpecs(owner, specs);
    checkOptions(owner, options, replayChecks);
    const { capacity = 1e6, nStep = { steps: 1, gamma: 1 } } = options;
    checkOptions(`${owner}: nStep`, nStep, nStepChecks, ['steps', 'gamma']);
    this.capacity = capacity;
    this.#nStep = nStep;
    this.#specs = specs;
    const actionWidth = specs.reduce((sum, spec) => sum + spec.actionSize, 0);
    this.#observations = new RowQueue(totalObservationSize(specs), (length) => new Float32Array(length));
    this.#steps = new RowQueue(actionWidth + 2 * specs.length, (length) => new Float32Array(length));
    this.#rows = new RowQueue(1, (length) => new Float64Array(length));
  }

  /** Everything that it holds, without copying the transitions: the next `add` may change them. */
  getState(): ReplayMemoryState {
    return {
      options: { capacity: this.capacity, nStep: { ...this.#nStep } },
      observations: this.#observations.getState(),
      steps: this.#steps.getState(),
      rows: this.#rows.getState(),
      episodeEnded: this.#episodeEnded,
      knowsWhoIsLive: this.#knowsWhoIsLive,
    };
  }

  /** Replaces everything by what was saved. Throws if that was a memory with other options. */
  setState(state: ReplayMemoryState): void {
    checkSame('replay memory', state.options, { capacity: this.capacity, nStep: this.#nStep });
    this.#observations.setState(state.observations);
    this.#steps.setState(state.steps);
    this.#rows.setState(state.rows);
    this.#episodeEnded = state.episodeEnded;
    this.#knowsWhoIsLive = state.knowsWhoIsLive;
  }

  /** The n of its n-step returns. */
  get nStep(): number {
    return this.#nStep.steps;
  }

  /** Transitions that it holds now. */
  get size(): number {
    return this.#steps.end - this.#steps.begin;
  }

  /** The index of the oldest transition. The first transition ever added has index 0. */
  protected get oldest(): number {
    return this.#steps.begin;
  }

  /** Bytes of its storage now. */
  get byteLength(): number {
    return this.#observations.byteLength + this.#steps.byteLength + this.#rows.byteLength;
  }

  /** `byteLength` after so many steps, in episodes of this length. The estimate may be a little too high. */
  byteLengthAfter(steps: number, episodeLength: number): number {
    checkArgument('byteLengthAfter', 'steps', steps, atLeast0);
    checkArgument('byteLengthAfter', 'episodeLength', episodeLength, above0);
    const transitions = Math.min(steps, this.capacity);
    const dropsRows = steps > this.capacity;
    const observations = bytesOfRows(
      transitions + Math.ceil(transitions / episodeLength),
      dropsRows,
      4 * this.#observations.width,
    );
    return observations + bytesOfRows(transitions, dropsRows, 4 * this.#steps.width + 8);
  }

  /**
   * Adds a transition. Throws on wrong lengths, and on numbers that are not finite or that float32 cannot hold; then nothing
   * is added.
   */
  add(given: Transition): void {
    const note = 'the transition was not added';
    checkTransition('ReplayMemory', this.#specs, given, note);
    checkFinite('ReplayMemory: sums of n-step rewards', this.#largestReturns(given.rewards), note);
    const fates = fatesOf(given);
    const transition = withoutAbsentAgents(given, fates, this.#specs);
    const { observations, actions, rewards, nextObservations } = transition;
    const from = sideBySide(observations, this.#observations.width);
    const to = sideBySide(nextObservations, this.#observations.width);
    const step = sideBySide([...actions, rewards, fates], this.#steps.width);

    // N-step returns rely on this: two steps share a row of observations only if they follow each other in the same episode.
    const sameEpisode =
      this.#observations.end > 0 &&
      !this.#episodeEnded &&
      this.#observations.equals(this.#observations.end - 1, from);
    this.#episodeEnded = !canContinue(transition, fates);
    this.#knowsWhoIsLive ||= fates.some((fate) => fate > Fate.done);
    const row = sameEpisode ? this.#observations.end - 1 : this.#observations.push(from);
    this.#observations.push(to);
    this.#steps.push(step);
    this.#rows.push(Float64Array.of(row));

    this.#steps.dropBefore(this.#steps.end - this.capacity);
    this.#rows.dropBefore(this.#rows.end - this.capacity);
    this.#observations.dropBefore(this.#rows.get(this.#rows.begin, 0));
    this.onAdd(this.#steps.end - 1, transition);
  }

  /** The largest sums that n-step returns can make of these rewards. */
  #largestReturns(rewards: readonly number[]): readonly number[] {
    return this.#nStep.steps === 1 ? [] : rewards.map((reward) => reward * this.#nStep.steps);
  }

  /** For subclasses: a transition was added, and has this index. */
  protected onAdd(_index: number, _transition: Transition): void {}

  /** `batchSize` transitions, each drawn uniformly from all that it holds. The same one may be drawn more than once. */
  sample(batchSize: number, generator: Generator): Batch {
    checkArgument('sample', 'batchSize', batchSize, aBatchSize);
    checkArgument('sample', 'generator', generator, aGenerator);
    if (this.size === 0) throw new Error('ReplayMemory: nothing to sample; add a transition first');
    return this.sampledBatch(this.drawIndices(batchSize, generator));
  }

  /** The latest `count` transitions, or all of them if there are fewer. */
  latest(count: number): Batch {
    checkArgument('latest', 'count', count, integerFrom1);
    const begin = Math.max(this.#steps.begin, this.#steps.end - count);
    return this.batchOf(Array.from({ length: this.#steps.end - begin }, (_, k) => begin + k));
  }

  /** Draws the indices of a batch's transitions. */
  protected drawIndices(batchSize: number, generator: Generator): number[] {
    return Array.from({ length: batchSize }, () => this.oldest + generator.integer(this.size));
  }

  /** The batch that `sample` returns, after its indices were drawn. */
  protected sampledBatch(indices: readonly number[]): Batch {
    return this.batchOf(indices);
  }

  /** The transitions with these indices, with n-step returns. */
  protected batchOf(indices: readonly number[]): Batch {
    const from = indices.map((index) => this.#rows.get(index, 0));
    const lengths = indices.map((index) => this.#stepsFrom(index));
    const to = from.map((row, k) => row + lengths[k]);

    const x = gather(this.#observations, from);
    const nextX = gather(this.#observations, to);
    const observationSizes = this.#specs.map(({ observationSize }) => observationSize);
    const ones = this.#specs.map(() => 1);
    const steps = gather(this.#steps, indices);
    steps.update((data) => {
      indices.forEach((index, row) => {
        this.#toNStepReturns(
          index,
          lengths[row],
          data.subarray(row * this.#steps.width, (row + 1) * this.#steps.width),
        );
      });
    });
    const parts = split(steps, [...this.#specs.map(({ actionSize }) => actionSize), ...ones, ...ones]);
    const agents = this.#specs.length;
    const liveness = this.#knowsWhoIsLive && this.#livenessOf(indices, lengths);
    return {
      ...(liveness && { liveness }),
      x,
      observations: split(x, observationSizes),
      actions: parts.slice(0, agents),
      rewards: parts.slice(agents, 2 * agents),
      nextX,
      nextObservations: split(nextX, observationSizes),
      terminations: parts.slice(2 * agents),
    };
  }

  /** m of n-step returns: how many steps of the same episode there are from this one on, at most n. */
  #stepsFrom(index: number): number {
    const row = this.#rows.get(index, 0);
    let m = 1;
    while (m < this.#nStep.steps && index + m < this.#rows.end && this.#rows.get(index + m, 0) === row + m)
      m += 1;
    return m;
  }

  /** Who was live at the start and at the end of these rows, each of so many steps. */
  #livenessOf(indices: readonly number[], lengths: readonly number[]): Liveness | undefined {
    const last = indices.map((index, k) => index + lengths[k] - 1);
    return livenessOf(
      indices.map((index) => this.#fatesIn(index)),
      last.map((index) => this.#fatesIn(index)),
    );
  }

  /** What the step with this index was to each agent. */
  #fatesIn(index: number): number[] {
    const first = this.#steps.width - this.#specs.length;
    return this.#specs.map((_, i) => this.#steps.get(index, first + i));
  }

  /** Changes the rewards and terminations in a step's row to those of m steps. */
  #toNStepReturns(index: number, m: number, row: FloatArray): void {
    const { gamma } = this.#nStep;
    const agents = this.#specs.length;
    const rewards = this.#steps.width - 2 * agents;
    for (let reward = rewards; reward < rewards + agents; reward++) {
      const done = reward + agents;
      let discount = 1 - doneOf(row[done]); // γ^k, or 0 from the agent's end on
      for (let k = 1; k < m; k++) {
        discount *= gamma;
        row[reward] += discount * this.#steps.get(index + k, reward);
        discount *= 1 - doneOf(this.#steps.get(index + k, done));
      }
      row[done] = 1 - discount;
    }
  }
}

export const aMemory = instanceOf(
  ReplayMemory,
  "a replay memory, such as the algorithm's makeMemory() returns",
);
