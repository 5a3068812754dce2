import { checkArgument, object } from '@paragrad/check';
import { aGenerator, type Generator, type GeneratorState, scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkSpecs } from '../environments/check-specs.js';
import { type ExplorationKind, explorationKinds } from '../exploration/exploration.js';
import { makeMemory, type ReplaySettings } from '../replay/make-memory.js';
import { aMemory, type ReplayMemory } from '../replay/replay-memory.js';
import type { Transition } from '../replay/transition.js';
import { type LearningSettings, learningSettings } from '../settings/learning-settings.js';
import { completeSettings, type SettingsTable } from '../settings/setting.js';
import { checkState } from '../state/stateful.js';
import type { ActOptions, Algorithm, AlgorithmParts, LearningReport } from './algorithm.js';
import { type Batch, checkBatch } from './batch.js';
import { Learner } from './learner.js';
import { withoutAbsent } from './liveness.js';
import { checkLrDecay, lrFactor } from './lr-decay.js';

/** What `OffPolicyAlgorithm.getState` returns. */
export interface AlgorithmState {
  /** The generator of the constructor: the networks draw choices from it. */
  readonly generator: GeneratorState;
}

/** Options that other libraries give to an algorithm, and who takes them here. */
const NOT_OF_ALGORITHMS = {
  '* of train': ['batchSize', 'episodes', 'stepsPerUpdate', 'warmupSteps'],
  '* of ReplayMemory': ['capacity', 'nStep'],
  '*, which is new Generator(seed)': ['generator'],
};

/** What all algorithms here share: they learn from batches of a replay memory, and their networks have target networks. */
export abstract class OffPolicyAlgorithm<Report extends LearningReport> implements Algorithm {
  /** The table of the algorithm's settings. A variant adds its own. */
  static readonly settings: SettingsTable = learningSettings;

  /** The agents, in the order of every array of agents here. */
  readonly specs: readonly AgentSpec[];
  /** All settings, with defaults for those that were not given. */
  readonly settings: LearningSettings;
  /** Updates so far, including the current one. */
  updates = 0;
  readonly #generator: Generator;

  /**
   * An algorithm for these agents, untrained. Settings that are missing get their defaults.
   *
   * @throws ArgumentError on specs that are not valid, on unknown settings and on values out of range.
   */
  constructor(specs: readonly AgentSpec[], options: { generator: Generator }) {
    const { name, settings } = new.target;
    checkSpecs(name, specs);
    const { generator, ...given } = options ?? {};
    checkArgument(name, 'generator', generator, aGenerator);
    this.#generator = generator;
    this.specs = specs;
    this.settings = completeSettings(name, settings, given, NOT_OF_ALGORITHMS) as LearningSettings;
    checkLrDecay(name, this.settings);
  }

  /**
   * Checks and prepares the batch, then does all `steps`.
   *
   * @throws ArgumentError on a bad batch, before anything changes; NumericalError if a loss or a gradient is not finite.
   */
  update(batch: Batch): Report[] {
    return scope(() => {
      const prepared = this.prepare(batch);
      this.updates += 1;
      const reports = this.steps(prepared);
      this.setLearningRates();
      return reports;
    });
  }

  /** Sets the learning rates of the next update. */
  protected setLearningRates(): void {
    if (this.settings.lrDecay === 1) return;
    const factor = lrFactor(this.settings, this.updates);
    for (const [, parts] of this.namedParts()) {
      for (const part of Object.values(parts))
        if (part instanceof Learner) part.optimizer.lr = factor * part.lr;
    }
  }

  /**
   * One update from `batchSize` transitions, drawn from the memory.
   *
   * @throws StateError if the memory is empty; else like `update`.
   */
  learn(memory: ReplayMemory, batchSize: number, generator: Generator): Report[] {
    checkArgument('learn', 'memory', memory, aMemory);
    return scope(() => this.update(memory.sample(batchSize, generator)));
  }

  /** One update: the steps of all networks, then of their targets. */
  protected abstract steps(batch: Batch): Report[];

  /** Checks the batch, and returns it as the networks should see it. Every update begins with this. */
  protected prepare(batch: Batch): Batch {
    checkBatch(this.specs, batch);
    return withoutAbsent(batch);
  }

  /** Every network that has a target, once each. Normalizers are included: the targets have their own statistics. */
  protected get networksWithTargets(): Iterable<{
    /** θ' <- τ θ + (1 - τ) θ', for the weights θ of this network */
    updateTarget(tau: number): void;
  }> {
    const parts = this.namedParts().flatMap(([, parts]) => Object.values(parts));
    return new Set(parts.filter((part) => 'updateTarget' in part));
  }

  /** Where the generator of the constructor is. */
  getState(): AlgorithmState {
    return { generator: this.#generator.getState() };
  }

  /** Goes on from what `getState` returned. */
  setState(state: AlgorithmState): void {
    checkState(state, { generator: object });
    this.#generator.setState(state.generator);
  }

  /**
   * An empty replay memory.
   *
   * @throws ArgumentError on settings out of range.
   */
  makeMemory(settings?: ReplaySettings): ReplayMemory {
    return makeMemory(this.specs, this.settings.gamma, settings);
  }

  /** The kinds of exploration that work with this algorithm: here all. */
  get explorations(): readonly ExplorationKind[] {
    return explorationKinds;
  }

  /** After how many updates the work repeats: here 1. */
  get updateCycle(): number {
    return 1;
  }

  /** Call it at the start of an episode. Here it does nothing. */
  startEpisode(_draws?: Generator, _copy?: number): void {}

  /** Whether `observe` does anything: here false. */
  get observes(): boolean {
    return false;
  }

  /** Learns running statistics from one step of the environment. Here it does nothing. */
  observe(_transition: Transition, _copy?: number): void {}

  /** The best known action of every agent j: o_j [batch, obs_j] -> a_j [batch, act_j]. No gradient. */
  abstract act(observations: readonly Tensor[], options?: ActOptions): Tensor[];

  /** Everything that a checkpoint stores, by owner. */
  abstract namedParts(): [owner: string, parts: AlgorithmParts][];
}
