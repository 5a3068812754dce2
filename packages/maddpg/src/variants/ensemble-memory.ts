import {
  ArgumentError,
  type Check,
  checkArgument,
  integerFrom0,
  listOf,
  object,
  StateError,
} from '@paragrad/check';
import { aGenerator, type Generator } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Batch } from '../learning/batch.js';
import { ReplayMemory } from '../replay/replay-memory.js';
import { aBatchSize, type ReplayMemoryOptions, type ReplayMemoryState } from '../replay/replay-options.js';
import { bytesOfRows, RowQueue, type RowQueueState } from '../replay/row-queue.js';
import { checkState } from '../state/stateful.js';

/**
 * The replay memories D_i^(k) of an ensemble. D_i^(k) holds the transitions in which agent i acted with its sub-policy
 * k. So each transition is in one memory of each agent. It is stored only once: D_i^(k) is a list of indices.
 */
export class EnsembleMemory extends ReplayMemory {
  readonly #ensemble: Ensemble;
  /** [agent][k]: the indices of D_i^(k)'s transitions, in ascending order. */
  readonly #indices: readonly (readonly RowQueue<Float64Array>[])[];

  constructor(ensemble: Ensemble, options: ReplayMemoryOptions = {}) {
    checkArgument('EnsembleMemory', 'ensemble', ensemble, anEnsemble);
    super(ensemble.specs, options);
    this.#ensemble = ensemble;
    this.#indices = ensemble.subPolicies.map((policies) =>
      policies.map(() => new RowQueue(1, (length) => new Float64Array(length))),
    );
  }

  override getState(): EnsembleMemoryState {
    return {
      ...super.getState(),
      indices: this.#indices.map((lists) => lists.map((list) => list.getState())),
    };
  }

  override setState(state: EnsembleMemoryState): void {
    checkState(state, { indices: listOf(listOf(object)) });
    super.setState(state);
    this.#indices.forEach((lists, i) => {
      lists.forEach((list, k) => {
        list.setState(state.indices[i]?.[k]);
      });
    });
  }

  override get byteLength(): number {
    return this.#indices.flat().reduce((sum, { byteLength }) => sum + byteLength, super.byteLength);
  }

  /** How long each list gets depends on chance. This is the upper bound. */
  override byteLengthAfter(steps: number, episodeLength: number, copies = 1): number {
    const bytesOfTransitions = super.byteLengthAfter(steps, episodeLength, copies);
    const transitions = Math.min(steps, this.capacity);
    const dropsRows = steps > this.capacity;
    // The K lists of an agent together have one index for each transition, and each list has a block that is partly empty.
    const bytes = this.#indices.map(
      (lists) => bytesOfRows(transitions, dropsRows, 8) + (lists.length - 1) * bytesOfRows(1, dropsRows, 8),
    );
    return bytes.reduce((sum, ofOneAgent) => sum + ofOneAgent, bytesOfTransitions);
  }

  /** The number of transitions in D_i^(k). */
  sizeOf(i: number, k: number): number {
    const indices = this.#indicesOf(i, k);
    return indices.end - indices.begin;
  }

  /**
   * `batchSize` transitions, each drawn uniformly from D_i^(k).
   *
   * @throws StateError if it is empty.
   */
  sampleOf(i: number, k: number, batchSize: number, generator: Generator): Batch {
    checkArgument('sampleOf', 'batchSize', batchSize, aBatchSize);
    checkArgument('sampleOf', 'generator', generator, aGenerator);
    const size = this.sizeOf(i, k);
    if (size === 0) {
      throw new StateError(
        `EnsembleMemory: there is no transition of agent ${i} with sub-policy ${k}; add one first`,
      );
    }
    const indices = this.#indicesOf(i, k);
    return this.batchOf(
      Array.from({ length: batchSize }, () => indices.get(indices.begin + generator.integer(size), 0)),
    );
  }

  protected override onAdd(index: number, copy: number): void {
    this.#ensemble.chosenIn(copy).forEach((k, i) => {
      if (this.acted(i, index)) this.#indices[i][k].push([index]);
    });
  }

  /** The indices of D_i^(k). Drops those of transitions that were replaced. */
  #indicesOf(i: number, k: number): RowQueue<Float64Array> {
    checkArgument('EnsembleMemory', 'agent', i, integerFrom0);
    checkArgument('EnsembleMemory', 'sub-policy', k, integerFrom0);
    const indices = this.#indices[i]?.[k];
    if (indices === undefined) {
      const [agents, policies] = [this.#indices.length, this.#indices[0].length];
      throw new ArgumentError(
        `EnsembleMemory: sub-policy ${k} of agent ${i}; give an agent below ${agents} and a sub-policy below ${policies}`,
      );
    }
    let begin = indices.begin;
    while (begin < indices.end && indices.get(begin, 0) < this.oldest) begin += 1;
    indices.dropBefore(begin);
    return indices;
  }
}

/** What an `EnsembleMemory` holds, as plain data. */
export interface EnsembleMemoryState extends ReplayMemoryState {
  /** The indices of D_i^(k)'s transitions: [agent][k] */
  readonly indices: readonly (readonly RowQueueState<Float64Array>[])[];
}

const anEnsemble: Check<Ensemble> = {
  inWords: 'an EnsembleMaddpg',
  accepts: (value): value is Ensemble =>
    Array.isArray((value as Partial<Ensemble> | undefined | null)?.subPolicies),
};

/** What the memory needs of an ensemble. */
export interface Ensemble {
  /** Its agents. */
  readonly specs: readonly AgentSpec[];
  /** The sub-policies: [agent][k] */
  readonly subPolicies: readonly (readonly object[])[];
  /** For each agent, the index k of the sub-policy that it acts with now, in this copy of the environment. */
  chosenIn(copy: number): readonly number[];
}
