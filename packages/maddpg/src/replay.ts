import { checkCount, type Generator, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { Batch } from './batch.js';
import { RowQueue } from './row-queue.js';

/** One step of all agents: each array has one entry for each agent, in the algorithm's order. */
export interface Transition {
  readonly observations: readonly ArrayLike<number>[];
  readonly actions: readonly ArrayLike<number>[];
  readonly rewards: readonly number[];
  readonly nextObservations: readonly ArrayLike<number>[];
  /** Whether the episode ended for good. False at a time limit: the value of what would have come is still to be learned. */
  readonly terminations: readonly boolean[];
}

export interface ReplayMemoryOptions {
  /** How many transitions it holds; a further one displaces the oldest. Default 1e6. */
  capacity?: number;
}

/**
 * The last `capacity` transitions, to sample batches from. Memory is taken as it fills. An observation is stored once:
 * where a transition begins with what the one before ended with, both refer to the same row.
 */
export class ReplayMemory {
  readonly capacity: number;
  readonly #specs: readonly AgentSpec[];
  /** Each row: o_1 ... o_n */
  readonly #observations: RowQueue<Float32Array>;
  /** Each row: a_1 ... a_n, r_1 ... r_n, done_1 ... done_n */
  readonly #steps: RowQueue<Float32Array>;
  /** The row of each step's o in #observations; its o' is the row after. */
  readonly #rows: RowQueue<Float64Array>;

  constructor(specs: readonly AgentSpec[], { capacity = 1e6 }: ReplayMemoryOptions = {}) {
    checkCount('ReplayMemory', 'capacity', capacity);
    this.capacity = capacity;
    this.#specs = specs;
    const observationWidth = specs.reduce((sum, spec) => sum + spec.observationSize, 0);
    const actionWidth = specs.reduce((sum, spec) => sum + spec.actionSize, 0);
    this.#observations = new RowQueue(observationWidth, (length) => new Float32Array(length));
    this.#steps = new RowQueue(actionWidth + 2 * specs.length, (length) => new Float32Array(length));
    this.#rows = new RowQueue(1, (length) => new Float64Array(length));
  }

  /** How many transitions it holds now. */
  get size(): number {
    return this.#steps.end - this.#steps.begin;
  }

  /** How many bytes its storage takes now. */
  get byteLength(): number {
    return this.#observations.byteLength + this.#steps.byteLength + this.#rows.byteLength;
  }

  /** Remembers a transition. Throws on wrong lengths and on numbers that are not finite, and then remembers nothing of it. */
  add(transition: Transition): void {
    const { observations, actions, rewards, nextObservations, terminations } = transition;
    const from = this.#joint('observations', observations, 'observationSize');
    const to = this.#joint('nextObservations', nextObservations, 'observationSize');
    const action = this.#joint('actions', actions, 'actionSize');
    const reward = this.#joint(
      'rewards',
      rewards.map((r) => [r]),
      1,
    );
    const done = this.#joint(
      'terminations',
      terminations.map((t) => [Number(t)]),
      1,
    );

    const continues =
      this.#observations.end > 0 && this.#observations.equals(this.#observations.end - 1, from);
    const row = continues ? this.#observations.end - 1 : this.#observations.push(from);
    this.#observations.push(to);
    this.#steps.push(Float32Array.from([...action, ...reward, ...done]));
    this.#rows.push(Float64Array.of(row));

    this.#steps.dropBefore(this.#steps.end - this.capacity);
    this.#rows.dropBefore(this.#rows.end - this.capacity);
    this.#observations.dropBefore(this.#rows.get(this.#rows.begin, 0));
  }

  /** `batchSize` transitions, each drawn uniformly from all it holds (so one may come twice). */
  sample(batchSize: number, generator: Generator): Batch {
    if (this.size === 0) throw new Error('ReplayMemory: nothing to sample; add a transition first');
    const picked = Array.from({ length: batchSize }, () => this.#steps.begin + generator.integer(this.size));
    const from = picked.map((step) => this.#rows.get(step, 0));
    const to = from.map((row) => row + 1);

    const observations: Tensor[] = [];
    const nextObservations: Tensor[] = [];
    const actions: Tensor[] = [];
    const rewards: Tensor[] = [];
    const terminations: Tensor[] = [];
    const actionWidth = this.#specs.reduce((sum, spec) => sum + spec.actionSize, 0);
    let observationAt = 0;
    let actionAt = 0;
    this.#specs.forEach(({ observationSize, actionSize }, i) => {
      observations.push(gather(this.#observations, from, observationAt, observationSize));
      nextObservations.push(gather(this.#observations, to, observationAt, observationSize));
      actions.push(gather(this.#steps, picked, actionAt, actionSize));
      rewards.push(gather(this.#steps, picked, actionWidth + i, 1));
      terminations.push(gather(this.#steps, picked, actionWidth + this.#specs.length + i, 1));
      observationAt += observationSize;
      actionAt += actionSize;
    });
    return { observations, actions, rewards, nextObservations, terminations };
  }

  /** All agents' numbers in one row, checked. */
  #joint(
    what: string,
    parts: readonly ArrayLike<number>[],
    size: 'observationSize' | 'actionSize' | 1,
  ): Float32Array {
    if (parts.length !== this.#specs.length) {
      throw new Error(
        `ReplayMemory: ${what} of ${parts.length} agents; this memory is for ${this.#specs.length}`,
      );
    }
    const numbers: number[] = [];
    this.#specs.forEach((spec, i) => {
      const expected = size === 1 ? 1 : spec[size];
      if (parts[i].length !== expected) {
        throw new Error(
          `ReplayMemory: ${spec.name}'s ${what} have length ${parts[i].length}; expected ${expected}`,
        );
      }
      for (let k = 0; k < expected; k++) {
        if (!Number.isFinite(parts[i][k])) {
          throw new Error(
            `ReplayMemory: ${spec.name}'s ${what} contain ${parts[i][k]}; the transition was not added`,
          );
        }
        numbers.push(parts[i][k]);
      }
    });
    return Float32Array.from(numbers);
  }
}

/** Columns [start, start + width) of the given rows, as a tensor [rows, width]. */
function gather(
  queue: RowQueue<Float32Array>,
  rows: readonly number[],
  start: number,
  width: number,
): Tensor {
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    queue.copy(row, start, width, data, index * width);
  });
  return new Tensor(data, [rows.length, width]);
}
