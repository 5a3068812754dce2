import { checkCount } from '@paragrad/tensor';

/** What every algorithm has. */
export interface LearningSettings {
  /** γ, the discount of the next step's value. */
  readonly gamma: number;
  /** τ, how far the targets move towards the networks in an update. */
  readonly tau: number;
  /** The longest that a network's gradient may be; a longer one is scaled down to it. */
  readonly maxGradNorm: number;
  /** Sizes of the hidden layers of every network. */
  readonly hidden: readonly number[];
  /** Whether agents that are the same but for their names share networks and optimizers (sharing.ts). */
  readonly parameterSharing: boolean;
}

/** What MADDPG and all its variants have; `defaultSettings` has the values. */
export interface MaddpgSettings extends LearningSettings {
  readonly actorLr: number;
  readonly criticLr: number;
  /** What the critics see: what all agents observe and do, or that of their own agent alone (independent DDPG). */
  readonly critic: CriticKind;
  /**
   * What the other agents do in an agent's actor step: what their actors would do now (as in Iqbal's maddpg-pytorch), or what
   * the batch remembers (as in the algorithm box of the paper, and in openai/maddpg).
   */
  readonly othersActions: OthersActions;
  /**
   * Of agents that choose. Choices are drawn by Gumbel-softmax (Jang et al. 2017, arXiv 1611.01144) of this temperature; the
   * lower, the nearer a soft draw is to one-hot.
   */
  readonly temperature: number;
  /**
   * Whether the one-hot choice is taken, with the gradient of the soft draw (as in Iqbal's maddpg-pytorch), or the soft draw
   * itself, as in openai/maddpg, whose agents also act with it.
   */
  readonly straightThrough: boolean;
  /** How much the logits of choices are kept small in the actors' losses: `penalized` (logits-penalty.ts). */
  readonly logitsPenalty: number;
  /**
   * How observations are normalized before any network sees them: not at all, by each batch (`BatchNorm`), or by everything that
   * was met (`RunningNorm`).
   */
  readonly observationNorm: ObservationNormKind;
  /** What each agent's rewards are divided by before its critic sees them: nothing, or its returns' deviation (`ReturnNorm`). */
  readonly rewardNorm: RewardNormKind;
}

/** The values of `MaddpgSettings.critic`. */
export const criticKinds = ['centralized', 'independent'] as const;
/** A value of `MaddpgSettings.critic`. */
export type CriticKind = (typeof criticKinds)[number];

/** The values of `MaddpgSettings.othersActions`. */
export const othersActionsKinds = ['current', 'replay'] as const;
/** A value of `MaddpgSettings.othersActions`. */
export type OthersActions = (typeof othersActionsKinds)[number];

/** The values of `MaddpgSettings.observationNorm`. */
export const observationNormKinds = ['none', 'batch', 'running'] as const;
/** A value of `MaddpgSettings.observationNorm`. */
export type ObservationNormKind = (typeof observationNormKinds)[number];

/** The values of `MaddpgSettings.rewardNorm`. */
export const rewardNormKinds = ['none', 'return'] as const;
/** A value of `MaddpgSettings.rewardNorm`. */
export type RewardNormKind = (typeof rewardNormKinds)[number];

/** What `Maddpg` uses for a setting that it is not given. */
export const defaultSettings: MaddpgSettings = {
  gamma: 0.99,
  tau: 0.01,
  actorLr: 1e-3,
  criticLr: 1e-3,
  maxGradNorm: 10,
  hidden: [64, 64],
  parameterSharing: false,
  critic: 'centralized',
  othersActions: 'current',
  temperature: 1,
  straightThrough: true,
  logitsPenalty: 1e-3,
  observationNorm: 'none',
  rewardNorm: 'none',
};

/**
 * The settings, with defaults for those that are missing or undefined. Throws on one that the defaults don't have, and on
 * one that nothing can be learned with.
 */
export function completeSettings<Settings extends MaddpgSettings>(
  given: Partial<Settings>,
  defaults: Settings,
): Settings {
  const settings = completeLearningSettings('Maddpg', given, defaults, [
    'actorLr',
    'criticLr',
    'temperature',
  ]);
  if (!(settings.logitsPenalty >= 0)) {
    throw new Error(`Maddpg: logitsPenalty ${settings.logitsPenalty}; give a number from 0`);
  }
  checkOneOf('critic', settings.critic, criticKinds);
  checkOneOf('othersActions', settings.othersActions, othersActionsKinds);
  checkOneOf('observationNorm', settings.observationNorm, observationNormKinds);
  checkOneOf('rewardNorm', settings.rewardNorm, rewardNormKinds);
  return settings;
}

/** The same for what every algorithm has, in the name of `owner`; of its own settings, those named have to be above 0. */
export function completeLearningSettings<Settings extends LearningSettings>(
  owner: string,
  given: Partial<Settings>,
  defaults: Settings,
  positive: readonly (keyof Settings & string)[],
): Settings {
  const unknown = Object.keys(given).find((name) => !(name in defaults));
  if (unknown !== undefined) {
    throw new Error(
      `${owner}: ${unknown} is no setting of this algorithm; it has ${Object.keys(defaults).join(', ')}`,
    );
  }
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: Settings = { ...defaults, ...Object.fromEntries(defined) };
  for (const name of ['gamma', 'tau'] as const) {
    const value = settings[name];
    if (!(value >= 0 && value <= 1)) throw new Error(`${owner}: ${name} ${value}; give a number in [0, 1]`);
  }
  for (const name of ['maxGradNorm', ...positive] as const) {
    const value = settings[name];
    // A checkpoint keeps the settings as JSON, which has no Infinity.
    if (!(Number.isFinite(value) && Number(value) > 0)) {
      throw new Error(`${owner}: ${name} ${value}; give a finite number above 0`);
    }
  }
  for (const size of settings.hidden) checkCount(owner, 'hidden layer of size', size);
  const { parameterSharing } = settings;
  if (typeof parameterSharing !== 'boolean') {
    throw new Error(`${owner}: parameterSharing ${parameterSharing}; give true or false`);
  }
  return settings;
}

function checkOneOf(name: string, value: string, kinds: readonly string[]): void {
  if (!kinds.includes(value)) {
    throw new Error(`Maddpg: ${name} ${JSON.stringify(value)}; give one of ${kinds.join(', ')}`);
  }
}
