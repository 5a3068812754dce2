import { checkCount, type FloatArray, filled, type Generator, narrow, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Batch } from '../learning/batch.js';
import { bytesOfRows, RowQueue } from './row-queue.js';

/** One step of all agents: each array has one entry for each agent, in the algorithm's order. */
export interface Transition {
  readonly observations: readonly ArrayLike<number>[];
  readonly actions: readonly ArrayLike<number>[];
  readonly rewards: readonly number[];
  readonly nextObservations: readonly ArrayLike<number>[];
  /** Whether the episode ended for good. False at a time limit: the value of what would have come is still to be learned. */
  readonly terminations: readonly boolean[];
  /**
   * Whether a time limit ended the episode, where n-step returns have to stop. Without it an episode ends where the next
   * transition begins with other observations.
   */
  readonly truncations?: readonly boolean[];
}

/** Options of every replay memory. */
export interface ReplayMemoryOptions {
  /** How many transitions it holds; a further one displaces the oldest. Default 1e6. */
  capacity?: number;
  /**
   * Sums up rewards: what is sampled for step t is r_t + γ r_t+1 + ... + γ^(m-1) r_t+m-1, and o_t+m in place of o_t+1. m is
   * `steps`, or as many as the episode had left, be it terminated, truncated or still going on. The value of o_t+m is worth
   * γ^m, where a critic's target says γ (1 - done): so done is 1 - γ^(m-1), as if the episode had ended with that probability.
   * Default 1 step.
   */
  nStep?: { readonly steps: number; readonly gamma: number };
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
  readonly #nStep: { readonly steps: number; readonly gamma: number };
  #episodeEnded = false;

  constructor(specs: readonly AgentSpec[], { capacity = 1e6, nStep }: ReplayMemoryOptions = {}) {
    checkCount('ReplayMemory', 'capacity', capacity);
    this.#nStep = nStep ?? { steps: 1, gamma: 1 };
    checkCount('ReplayMemory', 'nStep.steps', this.#nStep.steps);
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

  /** Index of the oldest transition; they are counted from the first that was ever added. */
  protected get oldest(): number {
    return this.#steps.begin;
  }

  /** Bytes of its storage now. */
  get byteLength(): number {
    return this.#observations.byteLength + this.#steps.byteLength + this.#rows.byteLength;
  }

  /** Bytes of its storage after so many steps in episodes of this length: `byteLength` then, or a little more. */
  byteLengthAfter(steps: number, episodeLength: number): number {
    const held = Math.min(steps, this.capacity);
    const dropsRows = steps > this.capacity;
    const observations = bytesOfRows(
      held + Math.ceil(held / episodeLength),
      dropsRows,
      4 * this.#observations.width,
    );
    return observations + bytesOfRows(held, dropsRows, 4 * this.#steps.width + 8);
  }

  /** Remembers a transition. Throws on wrong lengths and on numbers that are not finite, and then remembers nothing of it. */
  add(transition: Transition): void {
    const { observations, actions, rewards, nextObservations, terminations, truncations } = transition;
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

    // Steps of one episode have rows that follow each other, and others never: n-step returns rely on it.
    const continues =
      this.#observations.end > 0 &&
      !this.#episodeEnded &&
      this.#observations.equals(this.#observations.end - 1, from);
    this.#episodeEnded = [...terminations, ...(truncations ?? [])].some(Boolean);
    const row = continues ? this.#observations.end - 1 : this.#observations.push(from);
    this.#observations.push(to);
    this.#steps.push(Float32Array.from([...action, ...reward, ...done]));
    this.#rows.push(Float64Array.of(row));

    this.#steps.dropBefore(this.#steps.end - this.capacity);
    this.#rows.dropBefore(this.#rows.end - this.capacity);
    this.#observations.dropBefore(this.#rows.get(this.#rows.begin, 0));
    this.added(this.#steps.end - 1);
  }

  /** A transition has got this index. */
  protected added(_index: number): void {}

  /** `batchSize` transitions, each drawn uniformly from all it holds (so one may come twice). */
  sample(batchSize: number, generator: Generator): Batch {
    if (this.size === 0) throw new Error('ReplayMemory: nothing to sample; add a transition first');
    return this.drawn(this.draw(batchSize, generator));
  }

  /** The latest `count` transitions, or all that it holds if they are fewer. */
  latest(count: number): Batch {
    const begin = Math.max(this.#steps.begin, this.#steps.end - count);
    return this.batchOf(Array.from({ length: this.#steps.end - begin }, (_, k) => begin + k));
  }

  /** Indices of transitions. */
  protected draw(batchSize: number, generator: Generator): number[] {
    return Array.from({ length: batchSize }, () => this.oldest + generator.integer(this.size));
  }

  /** The batch of what was drawn. */
  protected drawn(indices: readonly number[]): Batch {
    return this.batchOf(indices);
  }

  protected batchOf(indices: readonly number[]): Batch {
    const from = indices.map((step) => this.#rows.get(step, 0));
    const lengths = indices.map((step) => this.#stepsOf(step));
    const to = from.map((row, k) => row + lengths[k]);

    const x = gather(this.#observations, from);
    const nextX = gather(this.#observations, to);
    const observationSizes = this.#specs.map(({ observationSize }) => observationSize);
    const ones = this.#specs.map(() => 1);
    const steps = gather(this.#steps, indices);
    steps.update((data) => {
      indices.forEach((step, row) => {
        this.#sumUp(
          step,
          lengths[row],
          data.subarray(row * this.#steps.width, (row + 1) * this.#steps.width),
        );
      });
    });
    const parts = split(steps, [...this.#specs.map(({ actionSize }) => actionSize), ...ones, ...ones]);
    const agents = this.#specs.length;
    return {
      x,
      observations: split(x, observationSizes),
      actions: parts.slice(0, agents),
      rewards: parts.slice(agents, 2 * agents),
      nextX,
      nextObservations: split(nextX, observationSizes),
      terminations: parts.slice(2 * agents),
    };
  }

  /** How many steps of its episode, and at most n, there are from this one on. */
  #stepsOf(step: number): number {
    const row = this.#rows.get(step, 0);
    let m = 1;
    while (m < this.#nStep.steps && step + m < this.#rows.end && this.#rows.get(step + m, 0) === row + m)
      m += 1;
    return m;
  }

  /** Makes the rewards and terminations in a step's row those of m steps from there. */
  #sumUp(step: number, m: number, row: FloatArray): void {
    const { gamma } = this.#nStep;
    const agents = this.#specs.length;
    const rewards = this.#steps.width - 2 * agents;
    for (let reward = rewards; reward < rewards + agents; reward++) {
      const done = reward + agents;
      let goesOn = 1 - row[done];
      for (let k = 1; k < m; k++) {
        goesOn *= gamma;
        row[reward] += goesOn * this.#steps.get(step + k, reward);
        goesOn *= 1 - this.#steps.get(step + k, done);
      }
      row[done] = 1 - goesOn;
    }
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

/** The given rows, as a tensor [rows, width]. */
function gather(queue: RowQueue<Float32Array>, rows: readonly number[]): Tensor {
  return filled([rows.length, queue.width], (data) => {
    rows.forEach((row, index) => {
      queue.copy(row, data as Float32Array, index * queue.width);
    });
  });
}

/** [rows, sum of widths] into one tensor [rows, width] for each width. */
function split(rows: Tensor, widths: readonly number[]): Tensor[] {
  let start = 0;
  return widths.map((width) => {
    const part = narrow(rows, 1, start, width);
    start += width;
    return part;
  });
}
