import { above0, from0To1, integerFrom0, integerFrom1, integersFrom1, trueOrFalse } from '@paragrad/check';
import { optional, type SettingsOf, setting } from './setting.js';

/** The settings that every algorithm has. */
export const learningSettings = {
  /** Discount factor γ. A number from 0 to 1; default 0.99, in OpenaiMaddpg 0.95. */
  gamma: setting(0.99, from0To1, 'discount factor γ'),
  /** Step size τ of the target networks: θ' ← τ θ + (1 - τ) θ'. A number from 0 to 1; default 0.01. */
  tau: setting(0.01, from0To1, "step size τ of the target networks: θ' ← τ θ + (1 - τ) θ'"),
  /**
   * Largest norm of a network's gradient; longer gradients are clipped to it. A finite number above 0; default 10, in
   * OpenaiMaddpg 0.5.
   */
  maxGradNorm: setting(
    10,
    above0,
    "largest norm of a network's gradient; longer gradients are clipped to it",
  ),
  /** Factor on the learning rates at the end of their decay; 1 keeps them constant. A finite number above 0; default 1. */
  lrDecay: setting(
    1,
    above0,
    'factor on the learning rates at the end of their decay; 1 keeps them constant',
  ),
  /** Updates before the decay of the learning rates. An integer of at least 0; default 0. */
  lrDecayStart: setting(0, integerFrom0, 'updates before the decay of the learning rates'),
  /**
   * Updates until the end of the decay; the rates change linearly from its start on. An integer of at least 1; no
   * default.
   */
  lrDecayEnd: optional(
    integerFrom1,
    'updates until the end of the decay; the rates change linearly from its start on',
  ),
  /** Sizes of the hidden layers of every network. Default [64, 64]. */
  hidden: setting([64, 64], integersFrom1, 'sizes of the hidden layers of every network'),
  /** Whether agents of the same kind share their networks and optimizers. Default false. */
  parameterSharing: setting(
    false,
    trueOrFalse,
    'whether agents of the same kind share their networks and optimizers',
  ),
};

/** The settings that every algorithm has. */
export type LearningSettings = SettingsOf<typeof learningSettings>;
