import { type Generator, tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Batch } from '../learning/batch.js';
import { ReplayMemory, type ReplayMemoryOptions } from './replay-memory.js';
import { SumTree } from './sum-tree.js';

/** How `PrioritizedReplayMemory` draws; alpha and beta as in Schaul et al. 2016. */
export interface PriorityOptions {
  /** How much priorities count: 0 is uniform. Default 0.6. */
  alpha?: number;
  /** How much of the bias by priorities the weights take back at the beginning; 1 is all of it. Default 0.4. */
  beta?: number;
  /** Batches until beta is 1, in a straight line. Default 10,000. */
  betaBatches?: number;
}

/**
 * A replay memory that draws what the critics were most wrong about more often (Schaul et al. 2016, "Prioritized experience
 * replay", arXiv 1511.05952, the proportional variant). Transition k is drawn with probability P(k) = p_k / sum p, from a
 * sum tree; a batch takes one from each of `batchSize` equal parts of the sum. Its weight in the critics' losses is
 * w_k = (size P(k))^-beta, divided by the batch's largest.
 *
 * One memory serves all agents, each of which has an error of its own: p_k = (mean over the agents of |q_i - y_i| + 1e-6)^alpha,
 * of the last update that k was part of, before its steps. A new transition gets the largest p so far, so that each is soon
 * drawn for a first time.
 */
export class PrioritizedReplayMemory extends ReplayMemory {
  readonly alpha: number;
  readonly #agents: number;
  readonly #beta: number;
  readonly #betaBatches: number;
  /** p of each transition, at its index modulo the capacity. */
  readonly #priorities = new SumTree();
  #largest = 1;
  #batches = 0;

  constructor(specs: readonly AgentSpec[], options: ReplayMemoryOptions & PriorityOptions = {}) {
    super(specs, options);
    const { alpha = 0.6, beta = 0.4, betaBatches = 10_000 } = options;
    for (const [name, value] of Object.entries({ alpha, beta })) {
      if (!(value >= 0 && value <= 1)) {
        throw new Error(`PrioritizedReplayMemory: ${name} ${value}; give a number in [0, 1]`);
      }
    }
    if (!(betaBatches >= 1)) {
      throw new Error(`PrioritizedReplayMemory: betaBatches ${betaBatches}; give a number from 1`);
    }
    this.alpha = alpha;
    this.#agents = specs.length;
    this.#beta = beta;
    this.#betaBatches = betaBatches;
  }

  override get byteLength(): number {
    return super.byteLength + this.#priorities.byteLength;
  }

  override byteLengthAfter(steps: number, episodeLength: number): number {
    const leaves = 2 ** Math.ceil(Math.log2(Math.min(steps, this.capacity)));
    return super.byteLengthAfter(steps, episodeLength) + 16 * leaves; // a float64 for each node of the tree
  }

  /** How much of the bias the weights of the next batch take back. */
  get beta(): number {
    return this.#beta + (1 - this.#beta) * Math.min(1, this.#batches / this.#betaBatches);
  }

  protected override added(index: number): void {
    this.#priorities.set(index % this.capacity, this.#largest);
  }

  protected override draw(batchSize: number, generator: Generator): number[] {
    const { total } = this.#priorities;
    return Array.from({ length: batchSize }, (_, part) => {
      const slot = this.#priorities.find(((part + generator.uniform()) / batchSize) * total);
      const before = (slot - (this.oldest % this.capacity) + this.capacity) % this.capacity;
      return this.oldest + before;
    });
  }

  protected override drawn(indices: readonly number[]): Batch {
    const { total } = this.#priorities;
    const chances = indices.map((index) => this.#priorities.get(index % this.capacity) / total);
    const weights = chances.map((chance) => (this.size * chance) ** -this.beta);
    const largest = weights.reduce((most, weight) => Math.max(most, weight));
    this.#batches += 1;

    const errors = new Float64Array(indices.length);
    return {
      ...super.drawn(indices),
      priority: {
        weights: tensor(weights.map((weight) => [weight / largest])),
        report: (squares) => {
          indices.forEach((index, row) => {
            errors[row] += Math.sqrt(squares[row]) / this.#agents;
            if (index < this.oldest) return; // displaced since
            const priority = (errors[row] + 1e-6) ** this.alpha;
            this.#largest = Math.max(this.#largest, priority);
            this.#priorities.set(index % this.capacity, priority);
          });
        },
      },
    };
  }
}
