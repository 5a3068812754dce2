import type { Generator } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Batch } from '../learning/batch.js';
import { ReplayMemory, type ReplayMemoryOptions } from '../replay/replay-memory.js';
import { bytesOfRows, RowQueue } from '../replay/row-queue.js';

/**
 * The replay memories D_i^(k) of an ensemble: what was met while agent i acted with its sub-policy k. Each transition is in one
 * of every agent's, and stored once: a D_i^(k) is a list of where its transitions are.
 */
export class EnsembleMemory extends ReplayMemory {
  readonly #ensemble: Ensemble;
  /** [agent][k]: indices of transitions, ascending. */
  readonly #indices: readonly (readonly RowQueue<Float64Array>[])[];

  constructor(ensemble: Ensemble, options: ReplayMemoryOptions = {}) {
    super(ensemble.specs, options);
    this.#ensemble = ensemble;
    this.#indices = ensemble.subPolicies.map((policies) =>
      policies.map(() => new RowQueue(1, (length) => new Float64Array(length))),
    );
  }

  override get byteLength(): number {
    return this.#indices.flat().reduce((sum, { byteLength }) => sum + byteLength, super.byteLength);
  }

  /** Which list gets how many transitions is chance: this is the most that they may take. */
  override byteLengthAfter(steps: number, episodeLength: number): number {
    const held = Math.min(steps, this.capacity);
    const dropsRows = steps > this.capacity;
    // The K lists of an agent are as long as the memory together, and each has a block that is not full.
    const bytes = this.#indices.map(
      (lists) => bytesOfRows(held, dropsRows, 8) + (lists.length - 1) * bytesOfRows(1, dropsRows, 8),
    );
    return bytes.reduce((sum, ofAgent) => sum + ofAgent, super.byteLengthAfter(steps, episodeLength));
  }

  /** How many transitions agent i has met with its sub-policy k. */
  sizeOf(i: number, k: number): number {
    const indices = this.#current(i, k);
    return indices.end - indices.begin;
  }

  /** `batchSize` transitions, each drawn uniformly from D_i^(k). Throws where it is empty. */
  sampleOf(i: number, k: number, batchSize: number, generator: Generator): Batch {
    const size = this.sizeOf(i, k);
    if (size === 0) throw new Error(`EnsembleMemory: agent ${i} has met nothing yet with sub-policy ${k}`);
    const indices = this.#current(i, k);
    return this.batchOf(
      Array.from({ length: batchSize }, () => indices.get(indices.begin + generator.integer(size), 0)),
    );
  }

  protected override added(index: number): void {
    this.#ensemble.chosen.forEach((k, i) => {
      this.#indices[i][k].push(Float64Array.of(index));
    });
  }

  /** Without those that were displaced. */
  #current(i: number, k: number): RowQueue<Float64Array> {
    const indices = this.#indices[i][k];
    let begin = indices.begin;
    while (begin < indices.end && indices.get(begin, 0) < this.oldest) begin += 1;
    indices.dropBefore(begin);
    return indices;
  }
}

/** What the memory needs of an ensemble. */
interface Ensemble {
  readonly specs: readonly AgentSpec[];
  /** [agent][k] */
  readonly subPolicies: readonly (readonly object[])[];
  /** The sub-policy that each agent acts with. */
  readonly chosen: readonly number[];
}
