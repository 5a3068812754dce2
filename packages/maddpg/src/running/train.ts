import { ArgumentError, checkArgument, listOf, object, StateError } from '@paragrad/check';
import type { GeneratorState } from '@paragrad/tensor';
import { MAX_EPISODE_STEPS } from '../environments/episode.js';
import { teamsOf } from '../environments/teams.js';
import type { Exploration } from '../exploration/exploration.js';
import type { LearningReport } from '../learning/algorithm.js';
import type { ReplayMemoryState } from '../replay/replay-options.js';
import { checkSame, checkState, type Stateful } from '../state/stateful.js';
import type { Copies, Seat, SeatState } from './copies.js';
import { PlainCopies } from './plain-copies.js';
import type { Training } from './training.js';
import { VectorCopies } from './vector-copies.js';
import { countUpdates, trainingWarnings, whyNoUpdate, withDefaults } from './warnings.js';

/** How an episode of training went. */
export interface EpisodeReport {
  /** Counted from 0, in the order in which episodes end. */
  episode: number;
  /** Environment steps since training began, up to the last one of this episode. */
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

/** Everything that the rest of a training depends on, except what a checkpoint has: plain data. */
export interface TrainerState {
  /** What must be the same when training goes on. */
  readonly options: Readonly<Record<string, number>>;
  /** Episodes that are over. */
  readonly episodes: number;
  /** Environment steps so far, of all copies together. */
  readonly steps: number;
  /** Updates so far. */
  readonly updates: number;
  /** The reports of the latest update. */
  readonly latest: readonly LearningReport[];
  /** Where the generator of the training is. */
  readonly generator: GeneratorState;
  /** What the algorithm's `getState` returned. */
  readonly algorithm: object;
  /** What the memory's `getState` returned. */
  readonly memory: object;
  /** What the exploration's `getState` returned. */
  readonly exploration: object;
  /** Missing in files of earlier versions, which have the state of their one copy here. */
  readonly copies?: readonly SeatState[];
}

/**
 * Trains, episode by episode. Each iteration plays one episode; stop iterating to stop training, and iterate again to go on. The
 * generators passed in are the only source of randomness, so the same ones give the same training.
 *
 * Warns of settings with which nothing would be learned.
 *
 * @throws ArgumentError at once on unknown names and on values out of range. While it trains, NumericalError or ArgumentError if a
 * network or the environment returns a number that is not finite; the message names the agent.
 */
export function train(training: Training): Trainer {
  return new Trainer(training);
}

/**
 * Trains step by step, or episode by episode: `for (const report of trainer)`. `train` makes one. Between two steps,
 * `saveTraining` can save it.
 *
 * A step is one of every copy of the environment that is within an episode. The transitions come in the order of the copies. A copy
 * begins its next episode in the step after its last one ended, until as many have begun as there should be; then it rests.
 */
export class Trainer implements Iterable<EpisodeReport>, Stateful {
  /** What it was made from. */
  readonly training: Training;
  /** Episodes that are over. */
  episodes = 0;
  /** Environment steps so far, of all copies together. */
  steps = 0;
  /** Updates so far. */
  updates = 0;
  readonly #copies: Copies;
  readonly #seats: readonly Seat[];
  /** What `step` reported, and the iterator has not yet. */
  readonly #reports: EpisodeReport[] = [];
  #latest: readonly LearningReport[] = [];
  #error: unknown;

  /** A training that goes on step by step, or episode by episode. Gives warnings to `onWarning`, and throws like `train`. */
  constructor(training: Training) {
    for (const warning of trainingWarnings(training)) warn(training, warning);
    this.training = training;
    const { env, envs = [env], generator, exploration } = training;
    this.#copies = 'copies' in envs ? new VectorCopies(envs, training) : new PlainCopies(envs, training);
    const { count } = this.#copies;
    this.#seats = Array.from({ length: count }, (_, copy) => ({
      copy,
      generator: count === 1 ? generator : generator.fork(`episodes of copy ${copy}`),
      exploration: count === 1 ? exploration : exploration.fork!(copy),
      episode: undefined,
    }));
  }

  /** Whether all episodes are over. */
  get isOver(): boolean {
    return this.episodes >= this.training.episodes;
  }

  /** Whether the next step is the first of an episode, in every copy. */
  get isBetweenEpisodes(): boolean {
    return this.#playing.length === 0;
  }

  get #playing(): Seat[] {
    return this.#seats.filter(({ episode }) => episode !== undefined);
  }

  /** Plays until all episodes are over, and gives the report of each when it ends. */
  *[Symbol.iterator](): Generator<EpisodeReport, void> {
    for (;;) {
      while (this.#reports.length > 0) yield this.#reports.shift()!;
      if (this.isOver) break;
      this.#reports.push(...this.step());
    }
    const { updates, steps, training } = this;
    if (updates === 0 && training.episodeLength === undefined) {
      warn(
        training,
        `nothing was learned: there was no update in ${steps} steps, because ${whyNoUpdate(training)}`,
      );
    }
  }

  /** One step of the environment, in every copy, and the updates that are due. Returns the reports of the episodes that ended. */
  step(): EpisodeReport[] {
    if (this.#error !== undefined) throw this.#error;
    try {
      this.#startEpisodes();
      const playing = this.#playing;
      this.#copies.step(playing);
      this.steps += playing.length;
      this.#learn(playing.length);
      const first = this.steps - playing.length + 1;
      return playing.flatMap((seat, k) =>
        this.#copies.isOver(seat.copy) ? this.#endEpisode(seat, first + k) : [],
      );
    } catch (error) {
      this.#error = error;
      throw error;
    }
  }

  /**
   * Where the training is, to go on from later: plain data, without the networks and the memory.
   *
   * @throws StateError after a failed step; ArgumentError if a part cannot be saved: an exploration without `getState`, or within
   * an episode an environment without it.
   */
  getState(): TrainerState {
    if (this.#error !== undefined) {
      throw new StateError(
        'train: a step failed, and left things half done; go on from what was saved before',
        {
          cause: this.#error,
        },
      );
    }
    const { algorithm, memory, exploration, generator } = this.training;
    const { episodes, steps, updates } = this;
    const copies = this.#seats.map((seat) => this.#stateOf(seat));
    return {
      options: this.#options,
      ...{ episodes, steps, updates, latest: this.#latest },
      generator: generator.getState(),
      algorithm: algorithm.getState(),
      memory: memory.getState(),
      exploration: stateOf(exploration),
      copies,
    };
  }

  #stateOf({ copy, episode, generator, exploration }: Seat): SeatState {
    return {
      ...this.#copies.getState(copy, episode !== undefined),
      ...(episode !== undefined && { episode }),
      ...(this.#seats.length > 1 && { generator: generator.getState(), exploration: stateOf(exploration) }),
    };
  }

  /**
   * Goes on from what `getState` returned. The number of episodes may be another one.
   *
   * @throws ArgumentError if something was saved with other options.
   */
  setState(state: TrainerState): void {
    checkState(state, { options: object, generator: object });
    checkSame('train', { envs: 1, ...state.options }, this.#options);
    const { copies = [{ episode: state.episodes, ...(state as SeatState) }] } = state;
    checkArgument('setState', 'state.copies', copies, listOf(object));
    checkSame('train: the number of copies', copies.length, this.#seats.length);
    const { algorithm, memory, exploration, generator } = this.training;
    if (state.generator.seed !== generator.seed) {
      throw new ArgumentError(
        'train: the saved state is that of a training with another seed; go on with the seed that it began with',
      );
    }
    algorithm.setState(state.algorithm);
    memory.setState(state.memory as ReplayMemoryState);
    exploration.setState?.(state.exploration);
    generator.setState(state.generator);
    this.episodes = state.episodes;
    this.steps = state.steps;
    this.updates = state.updates;
    this.#latest = state.latest;
    this.#seats.forEach((seat, k) => {
      const saved = copies[k];
      this.#copies.setState(k, saved);
      seat.episode = saved.playing && saved.episode;
      if (copies.length === 1) return;
      seat.generator.setState(saved.generator!);
      seat.exploration.setState?.(saved.exploration!);
    });
  }

  get #options() {
    const { maxEpisodeSteps = MAX_EPISODE_STEPS } = this.training;
    return { envs: this.#seats.length, ...withDefaults(this.training), maxEpisodeSteps };
  }

  #startEpisodes(): void {
    const { algorithm } = this.training;
    let begun = this.episodes + this.#playing.length;
    for (const seat of this.#seats) {
      // A program may go on after the last episode. Then the first copy does.
      const mayBegin = begun < this.training.episodes || begun === this.episodes;
      if (seat.episode !== undefined || !mayBegin) continue;
      const { copy, generator } = seat;
      this.#copies.start(copy, generator.next());
      if (this.#seats.length === 1) algorithm.startEpisode();
      else algorithm.startEpisode(generator, copy);
      seat.episode = begun++;
    }
  }

  /** The updates that are due after so many further steps. */
  #learn(steps: number): void {
    const { algorithm, memory, generator } = this.training;
    const { batchSize, stepsPerUpdate, warmupSteps } = withDefaults(this.training);
    const dueAfter = (count: number) => countUpdates(count, stepsPerUpdate, warmupSteps);
    const due = dueAfter(this.steps) - dueAfter(this.steps - steps);
    for (let k = 0; k < due; k++) {
      this.#latest = algorithm.learn(memory, batchSize, generator);
      this.updates += 1;
    }
  }

  /** @param steps environment steps up to the last one of this episode. */
  #endEpisode(seat: Seat, steps: number): EpisodeReport {
    const { episodes: episode, updates, training } = this;
    const { env, algorithm, exploration } = training;
    const returns = this.#copies.returnsOf(seat.copy);
    const meanOf = (agents: readonly string[]) =>
      agents.reduce((sum, name) => sum + returns[name], 0) / agents.length;
    const meanReturn = meanOf(algorithm.specs.map(({ name }) => name));
    const teams = Object.entries(teamsOf(env)).map(([team, agents]) => [team, meanOf(agents)] as const);
    const teamReturns = teams.length > 0 && { teamReturns: Object.fromEntries(teams) };
    const strength = exploration.strength(seat.episode!);
    seat.episode = undefined;
    this.episodes += 1;
    return { episode, steps, updates, returns, meanReturn, ...teamReturns, strength, latest: this.#latest };
  }
}

function stateOf(exploration: Exploration): object {
  if (exploration.getState && exploration.setState) return exploration.getState();
  throw new ArgumentError(
    'train: this exploration cannot be saved; give it getState, which returns plain data, and setState',
  );
}

function warn({ onWarning = console.warn }: Training, warning: string): void {
  onWarning(`Warning: ${warning}.`);
}
