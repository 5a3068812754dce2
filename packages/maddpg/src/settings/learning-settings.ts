import { above0, from0To1, integersFrom1, trueOrFalse } from '@paragrad/check';
import { type SettingsOf, setting } from './setting.js';

/** The settings that every algorithm has. */
export const learningSettings = {
  gamma: setting(0.99, from0To1, 'discount factor γ'),
  tau: setting(0.01, from0To1, "step size τ of the target networks: θ' ← τ θ + (1 - τ) θ'"),
  maxGradNorm: setting(
    10,
    above0,
    "largest norm of a network's gradient; longer gradients are clipped to it",
  ),
  hidden: setting([64, 64], integersFrom1, 'sizes of the hidden layers of every network'),
  parameterSharing: setting(
    false,
    trueOrFalse,
    'whether agents of the same kind share their networks and optimizers',
  ),
};

/** The settings that every algorithm has. */
export type LearningSettings = SettingsOf<typeof learningSettings>;
