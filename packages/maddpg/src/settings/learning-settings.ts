import { above0, from0To1, integerFrom0, integerFrom1, integersFrom1, trueOrFalse } from '@paragrad/check';
import { optional, type SettingsOf, setting } from './setting.js';

/** The settings that every algorithm has. */
export const learningSettings = {
  gamma: setting(0.99, from0To1, 'discount factor γ'),
  tau: setting(0.01, from0To1, "step size τ of the target networks: θ' ← τ θ + (1 - τ) θ'"),
  maxGradNorm: setting(
    10,
    above0,
    "largest norm of a network's gradient; longer gradients are clipped to it",
  ),
  lrDecay: setting(
    1,
    above0,
    'factor on the learning rates at the end of their decay; 1 keeps them constant',
  ),
  lrDecayStart: setting(0, integerFrom0, 'updates before the decay of the learning rates'),
  lrDecayEnd: optional(
    integerFrom1,
    'updates until the end of the decay; the rates change linearly from its start on',
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
