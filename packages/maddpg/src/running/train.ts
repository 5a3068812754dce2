import { ArgumentError } from '@paragrad/check';
import type { GeneratorState } from '@paragrad/tensor';
import { toActionSpace } from '../environments/action-vectors.js';
import { Episode, MAX_EPISODE_STEPS } from '../environments/episode.js';
import { type Moment, momentOf, transitionOf } from '../environments/moment.js';
import { actOn } from '../environments/policies.js';
import { teamsOf } from '../environments/teams.js';
import type { LearningReport } from '../learning/algorithm.js';
import type { ReplayMemoryState } from '../replay/replay-memory.js';
import { checkSame, type Stateful } from '../state/stateful.js';
import type { Training } from './training.js';
import { trainingWarnings, whyNoUpdate, withDefaults } from './warnings.js';

/** How an episode of training went. */
export interface EpisodeReport {
  /** Counted from 0. */
  episode: number;
  /** Environment steps since training began. */
  steps: number;
  /** Updates since training began. */
  updates: number;
  /** Each agent's sum of rewards in this episode, with exploration. */
  returns: Record<string, number>;
  /** The mean of `returns` over the agents. With several teams it says little: see `teamReturns`. */
  meanReturn: number;
  /** The mean of `returns` over each team's agents. Missing if there is only one team. */
  teamReturns?: Record<string, number>;
  /** The strength of exploration: the noise's standard deviation divided by maxAction, or the probability of a random action. */
  strength: number;
  /** The reports of the latest update, one for each agent. Empty before the first update. */
  latest: readonly LearningReport[];
}

/** An episode that is not over, and where it is. */
interface Playing {
  readonly episode: Episode;
  moment: Moment;
  readonly returns: Record<string, number>;
}

/** Everything that the rest of a training depends on, except what a checkpoint has: plain data. */
interface TrainerState {
  /** What must be the same when training goes on. */
  readonly options: Readonly<Record<string, number>>;
  readonly episodes: number;
  readonly steps: number;
  readonly updates: number;
  readonly latest: readonly LearningReport[];
  readonly generator: GeneratorState;
  readonly algorithm: object;
  readonly memory: object;
  readonly exploration: object;
  /** Missing if the environment has no `getState`. */
  readonly env?: object;
  /** The episode that is not over. Missing between two episodes. */
  readonly playing?: Omit<Playing, 'episode'> & { readonly steps: number };
}

/**
 * Trains, episode by episode. Each iteration plays one episode; stop iterating to stop training, and iterate again to go on. The
 * generators passed in are the only source of randomness, so the same ones give the same training.
 *
 * Throws at once on unknown names and on values out of range. Warns of settings with which nothing would be learned. While it
 * trains, it throws if a network or the environment returns a number that is not finite; the message names the agent.
 */
export function train(training: Training): Trainer {
  return new Trainer(training);
}

/**
 * Trains step by step, or episode by episode: `for (const report of trainer)`. `train` makes one. Between two steps,
 * `saveTraining` can save it.
 */
export class Trainer implements Iterable<EpisodeReport>, Stateful {
  readonly training: Training;
  /** Episodes that are over. */
  episodes = 0;
  /** Environment steps so far. */
  steps = 0;
  /** Updates so far. */
  updates = 0;
  #latest: readonly LearningReport[] = [];
  #playing: Playing | undefined;
  #error: unknown;

  /** Gives the warnings to `onWarning`. Throws like `train`. */
  constructor(training: Training) {
    for (const warning of trainingWarnings(training)) warn(training, warning);
    this.training = training;
  }

  /** Whether all episodes are over. */
  get isOver(): boolean {
    return this.episodes >= this.training.episodes;
  }

  /** Whether the next step is the first of an episode. */
  get isBetweenEpisodes(): boolean {
    return this.#playing === undefined;
  }

  *[Symbol.iterator](): Generator<EpisodeReport, void> {
    while (!this.isOver) {
      const report = this.step();
      if (report) yield report;
    }
    const { updates, steps, training } = this;
    if (updates === 0 && training.episodeLength === undefined) {
      warn(
        training,
        `nothing was learned: there was no update in ${steps} steps, because ${whyNoUpdate(training)}`,
      );
    }
  }

  /** One step of the environment, and an update if it is due. Returns a report if an episode ended. */
  step(): EpisodeReport | undefined {
    if (this.#error !== undefined) throw this.#error;
    try {
      this.#playing ??= this.#startEpisode();
      this.#act(this.#playing);
      this.#learn();
      return this.#playing.episode.live.length > 0 ? undefined : this.#endEpisode(this.#playing);
    } catch (error) {
      this.#error = error;
      throw error;
    }
  }

  /**
   * Throws after a failed step, and if a part cannot be saved: an exploration without `getState`, or within an episode an
   * environment without it.
   */
  getState(): TrainerState {
    if (this.#error !== undefined) {
      throw new Error('train: a step failed, and left things half done; go on from what was saved before', {
        cause: this.#error,
      });
    }
    const { env, algorithm, memory, exploration, generator } = this.training;
    const { episodes, steps, updates } = this;
    if (!exploration.getState || !exploration.setState) {
      throw new ArgumentError(
        'train: this exploration cannot be saved; give it getState, which returns plain data, and setState',
      );
    }
    if (this.#playing && !(env.getState && env.setState)) {
      throw new ArgumentError(
        'train: this environment cannot be saved within an episode; give it getState, which returns plain data, and setState, ' +
          'or save between two episodes',
      );
    }
    const hasBegun = steps > 0;
    return {
      options: this.#options,
      ...{ episodes, steps, updates, latest: this.#latest },
      generator: generator.getState(),
      algorithm: algorithm.getState(),
      memory: memory.getState(),
      exploration: exploration.getState(),
      ...(hasBegun && env.getState && env.setState && { env: env.getState() }),
      ...(this.#playing && {
        playing: {
          steps: this.#playing.episode.steps,
          moment: this.#playing.moment,
          returns: this.#playing.returns,
        },
      }),
    };
  }

  /** Throws if something was saved with other options. The number of episodes may be another one. */
  setState(state: TrainerState): void {
    checkSame('train', state.options, this.#options);
    const {
      env,
      algorithm,
      memory,
      exploration,
      generator,
      maxEpisodeSteps = MAX_EPISODE_STEPS,
    } = this.training;
    algorithm.setState(state.algorithm);
    memory.setState(state.memory as ReplayMemoryState);
    exploration.setState?.(state.exploration);
    generator.setState(state.generator);
    this.episodes = state.episodes;
    this.steps = state.steps;
    this.updates = state.updates;
    this.#latest = state.latest;
    this.#playing = undefined;
    if (state.env) env.setState?.(state.env as never);
    if (!state.playing) return;
    const { steps, moment, returns } = state.playing;
    const episode = new Episode(env, { owner: 'train', after: steps, maxSteps: maxEpisodeSteps });
    this.#playing = { episode, moment, returns };
  }

  get #options() {
    const { maxEpisodeSteps = MAX_EPISODE_STEPS } = this.training;
    return { ...withDefaults(this.training), maxEpisodeSteps };
  }

  #startEpisode(): Playing {
    const { env, algorithm, generator, maxEpisodeSteps = MAX_EPISODE_STEPS } = this.training;
    const { specs } = algorithm;
    const episode = new Episode(env, { owner: 'train', seed: generator.next(), maxSteps: maxEpisodeSteps });
    algorithm.startEpisode();
    return {
      episode,
      moment: momentOf(specs, episode),
      returns: Object.fromEntries(specs.map(({ name }) => [name, 0])),
    };
  }

  /** All agents act once. What happens is remembered. */
  #act(playing: Playing): void {
    const { algorithm, memory, exploration } = this.training;
    const { specs } = algorithm;
    const { episode, moment, returns } = playing;
    const { live, observations } = moment;
    const chosen = actOn(algorithm, observations, live, { explore: true });
    const actions = specs.map((spec, i) =>
      live[i] ? exploration.perturb(chosen[i], spec, this.episodes) : chosen[i],
    );
    const inSpaces = specs.flatMap((spec, i) =>
      live[i] ? [[spec.name, toActionSpace(spec, actions[i])] as const] : [],
    );
    const result = episode.step(Object.fromEntries(inSpaces));
    const next = momentOf(specs, episode);
    const transition = transitionOf(specs, moment, actions, result, next, episode.at);
    memory.add(transition);
    algorithm.observe(transition);
    transition.rewards.forEach((reward, i) => {
      returns[specs[i].name] += reward;
    });
    playing.moment = next;
    this.steps += 1;
  }

  #learn(): void {
    const { algorithm, memory, generator } = this.training;
    const { batchSize, stepsPerUpdate, warmupSteps } = withDefaults(this.training);
    if (this.steps < warmupSteps || this.steps % stepsPerUpdate !== 0) return;
    this.#latest = algorithm.learn(memory, batchSize, generator);
    this.updates += 1;
  }

  #endEpisode({ returns }: Playing): EpisodeReport {
    const { steps, updates } = this;
    const { env, algorithm } = this.training;
    const meanOf = (agents: readonly string[]) =>
      agents.reduce((sum, name) => sum + returns[name], 0) / agents.length;
    const meanReturn = meanOf(algorithm.specs.map(({ name }) => name));
    const teams = Object.entries(teamsOf(env)).map(([team, agents]) => [team, meanOf(agents)] as const);
    const teamReturns = teams.length > 0 && { teamReturns: Object.fromEntries(teams) };
    const episode = this.episodes;
    const strength = this.training.exploration.strength(episode);
    this.#playing = undefined;
    this.episodes += 1;
    return { episode, steps, updates, returns, meanReturn, ...teamReturns, strength, latest: this.#latest };
  }
}

function warn({ onWarning = console.warn }: Training, warning: string): void {
  onWarning(`Warning: ${warning}.`);
}
