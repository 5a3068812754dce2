import {
  ArgumentError,
  checkOptions,
  finite,
  from0To1,
  instanceOf,
  integerFrom0,
  integerFrom1,
  type OptionChecks,
  object,
} from '@paragrad/check';
import { type Generator, tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Batch } from '../learning/batch.js';
import { findNotFinite } from '../learning/finite.js';
import { completeSettings, type SettingsOf, setting } from '../settings/setting.js';
import { checkSame, checkState } from '../state/stateful.js';
import { ReplayMemory } from './replay-memory.js';
import { type ReplayMemoryOptions, type ReplayMemoryState, replayChecks } from './replay-options.js';
import { SumTree } from './sum-tree.js';

/** How `PrioritizedReplayMemory` draws. The names α and β are those of Schaul et al. 2016. */
export const prioritySettings = {
  /** Exponent α of the priorities; 0 draws uniformly. A number from 0 to 1; default 0.6. */
  alpha: setting(0.6, from0To1, 'exponent α of the priorities; 0 draws uniformly'),
  /**
   * Exponent β of the importance weights in the first batch; 1 corrects the bias fully. A number from 0 to 1; default
   * 0.4.
   */
  beta: setting(
    0.4,
    from0To1,
    'exponent β of the importance weights in the first batch; 1 corrects the bias fully',
  ),
  /** Batches until β reaches 1; it rises linearly. An integer of at least 1; default 10000. */
  betaBatches: setting(10_000, integerFrom1, 'batches until β reaches 1; it rises linearly'),
};

/** Options of `PrioritizedReplayMemory`: the settings in `prioritySettings`. */
export type PriorityOptions = Partial<SettingsOf<typeof prioritySettings>>;

/** What a `PrioritizedReplayMemory` holds, as plain data. */
export interface PrioritizedReplayMemoryState extends ReplayMemoryState {
  /** What must be the same when it is loaded. */
  readonly settings: PriorityOptions;
  /** The nodes of the tree of priorities. */
  readonly nodes: Float64Array;
  /** The largest priority so far, which new transitions get. */
  readonly largest: number;
  /** Batches drawn so far: β rises with them. */
  readonly batches: number;
}

const checks: OptionChecks<ReplayMemoryOptions & PriorityOptions> = {
  ...replayChecks,
  alpha: prioritySettings.alpha.range,
  beta: prioritySettings.beta.range,
  betaBatches: prioritySettings.betaBatches.range,
};

/**
 * A replay memory that draws transitions with large critic errors more often (Schaul et al. 2016, "Prioritized
 * experience replay", arXiv 1511.05952, the proportional variant). It draws transition k with probability P(k) = p_k /
 * sum p: it divides the sum into `batchSize` equal parts, and draws one transition from each. The transition's weight
 * in the critics' losses is w_k = (size P(k))^-β, divided by the largest weight in the batch.
 *
 * One memory serves all agents, and each agent's critic has its own error. So the priority is p_k = (mean over the
 * agents of |q_i - y_i| + 1e-6)^α, with the errors from the last update that used k, before its steps. A new transition
 * gets the largest priority so far, so that it is soon drawn for the first time.
 */
export class PrioritizedReplayMemory extends ReplayMemory {
  /** The exponent α of the priorities. */
  readonly alpha: number;
  readonly #agents: number;
  readonly #beta: number;
  readonly #betaBatches: number;
  /** The priority of each transition, at its index modulo the capacity. */
  readonly #priorities = new SumTree();
  #largest = 1;
  #batches = 0;

  /**
   * A replay memory for agents of these specs that draws surprising transitions more often (Schaul et al. 2016).
   *
   * @throws ArgumentError on specs that are not valid, on unknown options and on options out of range.
   */
  constructor(specs: readonly AgentSpec[], options: ReplayMemoryOptions & PriorityOptions = {}) {
    checkOptions('PrioritizedReplayMemory', options, checks);
    const { alpha, beta, betaBatches, ...replay } = options;
    super(specs, replay);
    const given = { alpha, beta, betaBatches };
    const settings = completeSettings('PrioritizedReplayMemory', prioritySettings, given);
    this.alpha = settings.alpha;
    this.#agents = specs.length;
    this.#beta = settings.beta;
    this.#betaBatches = settings.betaBatches;
  }

  override getState(): PrioritizedReplayMemoryState {
    const settings = { alpha: this.alpha, beta: this.#beta, betaBatches: this.#betaBatches };
    const { nodes } = this.#priorities.getState();
    return { ...super.getState(), settings, nodes, largest: this.#largest, batches: this.#batches };
  }

  override setState(state: PrioritizedReplayMemoryState): void {
    const settings = { alpha: this.alpha, beta: this.#beta, betaBatches: this.#betaBatches };
    checkState(state, {
      settings: object,
      nodes: instanceOf(Float64Array, 'a Float64Array'),
      largest: finite,
      batches: integerFrom0,
    });
    checkSame('prioritized replay', state.settings, settings);
    super.setState(state);
    this.#priorities.setState(state);
    this.#largest = state.largest;
    this.#batches = state.batches;
  }

  override get byteLength(): number {
    return super.byteLength + this.#priorities.byteLength;
  }

  override byteLengthAfter(steps: number, episodeLength: number, copies = 1): number {
    const bytes = super.byteLengthAfter(steps, episodeLength, copies);
    const leaves = 2 ** Math.ceil(Math.log2(Math.min(steps, this.capacity)));
    return bytes + 16 * leaves; // the tree has 2 * leaves nodes of 8 bytes
  }

  /** β of the next batch. */
  get beta(): number {
    return this.#beta + (1 - this.#beta) * Math.min(1, this.#batches / this.#betaBatches);
  }

  protected override onAdd(index: number): void {
    this.#priorities.set(index % this.capacity, this.#largest);
  }

  protected override drawIndices(batchSize: number, generator: Generator): number[] {
    const { total } = this.#priorities;
    return Array.from({ length: batchSize }, (_, part) => {
      const slot = this.#priorities.find(((part + generator.uniform()) / batchSize) * total);
      const offset = (slot - (this.oldest % this.capacity) + this.capacity) % this.capacity;
      return this.oldest + offset;
    });
  }

  protected override sampledBatch(indices: readonly number[]): Batch {
    const { total } = this.#priorities;
    const probabilities = indices.map((index) => this.#priorities.get(index % this.capacity) / total);
    const weights = probabilities.map((probability) => (this.size * probability) ** -this.beta);
    const largest = weights.reduce((most, weight) => Math.max(most, weight));
    this.#batches += 1;

    const errors = new Float64Array(indices.length);
    return {
      ...super.sampledBatch(indices),
      priority: {
        weights: tensor(weights.map((weight) => [weight / largest])),
        report: (squaredErrors) => {
          checkErrors(squaredErrors, indices.length);
          indices.forEach((index, row) => {
            errors[row] += Math.sqrt(squaredErrors[row]) / this.#agents;
            if (index < this.oldest) return; // replaced since it was drawn
            const priority = (errors[row] + 1e-6) ** this.alpha;
            this.#largest = Math.max(this.#largest, priority);
            this.#priorities.set(index % this.capacity, priority);
          });
        },
      },
    };
  }
}

/** Throws before a priority changes: one that is not finite would spoil the sum of all. */
function checkErrors(squaredErrors: ArrayLike<number>, rows: number): void {
  const bad = squaredErrors?.length === rows ? findNotFinite(squaredErrors) : -1;
  if (squaredErrors?.length !== rows || bad >= 0) {
    const given = bad >= 0 ? `${squaredErrors[bad]} in row ${bad}` : `length ${squaredErrors?.length}`;
    throw new ArgumentError(
      `PrioritizedReplayMemory: the squared errors have ${given}; give ${rows} finite numbers, one for each row`,
    );
  }
}
