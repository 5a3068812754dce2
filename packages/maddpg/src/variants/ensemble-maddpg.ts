import { checkCount, type Generator, scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import { type AgentNetworks, type AgentReport, Maddpg } from '../maddpg.js';
import { moveTowards } from '../move-towards.js';
import type { ReplayMemory } from '../replay/replay-memory.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { refuseSharing } from '../sharing.js';
import { EnsembleMemory } from './ensemble-memory.js';

/**
 * MADDPG with policy ensembles (Lowe et al. 2017, section 4.3), against policies that overfit to those of their competitors.
 *
 * Each agent i has K sub-policies μ_i^(k), and in each episode acts with one of them, drawn uniformly; what it has met with
 * μ_i^(k) is in a replay memory D_i^(k) (`EnsembleMemory`). J_i is the mean over the ensemble, and its gradient
 *
 *     dJ_i / dθ_i^(k) = 1/K E[dQ_i/da_i dμ_i^(k)/dθ_i^(k)],    x, a from D_i^(k)
 *
 * Each agent has one critic for all its sub-policies. What the paper leaves open: for each k the other agents, in the target and
 * in the actor's step, act with sub-policies that are drawn as for an episode, and the critic takes a step, too.
 */
export class EnsembleMaddpg extends Maddpg {
  static override readonly defaults: EnsembleMaddpgSettings = { ...defaultSettings, ensembleSize: 3 };

  declare readonly settings: EnsembleMaddpgSettings;
  /** What each agent acts and learns with at the moment: one of its `subPolicies`. */
  declare agents: readonly AgentNetworks[];
  /** All that each agent has: [agent][k]. Those of one agent share their critic, and their normalizer. */
  readonly subPolicies: readonly (readonly AgentNetworks[])[];
  readonly #draws: Generator;

  constructor(specs: readonly AgentSpec[], options: EnsembleMaddpgOptions) {
    super(specs, options);
    const { ensembleSize } = this.settings;
    checkCount('EnsembleMaddpg', 'ensembleSize', ensembleSize);
    refuseSharing('EnsembleMaddpg', this.settings, 'each agent has an ensemble of its own');
    this.#draws = options.generator.fork('sub-policies');
    this.subPolicies = this.agents.map((first, i) => [
      first,
      ...Array.from({ length: ensembleSize - 1 }, () => {
        const { critic, targetCritic, criticOptimizer, normalizer } = first;
        return { ...this.makeAgent(i, options.generator), critic, targetCritic, criticOptimizer, normalizer };
      }),
    ]);
  }

  /** Of each agent, which sub-policy it acts with. */
  get chosen(): number[] {
    return this.agents.map((agent, i) => this.subPolicies[i].indexOf(agent));
  }

  /** Lets agent i act and learn with its sub-policy number `chosen[i]`. */
  choose(chosen: readonly number[]): void {
    this.agents = this.subPolicies.map((policies, i) => policies[chosen[i]]);
  }

  override startEpisode(draws = this.#draws): void {
    this.choose(this.specs.map(() => draws.integer(this.settings.ensembleSize)));
  }

  /** For every agent and each of its sub-policies, steps of critic and actor from what was met with it; then the targets. */
  override learn(memory: ReplayMemory, batchSize: number, generator: Generator): AgentReport[] {
    if (!(memory instanceof EnsembleMemory)) {
      throw new Error(
        'EnsembleMaddpg: a memory that mixes what its sub-policies met; give an EnsembleMemory',
      );
    }
    return scope(() => {
      this.updates += 1;
      const acting = this.chosen;
      const reports = this.subPolicies.map((policies, i) => {
        const met = policies.map((_, k) => k).filter((k) => memory.sizeOf(i, k) > 0);
        return meanReport(
          met.map((k) => scope(() => this.#steps(i, k, memory.sampleOf(i, k, batchSize, generator)))),
        );
      });
      this.targetStep();
      this.choose(acting);
      return reports;
    });
  }

  #steps(i: number, k: number, met: Batch): AgentReport {
    const batch = this.prepare(met);
    this.startEpisode();
    this.choose(this.chosen.with(i, k));
    return { ...this.criticStep(i, batch, this.nextActions(batch)), ...this.actorStep(i, batch) };
  }

  /** -1/K mean Q_i(x, a_1 ... a_n) with a_i = μ_i^(k)(o_i) */
  override actorLoss(i: number, batch: Batch, actions?: readonly Tensor[]): Tensor {
    return super.actorLoss(i, batch, actions).div(this.settings.ensembleSize);
  }

  /** As in `Maddpg`, for all sub-policies. */
  override targetStep(): void {
    for (const policies of this.subPolicies) {
      for (const { actor, targetActor } of policies) moveTowards(targetActor, actor, this.settings.tau);
      const [{ critic, targetCritic, normalizer }] = policies;
      moveTowards(targetCritic, critic, this.settings.tau);
      normalizer.observations.targetStep(this.settings.tau);
    }
  }

  override namedAgents(): [name: string, agent: AgentNetworks][] {
    return this.subPolicies.flatMap((policies, i) =>
      policies.map((agent, k): [string, AgentNetworks] => [`${this.specs[i].name}.${k}`, agent]),
    );
  }
}

/** Settings of `EnsembleMaddpg`; `EnsembleMaddpg.defaults` has their values. */
export interface EnsembleMaddpgSettings extends MaddpgSettings {
  /** K, how many sub-policies each agent has. */
  readonly ensembleSize: number;
}

/** Settings for `EnsembleMaddpg`, each optional, and where the weights come from. */
export interface EnsembleMaddpgOptions extends Partial<EnsembleMaddpgSettings> {
  /** Where the initial weights are drawn from; and, from a fork of it, the sub-policies. */
  generator: Generator;
}

function meanReport(reports: readonly AgentReport[]): AgentReport {
  const mean = (name: keyof AgentReport) =>
    reports.reduce((sum, report) => sum + report[name], 0) / reports.length;
  return {
    criticLoss: mean('criticLoss'),
    criticGradNorm: mean('criticGradNorm'),
    actorLoss: mean('actorLoss'),
    actorGradNorm: mean('actorGradNorm'),
  };
}
