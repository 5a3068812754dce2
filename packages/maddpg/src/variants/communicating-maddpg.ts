import { checkArgument, integerFrom1 } from '@paragrad/check';
import type { Sequential } from '@paragrad/nn';
import {
  concat,
  full,
  type Generator,
  noGrad,
  stack,
  type Tensor,
  tanh,
  tensor,
  zeros,
} from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkSpec } from '../environments/check-specs.js';
import { checkOutputs } from '../learning/acting.js';
import type { AgentNetworks } from '../learning/actor-critic.js';
import type { ActOptions, AgentReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { nextOf, zeroWhereNot } from '../learning/liveness.js';
import { Maddpg } from '../maddpg.js';
import { Actor, type ChoiceOptions } from '../networks/actor.js';
import { perceptron } from '../networks/perceptron.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, type SettingsOf, setting } from '../settings/setting.js';
import { stepActorsTogether } from './step-actors.js';

/**
 * MADDPG whose agents send each other messages before they act:
 *
 *     m_j = tanh(e_j(o_j))                          agent j's message: [batch, messageSize]
 *     c_i = mean of m_j over all j ≠ i              what agent i hears
 *     a_i = μ_i(o_i, c_i)
 *
 * In training the gradient of J_i flows through c_i into the encoders e_j of the other agents. So they learn to send
 * messages that help the agents that hear them, as in DIAL (Foerster et al. 2016, arXiv 1605.06676) and in CommNet
 * (Sukhbaatar et al. 2016, arXiv 1605.07736), which also takes the mean over the others. No gradient flows into the
 * others' actions. To act, an agent needs only its own actor and the others' messages.
 *
 * An encoder is part of its agent's actor: they have one optimizer, and are clipped as one vector. An encoder learns
 * from the sum of all agents' losses, so all actors take their steps together, after the critics.
 */
export class CommunicatingMaddpg extends Maddpg {
  /** The table of its settings. */
  static override readonly settings = {
    ...Maddpg.settings,
    /** Length of a message, in numbers. An integer of at least 1; default 4. */
    messageSize: setting(4, integerFrom1, 'length of a message, in numbers'),
  };

  /** All settings, with defaults for those that were not given. */
  declare readonly settings: CommunicatingMaddpgSettings;
  /** What each agent acts, speaks and learns with. */
  declare readonly agents: readonly AgentNetworks<SpeakingActor>[];

  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<CommunicatingMaddpgSettings>) {
    super(specs, options);
  }

  protected override makeActor(i: number, generator: Generator): SpeakingActor {
    const { hidden, messageSize } = this.settings;
    return new SpeakingActor(this.specs[i], messageSize, hidden, generator, this.settings);
  }

  /**
   * o_i and c_i side by side, for every agent i: [batch, obs_i + messageSize]. The messages are those of the actors or
   * of their targets. `check` gets every message. `speakers` says where each agent j [batch, 1] is live, as agent i sees it.
   * Default: all, everywhere.
   */
  protected withMessages(
    of: 'network' | 'target',
    observations: readonly Tensor[],
    check: (message: Tensor, j: number) => void = () => {},
    speakers?: (i: number) => readonly Tensor[],
  ): Tensor[] {
    const messages = this.agents.map(({ actor }, j) => actor[of].message(observations[j]));
    messages.forEach(check);
    return observations.map((observation, i) => concat([observation, heard(i, messages, speakers?.(i))], 1));
  }

  protected override decide(observations: readonly Tensor[], explore: boolean, options: ActOptions = {}) {
    // Else an error about NaN would name the agents that hear it.
    const check = (message: Tensor, j: number) =>
      checkOutputs(this.specs[j].name, 'encoder of messages', message);
    const { shape, dtype } = observations[0];
    const speakers = options.live?.map((one) =>
      typeof one === 'boolean'
        ? full([shape[0], 1], Number(one), { dtype })
        : tensor(
            one.map((inRow) => [Number(inRow)]),
            { dtype },
          ),
    );
    const withMessages = this.withMessages('network', observations, check, speakers && (() => speakers));
    return super.decide(withMessages, explore, options);
  }

  /** a'_j = μ'_j(o'_j, c'_j) for every agent j: [batch, act_j] each, with the messages of the targets. Constants. */
  override nextActions(batch: Batch): Tensor[] {
    const speakers = batch.liveness && ((i: number) => nextOf(batch, i));
    return noGrad(() =>
      super.nextActions({
        ...batch,
        nextObservations: this.withMessages('target', batch.nextObservations, undefined, speakers),
      }),
    );
  }

  /** a_j = μ_j(o_j, c_j) for every agent j: [batch, act_j] each. Zeros where j is not live. */
  override actions(batch: Batch): Tensor[] {
    return super.actions(this.#heardIn(batch));
  }

  /** The batch with the messages in its observations. */
  #heardIn(batch: Batch): Batch {
    const { liveness, observations } = batch;
    const speakers = liveness && (() => liveness.live);
    return { ...batch, observations: this.withMessages('network', observations, undefined, speakers) };
  }

  protected override steps(batch: Batch): AgentReport[] {
    const nextActions = this.nextActions(batch);
    const criticReports = this.agents.map((_, i) => this.criticStep(i, batch, nextActions));
    const losses = () => this.actorLosses(batch);
    const actorReports = stepActorsTogether(this.agents, losses, (parameters) => this.clip(parameters));
    this.targetStep();
    return criticReports.map((report, i) => ({ ...report, ...actorReports[i] }));
  }

  /** -J_i for every agent: [n]. Gradients also flow into the encoders of the agents that i hears. */
  actorLosses(batch: Batch): Tensor {
    const withMessages = this.#heardIn(batch);
    const actions = super.actions(withMessages);
    return stack(
      this.agents.map((_, i) => this.penalized(i, withMessages, this.actorLoss(i, batch, actions))),
    );
  }
}

/** c_i: the mean of the messages of the other agents, only of those that are live. Zeros if there are none. */
function heard(i: number, messages: readonly Tensor[], speakers?: readonly Tensor[]): Tensor {
  const others = messages.filter((_, j) => j !== i);
  if (others.length === 0) return zeros(messages[i].shape, { dtype: messages[i].dtype });
  if (!speakers)
    return stack(others)
      .sum({ axis: 0 })
      .mul(1 / others.length);
  const live = speakers.filter((_, j) => j !== i);
  const sum = stack(others.map((message, k) => zeroWhereNot(live[k], message))).sum({ axis: 0 });
  return sum.div(stack(live).sum({ axis: 0 }).clamp({ min: 1 }));
}

/** The settings of `CommunicatingMaddpg`. */
export interface CommunicatingMaddpgSettings
  extends MaddpgSettings,
    SettingsOf<typeof CommunicatingMaddpg.settings> {}

/** μ_i, whose input is the observation and the messages that the agent hears, side by side; and the encoder e_i. */
export class SpeakingActor extends Actor {
  /** e_i before tanh: o_i [batch, obs_i] -> [batch, messageSize] */
  readonly encoder: Sequential;

  /**
   * An actor that speaks: μ_i of [batch, obs_i + messageSize] -> [batch, act_i], and the encoder of its messages.
   *
   * @param messageSize numbers in a message.
   * @param hidden sizes of the hidden layers, of the encoder too.
   * @param generator draws the initial weights now, and the choices later.
   * @throws ArgumentError on arguments out of range.
   */
  constructor(
    spec: AgentSpec,
    messageSize: number,
    hidden: readonly number[],
    generator: Generator,
    choiceOptions?: ChoiceOptions,
  ) {
    checkSpec('SpeakingActor: spec', spec);
    checkArgument('SpeakingActor', 'messageSize', messageSize, integerFrom1);
    super({ ...spec, observationSize: spec.observationSize + messageSize }, hidden, generator, choiceOptions);
    this.encoder = perceptron([spec.observationSize, ...hidden, messageSize], generator);
  }

  /** m_i: o_i [batch, obs_i] -> [batch, messageSize], each number in [-1, 1] */
  message(observation: Tensor): Tensor {
    return tanh(this.encoder.forward(observation));
  }
}
