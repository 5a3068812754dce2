import { counts, fraction, positive, trueOrFalse } from './kinds.js';
import { type SettingsOf, setting } from './setting.js';

/** The settings that every algorithm has. */
export const learningSettings = {
  gamma: setting(0.99, fraction, 'discount factor γ'),
  tau: setting(0.01, fraction, "step size τ of the target networks: θ' ← τ θ + (1 - τ) θ'"),
  maxGradNorm: setting(
    10,
    positive,
    "largest norm of a network's gradient; longer gradients are clipped to it",
  ),
  hidden: setting([64, 64], counts, 'sizes of the hidden layers of every network'),
  parameterSharing: setting(
    false,
    trueOrFalse,
    'whether agents of the same kind share their networks and optimizers',
  ),
};

/** The settings that every algorithm has. */
export type LearningSettings = SettingsOf<typeof learningSettings>;
