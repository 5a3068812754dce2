import {
  above0,
  atLeast0,
  checkArgument,
  checkOptions,
  instanceOf,
  integerFrom1,
  object,
  StateError,
} from '@paragrad/check';
import { aGenerator, type FloatArray, type Generator } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';
import { checkSpecs } from '../environments/check-specs.js';
import type { Batch, Liveness } from '../learning/batch.js';
import { checkFinite } from '../learning/finite.js';
import { checkSame, checkState, type Stateful } from '../state/stateful.js';
import { gather, sideBySide, split } from './columns.js';
import { actedIn, canContinue, doneOf, Fate, fatesOf, livenessOf, withoutAbsentAgents } from './fate.js';
import { Links, type OldLinksState } from './links.js';
import {
  aBatchSize,
  aCopy,
  type NStep,
  nStepChecks,
  type ReplayMemoryOptions,
  type ReplayMemoryState,
  replayChecks,
} from './replay-options.js';
import { bytesOfRows, RowQueue } from './row-queue.js';
import type { StepRows } from './step-rows.js';
import { checkTransition, type Transition } from './transition.js';

/**
 * The last `capacity` transitions, to draw batches from. It allocates memory as it fills. If a transition starts from the
 * observations that the last one ended with, they are stored only once.
 */
export class ReplayMemory implements Stateful {
  /** The largest number of transitions that it holds. */
  readonly capacity: number;
  readonly #specs: readonly AgentSpec[];
  /** Each row: o_1 ... o_n */
  readonly #observations: RowQueue<Float32Array>;
  /** Each row: a_1 ... a_n, r_1 ... r_n, and what the step was to each agent: see fate.ts */
  readonly #steps: RowQueue<Float32Array>;
  /** For each step, the rows in #observations that hold its o and o', and the next step. */
  readonly #links = new Links();
  readonly #nStep: NStep;
  /** Whether any transition said who was live. */
  #knowsWhoIsLive = false;

  /** The latest transitions of agents of these specs. @throws ArgumentError on specs or options that are unknown or not valid. */
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
  }

  /** Everything that it holds, without copying the transitions: the next `add` may change them. */
  getState(): ReplayMemoryState {
    return {
      options: { capacity: this.capacity, nStep: { ...this.#nStep } },
      observations: this.#observations.getState(),
      steps: this.#steps.getState(),
      links: this.#links.getState(),
      knowsWhoIsLive: this.#knowsWhoIsLive,
    };
  }

  /** Replaces everything by what was saved. @throws ArgumentError if that was a memory with other options. */
  setState(state: ReplayMemoryState | (Omit<ReplayMemoryState, 'links'> & OldLinksState)): void {
    checkState(state, { options: object, observations: object, steps: object });
    checkSame('replay memory', state.options, { capacity: this.capacity, nStep: this.#nStep });
    this.#observations.setState(state.observations);
    this.#steps.setState(state.steps);
    this.#links.setState('links' in state ? state.links : state);
    this.#knowsWhoIsLive = state.knowsWhoIsLive;
  }

  /** The n of its n-step returns. */
  get nStep(): number {
    return this.#nStep.steps;
  }

  /** The discount factor γ within its n-step returns. */
  get gamma(): number {
    return this.#nStep.gamma;
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
    return this.#observations.byteLength + this.#steps.byteLength + this.#links.byteLength;
  }

  /** `byteLength` after so many steps, in episodes of this length, of so many copies. The estimate may be a little too high. */
  byteLengthAfter(steps: number, episodeLength: number, copies = 1): number {
    checkArgument('byteLengthAfter', 'steps', steps, atLeast0);
    checkArgument('byteLengthAfter', 'episodeLength', episodeLength, above0);
    checkArgument('byteLengthAfter', 'copies', copies, integerFrom1);
    const transitions = Math.min(steps, this.capacity);
    const dropsRows = steps > this.capacity;
    const observations = bytesOfRows(
      transitions + Math.ceil(transitions / episodeLength),
      dropsRows,
      4 * this.#observations.width,
    );
    const rest = bytesOfRows(transitions, dropsRows, 4 * this.#steps.width);
    return observations + rest + Links.byteLengthOf(transitions, dropsRows, copies);
  }

  /**
   * Adds a transition.
   *
   * @throws ArgumentError on wrong lengths, and on numbers that are not finite or that float32 cannot hold; then nothing is added.
   * @param copy the copy of the environment that it is from, counted from 0. Steps of several copies may come in turns.
   */
  add(given: Transition, copy = 0): void {
    const note = 'the transition was not added';
    checkArgument('ReplayMemory', 'copy', copy, aCopy);
    checkTransition('ReplayMemory', this.#specs, given, note);
    checkFinite('ReplayMemory: sums of n-step rewards', this.#largestReturns(given.rewards), note);
    const fates = fatesOf(given);
    const transition = withoutAbsentAgents(given, fates, this.#specs);
    const { observations, actions, rewards, nextObservations } = transition;
    this.#knowsWhoIsLive ||= fates.some((fate) => fate > Fate.done);
    const from = sideBySide(observations, this.#observations.width);
    const to = sideBySide(nextObservations, this.#observations.width);
    const step = sideBySide([...actions, rewards, fates], this.#steps.width);
    this.#addRow(copy, 0, from, step, to, canContinue(transition, fates));
  }

  /** Adds a step of each of these copies, in this order, in which all agents are live. The numbers were checked. */
  addRows({ copies, observations, steps, nextObservations, goesOn }: StepRows): void {
    for (const copy of copies) {
      this.#addRow(copy, copy, observations, steps, nextObservations, goesOn[copy] === 1);
    }
  }

  /** Adds the step in this row of the arrays. */
  #addRow(
    copy: number,
    row: number,
    from: Float32Array,
    step: Float32Array,
    to: Float32Array,
    goesOn: boolean,
  ): void {
    const at = row * this.#observations.width;
    // N-step returns rely on this: two steps share a row of observations only if they follow each other in the same episode.
    const open = this.#links.openRowOf(copy);
    const follows = open >= 0 && this.#observations.equals(open, from, at);
    const rowOfObservations = follows ? open : this.#observations.push(from, at);
    this.#links.add(copy, rowOfObservations, this.#observations.push(to, at), goesOn);
    this.#steps.push(step, row * this.#steps.width);

    const kept = this.#steps.end - this.capacity;
    if (kept > 0) {
      this.#steps.dropBefore(kept);
      this.#observations.dropBefore(this.#links.dropBefore(kept));
    }
    this.onAdd(this.#steps.end - 1, copy);
  }

  /** The largest sums that n-step returns can make of these rewards. */
  #largestReturns(rewards: readonly number[]): readonly number[] {
    return this.#nStep.steps === 1 ? [] : rewards.map((reward) => reward * this.#nStep.steps);
  }

  /** For subclasses: a transition of this copy of the environment was added, and has this index. */
  protected onAdd(_index: number, _copy: number): void {}

  /** For subclasses: whether agent i was live in this transition, and acted. */
  protected acted(i: number, index: number): boolean {
    return actedIn(this.#steps.get(index, this.#steps.width - this.#specs.length + i));
  }

  /** `batchSize` transitions, each drawn uniformly from all that it holds. The same one may be drawn more than once. */
  sample(batchSize: number, generator: Generator): Batch {
    checkArgument('sample', 'batchSize', batchSize, aBatchSize);
    checkArgument('sample', 'generator', generator, aGenerator);
    if (this.size === 0) throw new StateError('ReplayMemory: nothing to sample; add a transition first');
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
    const lasts = this.#nStep.steps === 1 ? indices : indices.map((index) => this.#lastFrom(index));
    const rowsOf = (steps: readonly number[], row: 'rowOf' | 'nextRowOf') =>
      steps.map((step) => this.#links[row](step));
    const x = gather(this.#observations, rowsOf(indices, 'rowOf'));
    const nextX = gather(this.#observations, rowsOf(lasts, 'nextRowOf'));
    const observationSizes = this.#specs.map(({ observationSize }) => observationSize);
    const ones = this.#specs.map(() => 1);
    const steps = gather(this.#steps, indices);
    steps.update((data) => {
      indices.forEach((index, row) => {
        this.#toNStepReturns(
          index,
          lasts[row],
          data.subarray(row * this.#steps.width, (row + 1) * this.#steps.width),
        );
      });
    });
    const parts = split(steps, [...this.#specs.map(({ actionSize }) => actionSize), ...ones, ...ones]);
    const agents = this.#specs.length;
    const liveness = this.#knowsWhoIsLive && this.#livenessOf(indices, lasts);
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

  /** The last of the m steps of an n-step return: those of the same episode from this one on, at most n. */
  #lastFrom(index: number): number {
    let last = index;
    for (let m = 1; m < this.#nStep.steps; m++) {
      const next = this.#links.following(last);
      if (next < 0) break;
      last = next;
    }
    return last;
  }

  /** Who was live in the first and in the last step of each row. */
  #livenessOf(firsts: readonly number[], lasts: readonly number[]): Liveness | undefined {
    return livenessOf(
      firsts.map((step) => this.#fatesIn(step)),
      lasts.map((step) => this.#fatesIn(step)),
    );
  }

  /** What the step with this index was to each agent. */
  #fatesIn(index: number): number[] {
    const first = this.#steps.width - this.#specs.length;
    return this.#specs.map((_, i) => this.#steps.get(index, first + i));
  }

  /** Changes the rewards and terminations in the row of step `index` to those of the steps up to `last`. */
  #toNStepReturns(index: number, last: number, row: FloatArray): void {
    const { gamma } = this.#nStep;
    const agents = this.#specs.length;
    const rewards = this.#steps.width - 2 * agents;
    for (let reward = rewards; reward < rewards + agents; reward++) {
      const done = reward + agents;
      let discount = 1 - doneOf(row[done]); // γ^k, or 0 from the agent's end on
      for (let step = index; step !== last; ) {
        step = this.#links.following(step);
        discount *= gamma;
        row[reward] += discount * this.#steps.get(step, reward);
        discount *= 1 - doneOf(this.#steps.get(step, done));
      }
      row[done] = 1 - discount;
    }
  }
}

export const aMemory = instanceOf(
  ReplayMemory,
  "a replay memory, such as the algorithm's makeMemory() returns",
);
