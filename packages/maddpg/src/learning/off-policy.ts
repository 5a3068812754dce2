import { checkGenerator, type Generator, scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { type ExplorationKind, explorationKinds } from '../exploration/exploration.js';
import { type MemoryOptions, makeMemory } from '../replay/make-memory.js';
import type { ReplayMemory, Transition } from '../replay/replay-memory.js';
import { type LearningSettings, learningSettings } from '../settings/learning-settings.js';
import { completeSettings, type SettingsTable } from '../settings/setting.js';
import type { Algorithm, LearningReport, Parts } from './algorithm.js';
import { type Batch, checkBatch } from './batch.js';

/** What all algorithms here share: they learn from batches of a replay memory, and slow targets follow their networks. */
export abstract class OffPolicyAlgorithm<Report extends LearningReport> implements Algorithm {
  /** The algorithm's settings: defaults, ranges, meanings. A variant adds its own. */
  static readonly settings: SettingsTable = learningSettings;

  readonly specs: readonly AgentSpec[];
  readonly settings: LearningSettings;
  updates = 0;

  constructor(specs: readonly AgentSpec[], { generator, ...given }: { generator: Generator }) {
    const { name, settings } = new.target;
    checkGenerator(name, generator);
    this.specs = specs;
    this.settings = completeSettings(name, settings, given) as LearningSettings;
  }

  /** One update: the batch is checked and prepared, then every network takes its steps. */
  update(batch: Batch): Report[] {
    return scope(() => {
      const prepared = this.prepare(batch);
      this.updates += 1;
      return this.steps(prepared);
    });
  }

  learn(memory: ReplayMemory, batchSize: number, generator: Generator): Report[] {
    return scope(() => this.update(memory.sample(batchSize, generator)));
  }

  /** The steps of all networks from one batch, and then of their targets. */
  protected abstract steps(batch: Batch): Report[];

  /** What an update begins with. Throws on a batch that would spoil the networks. */
  protected prepare(batch: Batch): Batch {
    checkBatch(this.specs, batch);
    return batch;
  }

  /** Everything that has a target, once each. */
  protected get withTargets(): Iterable<{ follow(tau: number): void }> {
    const parts = this.namedParts().flatMap(([, parts]) => Object.values(parts));
    return new Set(parts.filter((part) => 'follow' in part));
  }

  makeMemory(options: MemoryOptions): ReplayMemory {
    return makeMemory(this.specs, this.settings.gamma, options);
  }

  get explorations(): readonly ExplorationKind[] {
    return explorationKinds;
  }

  get updateCycle(): number {
    return 1;
  }

  startEpisode(_draws?: Generator): void {}

  observe(_transition: Transition): void {}

  abstract act(observations: readonly Tensor[], options?: { explore?: boolean }): Tensor[];

  abstract namedParts(): [owner: string, parts: Parts][];
}
