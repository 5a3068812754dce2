import type { Sequential } from '@paragrad/nn';
import { checkCount, concat, type Generator, scope, stack, type Tensor, tanh } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import { type AgentNetworks, type AgentReport, Maddpg } from '../maddpg.js';
import { Actor, type ChoiceOptions, perceptron } from '../networks.js';
import { defaultSettings, type MaddpgSettings } from '../settings.js';
import { stepActors } from './step-actors.js';

/**
 * MADDPG whose agents tell each other something before they act:
 *
 *     m_j = tanh(e_j(o_j))                          agent j's message: [batch, messageSize]
 *     c_i = mean of m_j over all j ≠ i              what agent i hears
 *     a_i = μ_i(o_i, c_i)
 *
 * In training the gradient of J_i flows through c_i into the encoders e_j of those who speak, so they learn to say what helps
 * those who listen, as in DIAL (Foerster et al. 2016, arXiv 1605.06676) and CommNet (Sukhbaatar et al. 2016, arXiv 1605.07736),
 * whose mean over the others this is. What the others do remains a fact. To act, an agent needs its own actor
 * and the others' messages, nothing else.
 *
 * An encoder is part of its agent's actor: one optimizer, one clipping. It learns from the sum of all listeners' losses, so all
 * actors take their steps together, after the critics.
 */
export class CommunicatingMaddpg extends Maddpg {
  static override readonly defaults: CommunicatingMaddpgSettings = { ...defaultSettings, messageSize: 4 };

  declare readonly settings: CommunicatingMaddpgSettings;
  declare readonly agents: readonly (AgentNetworks & {
    readonly actor: SpeakingActor;
    readonly targetActor: SpeakingActor;
  })[];

  constructor(specs: readonly AgentSpec[], options: CommunicatingMaddpgOptions) {
    super(specs, options);
    if (specs.length < 2) throw new Error('CommunicatingMaddpg: 1 agent; it needs others to listen to');
  }

  protected override makeActor(i: number, generator: Generator): SpeakingActor {
    const { hidden, messageSize } = this.settings;
    checkCount('CommunicatingMaddpg', 'messageSize', messageSize);
    return new SpeakingActor(this.specs[i], messageSize, hidden, generator, this.settings);
  }

  /** o_i and c_i side by side, for every agent: [batch, obs_i + messageSize] */
  protected override seen(network: 'actor' | 'targetActor', observations: readonly Tensor[]): Tensor[] {
    const messages = this.agents.map((agent, j) => agent[network].message(observations[j]));
    return observations.map((observation, i) => {
      const others = messages.filter((_, j) => j !== i);
      return concat([observation, stack(others).mean({ axis: 0 })], 1);
    });
  }

  override update(met: Batch): AgentReport[] {
    return scope(() => {
      const batch = this.prepare(met);
      this.updates += 1;
      const nextActions = this.nextActions(batch);
      const criticReports = this.agents.map((_, i) => scope(() => this.criticStep(i, batch, nextActions)));
      const actorReports = stepActors(this.agents, this.actorLosses(batch), this.settings.maxGradNorm);
      this.targetStep();
      return criticReports.map((report, i) => ({ ...report, ...actorReports[i] }));
    });
  }

  /** -J_i for every agent: [n] */
  actorLosses(batch: Batch): Tensor {
    const seen = this.seen('actor', batch.observations);
    const actions = this.agents.map(({ actor }, j) => actor.forward(seen[j]));
    return stack(
      this.agents.map((_, i) =>
        this.withPenalty(i, { ...batch, observations: seen }, this.actorLoss(i, batch, actions)),
      ),
    );
  }
}

/** μ_i, of an observation and what is heard side by side; and e_i, which makes a message of an observation. */
export class SpeakingActor extends Actor {
  readonly encoder: Sequential;

  constructor(
    spec: AgentSpec,
    messageSize: number,
    hidden: readonly number[],
    generator: Generator,
    choices?: ChoiceOptions,
  ) {
    super({ ...spec, observationSize: spec.observationSize + messageSize }, hidden, generator, choices);
    this.encoder = perceptron([spec.observationSize, ...hidden, messageSize], generator);
  }

  /** [batch, obs_i] -> [batch, messageSize], each number in [-1, 1] */
  message(observation: Tensor): Tensor {
    return tanh(this.encoder.forward(observation));
  }
}

/** Settings of `CommunicatingMaddpg`; `CommunicatingMaddpg.defaults` has their values. */
export interface CommunicatingMaddpgSettings extends MaddpgSettings {
  /** How many numbers a message is. */
  readonly messageSize: number;
}

/** Settings for `CommunicatingMaddpg`, each optional, and where the weights come from. */
export interface CommunicatingMaddpgOptions extends Partial<CommunicatingMaddpgSettings> {
  /** Where the initial weights are drawn from. */
  generator: Generator;
}
