import { ArgumentError } from '@paragrad/check';
import { toActionSpace } from '../environments/action-vectors.js';
import type { Environment } from '../environments/environment.js';
import { Episode, MAX_EPISODE_STEPS } from '../environments/episode.js';
import { momentOf, transitionOf } from '../environments/moment.js';
import { actOn, type Moment } from '../environments/policies.js';
import type { Copies, CopyState, Seat } from './copies.js';
import type { Training } from './training.js';

/** An episode that is not over, and where it is. */
interface Playing {
  readonly episode: Episode;
  moment: Moment;
  readonly returns: Record<string, number>;
}

/** Environments of any kind, one after the other. The policy acts in all of them at once. */
export class PlainCopies implements Copies {
  readonly #envs: readonly Environment[];
  readonly #training: Training;
  readonly #playing: (Playing | undefined)[];
  /** Which environments have begun: others may have no state yet. */
  readonly #begun: boolean[];

  constructor(envs: readonly Environment[], training: Training) {
    this.#envs = envs;
    this.#training = training;
    this.#playing = envs.map(() => undefined);
    this.#begun = envs.map(() => false);
  }

  get count(): number {
    return this.#envs.length;
  }

  get #maxSteps(): number {
    return this.#training.maxEpisodeSteps ?? MAX_EPISODE_STEPS;
  }

  start(copy: number, seed: number): void {
    const { specs } = this.#training.algorithm;
    const episode = new Episode(this.#envs[copy], { owner: 'train', seed, maxSteps: this.#maxSteps });
    this.#begun[copy] = true;
    this.#playing[copy] = {
      episode,
      moment: momentOf(specs, episode),
      returns: Object.fromEntries(specs.map(({ name }) => [name, 0])),
    };
  }

  step(seats: readonly Seat[]): void {
    const { algorithm } = this.#training;
    const copies = seats.map(({ copy }) => copy);
    const moments = copies.map((copy) => this.#playing[copy]!.moment);
    const options = { explore: true, ...(this.count > 1 && { copies }) };
    const chosen = actOn(algorithm, moments, options);
    seats.forEach((seat, row) => {
      this.#act(seat, chosen[row]);
    });
  }

  /** The agents of a copy explore and act. What happens is remembered. */
  #act({ copy, exploration, episode: number }: Seat, chosen: readonly (readonly number[])[]): void {
    const { algorithm, memory } = this.#training;
    const { specs } = algorithm;
    const playing = this.#playing[copy]!;
    const { episode, moment, returns } = playing;
    const { live } = moment;
    const actions = specs.map((spec, i) =>
      live[i] ? exploration.perturb(chosen[i], spec, number!) : chosen[i],
    );
    const inSpaces = specs.flatMap((spec, i) =>
      live[i] ? [[spec.name, toActionSpace(spec, actions[i])] as const] : [],
    );
    const result = episode.step(Object.fromEntries(inSpaces));
    const next = momentOf(specs, episode);
    const transition = transitionOf(specs, moment, actions, result, next, episode.at);
    memory.add(transition, copy);
    algorithm.observe(transition, copy);
    transition.rewards.forEach((reward, i) => {
      returns[specs[i].name] += reward;
    });
    playing.moment = next;
  }

  isOver(copy: number): boolean {
    return this.#playing[copy]!.episode.live.length === 0;
  }

  returnsOf(copy: number): Record<string, number> {
    return this.#playing[copy]!.returns;
  }

  getState(copy: number, isPlaying: boolean): CopyState {
    const env = this.#envs[copy];
    const canBeSaved = env.getState && env.setState;
    if (isPlaying && !canBeSaved) {
      throw new ArgumentError(
        'train: this environment cannot be saved within an episode; give it getState, which returns plain data, and setState, ' +
          'or save between two episodes',
      );
    }
    const playing = isPlaying ? this.#playing[copy] : undefined;
    return {
      ...(this.#begun[copy] && canBeSaved && { env: env.getState!() }),
      ...(playing && {
        playing: { steps: playing.episode.steps, moment: playing.moment, returns: playing.returns },
      }),
    };
  }

  setState(copy: number, { env: state, playing }: CopyState): void {
    const env = this.#envs[copy];
    if (state) env.setState?.(state as never);
    this.#begun[copy] = state !== undefined;
    this.#playing[copy] = undefined;
    if (!playing) return;
    const { steps, moment, returns } = playing;
    const episode = new Episode(env, { owner: 'train', after: steps!, maxSteps: this.#maxSteps });
    this.#playing[copy] = { episode, moment: moment!, returns: { ...returns } };
  }
}
