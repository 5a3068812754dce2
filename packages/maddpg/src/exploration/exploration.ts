import { ArgumentError, above0To1, checkArgument, integerFrom0, mapOf, object, oneOf } from '@paragrad/check';
import { aGenerator, type Generator, type GeneratorState } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import { checkSpec } from '../environments/check-specs.js';
import { checkVector } from '../learning/finite.js';
import { completeSettings, onlyForKind, type SettingsOf, setting } from '../settings/setting.js';
import { checkSame, checkState } from '../state/stateful.js';
import { type Annealing, annealed, annealingSettings, completeAnnealing } from './annealing.js';

/** Changes actions so that agents try something new. The results stay within the bounds of the agent's actions. */
export interface Exploration {
  /** Returns what to do instead of the policy's `action` [act_i], in an episode counted from 0. */
  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[];
  /**
   * The strength in an episode, counted from 0: the standard deviation of the noise, or the probability of a random
   * action.
   */
  strength(episode: number): number;
  /**
   * The same exploration for a copy of the environment, with draws of its own. Only training in several copies needs it. One that
   * keeps nothing from step to step may return itself.
   */
  fork?(copy: number): Exploration;
  /** Where the exploration is, for `saveTraining`: plain data. */
  getState?(): object;
  /** Goes on from what `getState` returned. */
  setState?(state: object): void;
}

/** Where an exploration is. */
export interface ExplorationState {
  /** How the strength changes over the episodes. It must be the same when it is loaded. */
  readonly annealing: Annealing;
  /** Where the generator of the draws is. */
  readonly generator: GeneratorState;
}

/** Options of every exploration: how its strength is annealed, and the generator for its draws. */
export interface ExplorationOptions extends Partial<Annealing> {
  /** Draws the noise and the random actions. */
  generator: Generator;
}

const theta = setting(0.15, above0To1, 'fraction of the noise that disappears in each step');

/** Options of `OrnsteinUhlenbeckNoise`. */
export interface OrnsteinUhlenbeckNoiseOptions extends ExplorationOptions {
  /** The fraction of the noise that disappears in each step, in (0, 1]. Default 0.15. */
  theta?: number;
}

/** Specs are checked once, not in every step. */
const checkedSpecs = new WeakSet<AgentSpec>();

/** Exploration with an annealed strength. */
export abstract class AnnealedExploration implements Exploration {
  /** Draws the noise and the random actions. */
  protected readonly generator: Generator;
  /** How the strength changes over the episodes. */
  readonly annealing: Annealing;

  constructor(options: ExplorationOptions) {
    const owner = new.target.name;
    const { generator, ...annealing } = options ?? {};
    checkArgument(owner, 'generator', generator, aGenerator);
    this.annealing = completeAnnealing(owner, annealing);
    this.generator = generator;
  }

  /** The same exploration for a copy of the environment, with a fork of the generator. */
  fork(copy: number): AnnealedExploration {
    checkArgument('fork', 'copy', copy, integerFrom0);
    return this.withGenerator(this.generator.fork(`exploration in copy ${copy}`));
  }

  /** The same exploration with another generator. */
  protected abstract withGenerator(generator: Generator): AnnealedExploration;

  /** The annealed strength in an episode, counted from 0. */
  strength(episode: number): number {
    checkArgument('strength', 'episode', episode, integerFrom0);
    return annealed(this.annealing, episode);
  }

  /** Where the exploration is: plain data. */
  getState(): ExplorationState {
    return { annealing: this.annealing, generator: this.generator.getState() };
  }

  /** Goes on from what `getState` returned. @throws ArgumentError if that had another annealing. */
  setState(state: ExplorationState): void {
    checkState(state, { annealing: object, generator: object });
    checkSame('exploration', completeAnnealing('exploration', state.annealing), this.annealing);
    this.generator.setState(state.generator);
  }

  /**
   * Returns what to do instead of the policy's `action` [act_i]. In the first `randomEpisodes` it is drawn uniformly.
   *
   * @throws ArgumentError on wrong lengths, and on numbers that are not finite.
   */
  perturb(action: ArrayLike<number>, spec: AgentSpec, episode: number): number[] {
    if (!checkedSpecs.has(spec)) {
      checkSpec('perturb: spec', spec);
      checkedSpecs.add(spec);
    }
    const note = 'the policy must return such an action';
    checkVector(`perturb: ${spec.name}'s action`, action, spec.actionSize, note);
    checkArgument('perturb', 'episode', episode, integerFrom0);
    const numbers = Float64Array.from(action);
    this.explore(numbers, 0, spec, episode);
    return Array.from(numbers);
  }

  /** `perturb` in place, without checks, of the action that begins at `actions[at]`. */
  explore(actions: Float64Array, at: number, spec: AgentSpec, episode: number): void {
    if (episode < this.annealing.randomEpisodes) drawAction(actions, at, spec, this.generator);
    else this.vary(actions, at, spec, episode);
  }

  /** Changes the policy's action, in place. */
  protected abstract vary(actions: Float64Array, at: number, spec: AgentSpec, episode: number): void;
}

/**
 * Adds Gaussian noise to every number in an action, each drawn separately. Choices stay as they are. The standard
 * deviation is strength * maxAction.
 *
 * @throws ArgumentError on options that are unknown or out of range.
 */
export class GaussianNoise extends AnnealedExploration {
  protected vary(actions: Float64Array, at: number, spec: AgentSpec, episode: number): void {
    const strength = annealed(this.annealing, episode);
    const end = at + continuousSize(spec);
    for (let k = at; k < end; k++) addNoise(actions, k, spec.maxAction, strength * this.generator.normal());
  }

  protected withGenerator(generator: Generator): GaussianNoise {
    return new GaussianNoise({ ...this.annealing, generator });
  }
}

/** An agent's x, and the episode that it belongs to. */
export type NoiseProcess = {
  /** The episode that x belongs to. */
  readonly episode: number;
  /** The noise of each number in the agent's action, before it is scaled. */
  readonly x: number[];
};

/** Where an `OrnsteinUhlenbeckNoise` is. */
export interface OrnsteinUhlenbeckState extends ExplorationState {
  /** It must be the same when it is loaded. */
  readonly theta: number;
  /** Each agent's process, by name. */
  readonly processes: Readonly<Record<string, NoiseProcess>>;
}

/**
 * Adds noise that changes slowly from step to step, as in DDPG (Lillicrap et al. 2016, arXiv 1509.02971). Every number
 * in every agent's action has its own Ornstein-Uhlenbeck process x <- (1 - theta) x + sqrt(1 - (1 - theta)²) N(0, 1),
 * and the noise is strength * maxAction * x. Choices stay as they are.
 *
 * An episode begins with a draw from N(0, 1), so x has the standard deviation 1 in every step. Its autocorrelation
 * after k steps is (1 - theta)^k. So the strength is the standard deviation of the noise, as with Gaussian noise.
 * DDPG's 0.2 is the deviation of the change in one step; it corresponds to a strength of 0.38.
 */
export class OrnsteinUhlenbeckNoise extends AnnealedExploration {
  /** The fraction of the noise that disappears in each step, in (0, 1]. */
  readonly theta: number;
  /** Each agent's x, and the episode that it belongs to. */
  readonly #processes = new Map<string, NoiseProcess>();

  /**
   * Noise that changes slowly from step to step, for the numbers in actions.
   *
   * @throws ArgumentError on options that are unknown or out of range.
   */
  constructor(allOptions: OrnsteinUhlenbeckNoiseOptions) {
    const { theta: given, ...options } = allOptions ?? {};
    super(options);
    this.theta = completeSettings('OrnsteinUhlenbeckNoise', { theta }, { theta: given }).theta;
  }

  override getState(): OrnsteinUhlenbeckState {
    return { ...super.getState(), theta: this.theta, processes: Object.fromEntries(this.#processes) };
  }

  override setState(state: OrnsteinUhlenbeckState): void {
    checkState(state, { processes: mapOf(object) });
    checkSame('exploration: theta', state.theta, this.theta);
    super.setState(state);
    this.#processes.clear();
    for (const [name, process] of Object.entries(state.processes)) this.#processes.set(name, process);
  }

  protected vary(actions: Float64Array, at: number, spec: AgentSpec, episode: number): void {
    const kept = 1 - this.theta;
    const process = this.#processes.get(spec.name);
    const x =
      process?.episode === episode
        ? process.x.map((value) => kept * value + Math.sqrt(1 - kept ** 2) * this.generator.normal())
        : Array.from({ length: continuousSize(spec) }, () => this.generator.normal());
    this.#processes.set(spec.name, { episode, x });
    const strength = annealed(this.annealing, episode);
    x.forEach((value, k) => {
      addNoise(actions, at + k, spec.maxAction, strength * value);
    });
  }

  protected withGenerator(generator: Generator): OrnsteinUhlenbeckNoise {
    return new OrnsteinUhlenbeckNoise({ ...this.annealing, theta: this.theta, generator });
  }
}

/**
 * With a probability equal to the strength, the agent's whole action is random: all its numbers uniform within their
 * bounds, and each of its choices uniform.
 */
export class EpsilonGreedy extends AnnealedExploration {
  /**
   * With a probability, the whole action is random.
   *
   * @throws ArgumentError on options that are unknown or out of range, and on a probability above 1.
   */
  constructor(options: ExplorationOptions) {
    super(options);
    for (const name of ['initial', 'final'] as const) {
      const strength = this.annealing[name];
      if (strength > 1)
        throw new ArgumentError(`EpsilonGreedy: ${name} is ${strength}; give a probability, at most 1`);
    }
  }

  protected vary(actions: Float64Array, at: number, spec: AgentSpec, episode: number): void {
    if (this.generator.uniform() >= annealed(this.annealing, episode)) return;
    drawAction(actions, at, spec, this.generator);
  }

  protected withGenerator(generator: Generator): EpsilonGreedy {
    return new EpsilonGreedy({ ...this.annealing, generator });
  }
}

/** The kinds of exploration by name. */
export const explorationKinds = ['gaussian', 'ornstein-uhlenbeck', 'epsilon-greedy'] as const;
/** The name of a kind of exploration. */
export type ExplorationKind = (typeof explorationKinds)[number];

/** How a run explores. */
export const explorationSettings = {
  /** How agents explore: with noise on their actions, or with random actions (epsilon-greedy). Default 'gaussian'. */
  kind: setting(
    'gaussian',
    oneOf(...explorationKinds),
    'how agents explore: with noise on their actions, or with random actions (epsilon-greedy)',
  ),
  ...annealingSettings,
  /**
   * Fraction of the noise that disappears in each step. A number above 0 and at most 1; default 0.15. Only if kind is
   * 'ornstein-uhlenbeck'.
   */
  theta: onlyForKind('ornstein-uhlenbeck', theta),
};

/** How a run explores, as plain data. */
export interface ExplorationSettings extends Annealing, SettingsOf<typeof explorationSettings> {}

/** The exploration that the settings ask for, with defaults. @throws ArgumentError on values out of range or of another kind. */
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

/** Draws the whole action that begins at `actions[at]`: numbers uniformly within their bounds, and each choice uniformly. */
function drawAction(actions: Float64Array, at: number, spec: AgentSpec, generator: Generator): void {
  const { maxAction, choices = [] } = spec;
  let next = at;
  for (const end = at + continuousSize(spec); next < end; next++) {
    actions[next] = generator.uniform(-maxAction, maxAction);
  }
  for (const size of choices) {
    const chosen = generator.integer(size);
    for (let k = 0; k < size; k++) actions[next++] = k === chosen ? 1 : 0;
  }
}

/** Adds maxAction * noise to the number at k, and clips the sum to [-maxAction, maxAction]. */
function addNoise(actions: Float64Array, k: number, maxAction: number, noise: number): void {
  actions[k] = Math.min(maxAction, Math.max(-maxAction, actions[k] + maxAction * noise));
}
