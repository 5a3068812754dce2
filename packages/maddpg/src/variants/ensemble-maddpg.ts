import {
  ArgumentError,
  anArray,
  checkArgument,
  integer,
  integerFrom0,
  integerFrom1,
  listOf,
  object,
} from '@paragrad/check';
import {
  concat,
  type Generator,
  type GeneratorState,
  indexSelect,
  scope,
  type Tensor,
} from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { ActorCriticState, AgentNetworks } from '../learning/actor-critic.js';
import type { ActOptions, AgentReport, AlgorithmParts } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { refuseSharing } from '../learning/sharing.js';
import { Maddpg } from '../maddpg.js';
import { completeReplaySettings, type ReplaySettings } from '../replay/make-memory.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { type MaddpgSettings, onlyInTurn } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { checkState } from '../state/stateful.js';
import { EnsembleMemory } from './ensemble-memory.js';

/**
 * MADDPG with policy ensembles (Lowe et al. 2017, section 4.3). They keep policies from overfitting to the policies of
 * other agents.
 *
 * Each agent i has K sub-policies μ_i^(k). In each episode it acts with one of them, drawn uniformly, and the
 * transitions of that episode go to the replay memory D_i^(k) (`EnsembleMemory`). J_i is the mean over the ensemble,
 * with the gradient
 *
 *     dJ_i / dθ_i^(k) = 1/K E[dQ_i/da_i dμ_i^(k)/dθ_i^(k)],    x, a from D_i^(k)
 *
 * Each agent has one critic for all its sub-policies, which takes a step for each k. The paper does not say which
 * sub-policies the other agents use in a step for μ_i^(k). Here they are drawn for each step, as at the start of an
 * episode, and used in the target and in the actor's loss.
 */
export class EnsembleMaddpg extends Maddpg {
  /** The table of its settings. */
  static override readonly settings = {
    ...Maddpg.settings,
    ...onlyInTurn,
    /** Number K of sub-policies of each agent. An integer of at least 1; default 3. */
    ensembleSize: setting(3, integerFrom1, 'number K of sub-policies of each agent'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: EnsembleMaddpgSettings;
  /** What each agent acts and learns with now: one of its `subPolicies`. */
  declare agents: readonly AgentNetworks[];
  /** All sub-policies: [agent][k]. Those of one agent share the critic and the normalizer. */
  readonly subPolicies: readonly (readonly AgentNetworks[])[];
  readonly #draws: Generator;
  /** What each agent acts with in the other copies of the environment. In copy 0 it acts with `chosen`. */
  readonly #chosenInCopies = new Map<number, readonly number[]>();

  /**
   * MADDPG with an ensemble of policies for each agent. Forks `options.generator` to draw the sub-policies of episodes.
   *
   * @throws ArgumentError on parameter sharing.
   */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<EnsembleMaddpgSettings>) {
    super(specs, options);
    const { generator } = options;
    refuseSharing('EnsembleMaddpg', this.settings, 'each agent has an ensemble of its own');
    this.#draws = generator.fork('sub-policies');
    this.subPolicies = this.agents.map((first, i) => [
      first,
      ...Array.from({ length: this.settings.ensembleSize - 1 }, () => {
        const { actor } = this.makeNetworks(i, generator);
        return { ...first, actor };
      }),
    ]);
  }

  /** For each agent, the index k of the sub-policy that it acts with now. */
  get chosen(): number[] {
    return this.agents.map((agent, i) => this.subPolicies[i].indexOf(agent));
  }

  /** From now on each agent i acts and learns with its sub-policy k = `chosen[i]`. */
  choose(chosen: readonly number[]): void {
    this.#checkChosen(chosen);
    this.agents = this.subPolicies.map((policies, i) => policies[chosen[i]]);
  }

  /** For each agent, the index of the sub-policy that it acts with in this copy of the environment. */
  chosenIn(copy: number): readonly number[] {
    checkArgument('chosenIn', 'copy', copy, integer);
    return this.#chosenInCopies.get(copy) ?? this.chosen;
  }

  /** Draws the sub-policy of every agent for the next episode of this copy of the environment. */
  override startEpisode(draws = this.#draws, copy = 0): void {
    const drawn = this.#draw(draws);
    if (copy === 0) this.choose(drawn);
    else this.#chosenInCopies.set(copy, drawn);
  }

  #draw(draws: Generator): number[] {
    return this.specs.map(() => draws.integer(this.settings.ensembleSize));
  }

  /** In each row, the agent acts with the sub-policy of the copy that the row belongs to. */
  protected override decide(
    observations: readonly Tensor[],
    explore: boolean,
    options: ActOptions = {},
  ): Tensor[] {
    const { copies } = options;
    if (!copies) return super.decide(observations, explore, options);
    return this.subPolicies.map((policies, i) => {
      const chosen = copies.map((copy) => this.chosenIn(copy)[i]);
      return inGroups(observations[i], chosen, (rows, k) =>
        this.actWith(policies[k].actor.network, i, rows, explore),
      );
    });
  }

  #checkChosen(chosen: readonly number[]): void {
    const { specs, settings } = this;
    const inWords = `for each of ${specs.length} agents an integer from 0 to ${settings.ensembleSize - 1}`;
    checkArgument('choose', 'chosen', chosen, {
      inWords,
      accepts: (value): value is number[] =>
        listOf(integerFrom0).accepts(value) &&
        value.length === specs.length &&
        value.every((k) => k < settings.ensembleSize),
    });
  }

  override getState(): EnsembleState {
    const ofTraining = [...this.#chosenInCopies].filter(([copy]) => copy > 0);
    const copies = ofTraining.length > 0 && { chosenInCopies: ofTraining };
    return { ...super.getState(), draws: this.#draws.getState(), chosen: this.chosen, ...copies };
  }

  override setState(state: EnsembleState): void {
    checkState(state, { draws: object, chosen: anArray });
    super.setState(state);
    this.#draws.setState(state.draws);
    this.choose(state.chosen);
    this.#chosenInCopies.clear();
    for (const [copy, chosen] of state.chosenInCopies ?? []) this.#chosenInCopies.set(copy, chosen);
  }

  /**
   * An empty memory for each sub-policy.
   *
   * @throws ArgumentError on prioritized sampling, and on settings out of range.
   */
  override makeMemory(settings?: ReplaySettings): EnsembleMemory {
    const { capacity, nStep, sampling } = completeReplaySettings(settings);
    const { kind } = sampling;
    if (kind !== 'uniform') {
      throw new ArgumentError(
        `sampling: kind is '${kind}', but ensemble-maddpg draws from its memories uniformly; set kind: 'uniform'`,
      );
    }
    return new EnsembleMemory(this, { capacity, nStep: { steps: nStep, gamma: this.settings.gamma } });
  }

  /**
   * One update. For every agent and each of its sub-policies, its critic and actor take steps from that sub-policy's
   * memory. Then the targets move.
   *
   * @throws ArgumentError if the memory is no `EnsembleMemory`.
   */
  override learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    if (!(memory instanceof EnsembleMemory)) {
      throw new ArgumentError(
        'EnsembleMaddpg: this memory does not separate the sub-policies; give an EnsembleMemory (see makeMemory)',
      );
    }
    return scope(() => {
      this.updates += 1;
      const chosenBefore = this.chosen;
      const reports = this.subPolicies.map((policies, i) => {
        const trained = policies.map((_, k) => k).filter((k) => memory.sizeOf(i, k) > 0);
        return meanReport(
          trained.map((k) => scope(() => this.#steps(i, k, memory.sampleOf(i, k, batchSize, generator)))),
        );
      });
      this.targetStep();
      this.setLearningRates();
      this.choose(chosenBefore);
      return reports;
    });
  }

  /** Steps of agent i's critic and of its sub-policy k. The other agents' sub-policies are drawn. */
  #steps(i: number, k: number, sampled: Batch): AgentReport {
    const batch = this.prepare(sampled);
    this.choose(this.#draw(this.#draws).with(i, k));
    return { ...this.criticStep(i, batch, this.nextActions(batch)), ...this.actorStep(i, batch) };
  }

  /** -1/K mean Q_i(x, a_1 ... a_n) with a_i = μ_i^(k)(o_i) */
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, batch, actions).div(this.settings.ensembleSize);
  }

  /** The parts of every sub-policy k, by the agent's name and k: `agent_0.0`, `agent_0.1`, ... */
  override namedParts(): [owner: string, parts: AlgorithmParts][] {
    return this.subPolicies.flatMap((policies, i) =>
      policies.map((agent, k): [string, AlgorithmParts] => [`${this.specs[i].name}.${k}`, agent]),
    );
  }
}

/** What `EnsembleMaddpg.getState` returns. */
export interface EnsembleState extends ActorCriticState {
  /** Where the generator of the sub-policies is. */
  readonly draws: GeneratorState;
  /** For each agent, the index of the sub-policy that it acts with in copy 0. */
  readonly chosen: readonly number[];
  /** By copy of the environment, from 1 on. */
  readonly chosenInCopies?: readonly (readonly [copy: number, chosen: readonly number[]])[];
}

/** The settings of `EnsembleMaddpg`. */
export interface EnsembleMaddpgSettings extends MaddpgSettings, SettingsOf<typeof EnsembleMaddpg.settings> {}

/** x [rows, k] -> [rows, m]: `change` gets the rows of each group at once. */
function inGroups(
  x: Tensor,
  groups: readonly number[],
  change: (rows: Tensor, group: number) => Tensor,
): Tensor {
  const distinct = [...new Set(groups)];
  if (distinct.length === 1) return change(x, distinct[0]);
  const rowsOf = distinct.map((group) => groups.flatMap((one, row) => (one === group ? [row] : [])));
  const changed = concat(
    distinct.map((group, g) => change(indexSelect(x, 0, rowsOf[g]), group)),
    0,
  );
  const places = new Int32Array(groups.length);
  rowsOf.flat().forEach((row, place) => {
    places[row] = place;
  });
  return indexSelect(changed, 0, places);
}

function meanReport(reports: readonly AgentReport[]): AgentReport {
  const mean = (name: keyof AgentReport) =>
    reports.reduce((sum, report) => sum + report[name], 0) / Math.max(1, reports.length);
  return {
    criticLoss: mean('criticLoss'),
    criticGradNorm: mean('criticGradNorm'),
    actorLoss: mean('actorLoss'),
    actorGradNorm: mean('actorGradNorm'),
  };
}
