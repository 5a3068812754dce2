import { fromZero, oneOf, positive, trueOrFalse } from './kinds.js';
import { learningSettings } from './learning-settings.js';
import { type SettingsOf, setting } from './setting.js';

/** Settings of MADDPG and all its variants. */
export const maddpgSettings = {
  ...learningSettings,
  actorLr: setting(1e-3, positive, "learning rate of the actors' Adam"),
  criticLr: setting(1e-3, positive, "learning rate of the critics' Adam"),
  critic: setting(
    'centralized',
    oneOf('centralized', 'independent'),
    'what a critic sees: all agents, or its own agent only (independent DDPG)',
  ),
  // 'current' as in Iqbal's maddpg-pytorch; 'replay' as in the paper's algorithm box and in openai/maddpg.
  othersActions: setting(
    'current',
    oneOf('current', 'replay'),
    "the other agents' actions in an actor's loss: what they would do now, or what the batch holds",
  ),
  // Jang et al. 2017, arXiv 1611.01144. The lower, the nearer a soft draw is to one-hot.
  temperature: setting(1, positive, 'of the Gumbel-softmax that choices are drawn by'),
  // true as in Iqbal's maddpg-pytorch; false as in openai/maddpg, whose agents also act with the soft draw.
  straightThrough: setting(
    true,
    trueOrFalse,
    'choices: one-hot draws with the gradient of the soft draw, or soft draws',
  ),
  logitsPenalty: setting(
    1e-3,
    fromZero,
    "weight of the mean squared logits of choices in the actors' losses",
  ),
  observationNorm: setting(
    'none',
    oneOf('none', 'batch', 'running'),
    "what observations are normalized by: each batch's statistics, or those of all observations so far",
  ),
  rewardNorm: setting(
    'none',
    oneOf('none', 'return'),
    "what each agent's rewards are divided by: the standard deviation of its returns",
  ),
};

/** Settings of MADDPG and all its variants. */
export type MaddpgSettings = SettingsOf<typeof maddpgSettings>;
