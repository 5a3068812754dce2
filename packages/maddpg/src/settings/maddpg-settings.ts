import { above0, atLeast0, oneOf, trueOrFalse } from '@paragrad/check';
import { type LearningSettings, learningSettings } from './learning-settings.js';
import { type SettingsOf, setting } from './setting.js';

/** The settings that MADDPG and all its variants have. */
export const maddpgSettings = {
  ...learningSettings,
  /** Learning rate of the actors' Adam optimizers. A finite number above 0; default 0.001, in OpenaiMaddpg 0.01. */
  actorLr: setting(1e-3, above0, "learning rate of the actors' Adam optimizers"),
  /** Learning rate of the critics' Adam optimizers. A finite number above 0; default 0.001, in OpenaiMaddpg 0.01. */
  criticLr: setting(1e-3, above0, "learning rate of the critics' Adam optimizers"),
  /**
   * What a critic sees: all agents (centralized), or only its own agent (independent, as in DDPG). Default
   * 'centralized'.
   */
  critic: setting(
    'centralized',
    oneOf('centralized', 'independent'),
    'what a critic sees: all agents (centralized), or only its own agent (independent, as in DDPG)',
  ),
  /**
   * Whether an agent learns after the one before it has taken its steps (in turn), or all from where the others were
   * before (together). Default 'in turn'.
   *
   * The steps of `AttentionMaddpg` and `CommunicatingMaddpg` are defined together: there it has no effect. `EnsembleMaddpg` and
   * `OpenaiMaddpg` know only 'in turn'.
   */
  updates: setting(
    'in turn',
    oneOf('in turn', 'together'),
    'whether an agent learns after the one before it has taken its steps (in turn), or all from where the others were before (together)',
  ),
  /**
   * The other agents' actions in an actor's loss: from their actors (current), or from the batch (replay). Default
   * 'current', in OpenaiMaddpg 'replay'.
   *
   * 'current' is what Iqbal's maddpg-pytorch does; 'replay' is in the paper's algorithm box and in openai/maddpg.
   */
  othersActions: setting(
    'current',
    oneOf('current', 'replay'),
    "the other agents' actions in an actor's loss: from their actors (current), or from the batch (replay)",
  ),
  /**
   * Temperature of the Gumbel-softmax that draws choices. A finite number above 0; default 1.
   *
   * Jang et al. 2017, arXiv 1611.01144. The lower the temperature, the closer a soft draw is to one-hot.
   */
  temperature: setting(1, above0, 'temperature of the Gumbel-softmax that draws choices'),
  /**
   * How choices are drawn: one-hot with the gradient of a soft draw (true), or as soft draws (false). Default true, in
   * OpenaiMaddpg false.
   *
   * true is what Iqbal's maddpg-pytorch does. In openai/maddpg it is false, and agents also act with soft draws.
   */
  straightThrough: setting(
    true,
    trueOrFalse,
    'how choices are drawn: one-hot with the gradient of a soft draw (true), or as soft draws (false)',
  ),
  /**
   * Weight of the mean squared logits in an actor's loss; keeps actors from becoming certain of a choice too early. A
   * finite number of at least 0; default 0.001.
   */
  logitsPenalty: setting(
    1e-3,
    atLeast0,
    "weight of the mean squared logits in an actor's loss; keeps actors from becoming certain of a choice too early",
  ),
  /**
   * Weight of the mean squared outputs before tanh in an actor's loss; keeps numbers in actions from getting stuck at
   * their bounds. A finite number of at least 0; default 0.
   *
   * openai/maddpg has it for every kind of action, with weight 1e-3.
   */
  actionPenalty: setting(
    0,
    atLeast0,
    "weight of the mean squared outputs before tanh in an actor's loss; keeps numbers in actions from getting stuck at their bounds",
  ),
  /**
   * How observations are normalized: not (none), by statistics of each batch (batch), or of all observations so far
   * (running). Default 'none'.
   */
  observationNorm: setting(
    'none',
    oneOf('none', 'batch', 'running'),
    'how observations are normalized: not (none), by statistics of each batch (batch), or of all observations so far (running)',
  ),
  /**
   * How rewards are normalized: not (none), or divided by the standard deviation of the agent's returns (return).
   * Default 'none'.
   */
  rewardNorm: setting(
    'none',
    oneOf('none', 'return'),
    "how rewards are normalized: not (none), or divided by the standard deviation of the agent's returns (return)",
  ),
  /**
   * Scale k of value rescaling, with which small values count more; 0: critics learn the values themselves. A finite
   * number of at least 0; default 0.
   *
   * Critics learn kQ / (√(k|Q| + 1) + 1): Pohlen et al. 2018, arXiv 1805.11593.
   */
  valueRescaling: setting(
    0,
    atLeast0,
    'scale k of value rescaling, with which small values count more; 0: critics learn the values themselves',
  ),
};

/** The settings that MADDPG and all its variants have. */
export interface MaddpgSettings extends LearningSettings, SettingsOf<typeof maddpgSettings> {}

/** For a variant whose agents can only learn in turn. */
export const onlyInTurn: Pick<typeof maddpgSettings, 'updates'> = {
  updates: { ...maddpgSettings.updates, range: oneOf('in turn') },
};
