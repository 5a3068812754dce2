import { checkGenerator, type Generator } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { count, fromZero, oneOf, positiveFraction } from '../settings/kinds.js';
import { completeSettings, only, optional, type SettingsOf, setting } from '../settings/setting.js';
import { type Annealing, annealed, checkAnnealing } from './annealing.js';

/** Tries something else than what the policy would do, in the bounds of the agent's actions. */
export interface Exploration {
  /** What to do in place of the policy's `action`, in an episode counted from 0. */
  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[];
  /** How strong it is in an episode counted from 0. */
  strength(episode: number): number;
}

/** `initial`, 0.1 by default, is the strength in the first episode. It is annealed as `final`, `decay` and `episodes` say. */
export interface ExplorationOptions extends Partial<Annealing> {
  generator: Generator;
}
/** Options of `GaussianNoise`. */
export type GaussianNoiseOptions = ExplorationOptions;

/** Options of `OrnsteinUhlenbeckNoise`. */
export interface OrnsteinUhlenbeckNoiseOptions extends ExplorationOptions {
  /** How much of the noise is gone after a step, in (0, 1]. Default 0.15. */
  theta?: number;
}

/** What the kinds of exploration have in common: a strength that is annealed. */
abstract class Annealed implements Exploration {
  protected readonly generator: Generator;
  readonly #annealing: Annealing;

  constructor({ generator, initial = 0.1, ...rest }: ExplorationOptions) {
    const owner = new.target.name;
    checkGenerator(owner, generator);
    this.#annealing = { initial, ...rest };
    checkAnnealing(owner, this.#annealing);
    this.generator = generator;
  }

  strength(episode: number): number {
    return annealed(this.#annealing, episode);
  }

  abstract perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[];
}

/**
 * Gaussian noise on every component of an action, each drawn by itself; choices stay as they are. Its standard deviation is
 * `sigma`, as a part of maxAction.
 */
export class GaussianNoise extends Annealed {
  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[] {
    const strength = this.strength(episode);
    return disturbed(action, spec, () => strength * this.generator.normal());
  }
}

/**
 * Noise that lasts, as Lillicrap et al. 2016 (DDPG, arXiv 1509.02971) took for physical control: an Ornstein-Uhlenbeck
 * process for every component of every agent's action, x <- (1 - theta) x + sqrt(1 - (1 - theta)²) N(0, 1). Its standard
 * deviation is 1 in every step, because an episode begins with a draw from N(0, 1), and its autocorrelation after k steps
 * is (1 - theta)^k. What is added is sigma x, as a part of maxAction; choices stay as they are.
 *
 * So `sigma` means what it does for Gaussian noise. DDPG's 0.2, which is the deviation of a step's change, is 0.38 here.
 */
export class OrnsteinUhlenbeckNoise extends Annealed {
  readonly theta: number;
  /** Of each agent: its process, and the episode that it is of. */
  readonly #processes = new Map<string, { episode: number; x: number[] }>();

  constructor({ theta = 0.15, ...options }: OrnsteinUhlenbeckNoiseOptions) {
    super(options);
    if (!(theta > 0 && theta <= 1)) {
      throw new Error(`OrnsteinUhlenbeckNoise: theta ${theta}; give a number in (0, 1]`);
    }
    this.theta = theta;
  }

  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[] {
    const stays = 1 - this.theta;
    const process = this.#processes.get(spec.name);
    const x =
      process?.episode === episode
        ? process.x.map((value) => stays * value + Math.sqrt(1 - stays ** 2) * this.generator.normal())
        : Array.from({ length: continuousSize(spec) }, () => this.generator.normal());
    this.#processes.set(spec.name, { episode, x });
    const strength = this.strength(episode);
    return disturbed(action, spec, (k) => strength * x[k]);
  }
}

/** With probability `sigma` an agent does something random: all its numbers uniform in their bounds, all its choices uniform. */
export class EpsilonGreedy extends Annealed {
  constructor(options: ExplorationOptions) {
    super(options);
    if (this.strength(0) > 1)
      throw new Error(`EpsilonGreedy: initial ${this.strength(0)}; give a probability`);
  }

  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[] {
    if (this.generator.uniform() >= this.strength(episode)) return Array.from(action);
    const { maxAction, choices = [] } = spec;
    const numbers = Array.from({ length: continuousSize(spec) }, () =>
      this.generator.uniform(-maxAction, maxAction),
    );
    return [
      ...numbers,
      ...choices.flatMap((size) => {
        const chosen = this.generator.integer(size);
        return Array.from({ length: size }, (_, k) => (k === chosen ? 1 : 0));
      }),
    ];
  }
}

/** The kinds of exploration by name. */
export const explorationKinds = ['gaussian', 'ornstein-uhlenbeck', 'epsilon-greedy'] as const;
/** A name of a kind of exploration. */
export type ExplorationKind = (typeof explorationKinds)[number];

/** How a run explores. The strength is the noise's standard deviation, or the probability of a random action. */
export const explorationSettings = {
  kind: setting(
    'gaussian',
    oneOf(...explorationKinds),
    'noise on the actions, or random actions now and then',
  ),
  initial: setting(
    0.1,
    fromZero,
    'strength in the first episode, as a part of maxAction or as a probability',
  ),
  final: setting(0, fromZero, 'strength that it ends with'),
  decay: setting(1, positiveFraction, 'factor on the strength after each episode'),
  episodes: optional(count, 'instead of decay: episodes until it is final, in a straight line'),
  theta: only(
    'ornstein-uhlenbeck',
    setting(0.15, positiveFraction, 'the part of the noise that is gone after a step'),
  ),
};

/** How a run explores, as plain data. */
export type ExplorationSettings = SettingsOf<typeof explorationSettings>;

/** Exploration as the settings say; those that are missing have their defaults. Throws on one that the kind does not have. */
export function makeExploration(given: Partial<ExplorationSettings>, generator: Generator): Exploration {
  const { kind, ...rest } = completeSettings('exploration', explorationSettings, given);
  const options = { ...rest, generator };
  switch (kind) {
    case 'gaussian':
      return new GaussianNoise(options);
    case 'ornstein-uhlenbeck':
      return new OrnsteinUhlenbeckNoise(options);
    case 'epsilon-greedy':
      return new EpsilonGreedy(options);
  }
}

/** Noise, as a part of maxAction, added to every component before the choices and clipped to [-maxAction, maxAction]. */
function disturbed(action: ArrayLike<number>, spec: AgentSpec, noise: (k: number) => number): number[] {
  const { maxAction } = spec;
  const numbers = continuousSize(spec);
  return Array.from(action, (a, k) =>
    k < numbers ? Math.min(maxAction, Math.max(-maxAction, a + maxAction * noise(k))) : a,
  );
}
