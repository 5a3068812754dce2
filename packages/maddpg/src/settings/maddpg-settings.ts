import { above0, atLeast0, oneOf, trueOrFalse } from '@paragrad/check';
import { learningSettings } from './learning-settings.js';
import { type Setting, type SettingsOf, setting } from './setting.js';

/** The settings that MADDPG and all its variants have. */
export const maddpgSettings = {
  ...learningSettings,
  actorLr: setting(1e-3, above0, "learning rate of the actors' Adam optimizers"),
  criticLr: setting(1e-3, above0, "learning rate of the critics' Adam optimizers"),
  critic: setting(
    'centralized',
    oneOf('centralized', 'independent'),
    'what a critic sees: all agents (centralized), or only its own agent (independent, as in DDPG)',
  ),
  // Attention and communicating MADDPG are defined by steps that are taken together: there it has no effect.
  updates: setting(
    'in turn',
    oneOf('in turn', 'together'),
    'whether an agent learns after the one before it has taken its steps (in turn), or all from where the others were before (together)',
  ),
  // 'current' is what Iqbal's maddpg-pytorch does; 'replay' is in the paper's algorithm box and in openai/maddpg.
  othersActions: setting(
    'current',
    oneOf('current', 'replay'),
    "the other agents' actions in an actor's loss: from their actors (current), or from the batch (replay)",
  ),
  // Jang et al. 2017, arXiv 1611.01144. The lower the temperature, the closer a soft draw is to one-hot.
  temperature: setting(1, above0, 'temperature of the Gumbel-softmax that draws choices'),
  // true is what Iqbal's maddpg-pytorch does. In openai/maddpg it is false, and agents also act with soft draws.
  straightThrough: setting(
    true,
    trueOrFalse,
    'how choices are drawn: one-hot with the gradient of a soft draw (true), or as soft draws (false)',
  ),
  logitsPenalty: setting(
    1e-3,
    atLeast0,
    "weight of the mean squared logits in an actor's loss; keeps actors from becoming certain of a choice too early",
  ),
  // openai/maddpg has it for every kind of action, with weight 1e-3.
  actionPenalty: setting(
    0,
    atLeast0,
    "weight of the mean squared outputs before tanh in an actor's loss; keeps numbers in actions from getting stuck at their bounds",
  ),
  observationNorm: setting(
    'none',
    oneOf('none', 'batch', 'running'),
    'how observations are normalized: not (none), by statistics of each batch (batch), or of all observations so far (running)',
  ),
  rewardNorm: setting(
    'none',
    oneOf('none', 'return'),
    "how rewards are normalized: not (none), or divided by the standard deviation of the agent's returns (return)",
  ),
};

/** The settings that MADDPG and all its variants have. */
export type MaddpgSettings = SettingsOf<typeof maddpgSettings>;

/** For a variant whose agents can only learn in turn. */
export const onlyInTurn: { updates: Setting<MaddpgSettings['updates']> } = {
  updates: { ...maddpgSettings.updates, range: oneOf('in turn') },
};
