import { counts, fraction, positive, trueOrFalse } from './kinds.js';
import { type SettingsOf, setting } from './setting.js';

/** What every algorithm has. */
export const learningSettings = {
  gamma: setting(0.99, fraction, 'γ, the discount factor'),
  tau: setting(0.01, fraction, "τ of the soft target updates, θ' ← τ θ + (1 - τ) θ'"),
  maxGradNorm: setting(10, positive, "the norm that each network's gradient is clipped to"),
  hidden: setting([64, 64], counts, 'sizes of the hidden layers of every network'),
  parameterSharing: setting(
    false,
    trueOrFalse,
    'whether agents of the same sizes share networks and optimizers',
  ),
};

/** Settings that every algorithm has. */
export type LearningSettings = SettingsOf<typeof learningSettings>;
