import { ArgumentError, above0To1, atLeast0, integerFrom0, integerFrom1 } from '@paragrad/check';
import { completeSettings, optional, type SettingsOf, setting } from '../settings/setting.js';

/** How exploration changes over the episodes. Its strength changes exponentially by `decay`, or linearly over `episodes`. */
export const annealingSettings = {
  /**
   * Strength in the first episode: the noise's standard deviation divided by maxAction, or the probability of a random
   * action. A finite number of at least 0; default 0.1.
   */
  initial: setting(
    0.1,
    atLeast0,
    "strength in the first episode: the noise's standard deviation divided by maxAction, or the probability of a random action",
  ),
  /** Strength at the end of the annealing. A finite number of at least 0; default 0. */
  final: setting(0, atLeast0, 'strength at the end of the annealing'),
  /** Factor on the strength after each episode; 1 keeps it constant. A number above 0 and at most 1; default 1. */
  decay: setting(1, above0To1, 'factor on the strength after each episode; 1 keeps it constant'),
  /**
   * Episodes until the strength is final; it changes linearly, instead of by decay. An integer of at least 1; no
   * default.
   */
  episodes: optional(
    integerFrom1,
    'episodes until the strength is final; it changes linearly, instead of by decay',
  ),
  /**
   * Episodes at the start in which all actions are drawn uniformly. An integer of at least 0; default 0.
   *
   * Spinning Up's start_steps and stable-baselines' learning_starts, but those count steps.
   */
  randomEpisodes: setting(0, integerFrom0, 'episodes at the start in which all actions are drawn uniformly'),
};

/** How exploration changes over the episodes. */
export type Annealing = SettingsOf<typeof annealingSettings>;

/** With defaults for what is missing. Throws on values out of range, and if both `decay` and `episodes` are given. */
export function completeAnnealing(owner: string, given: Partial<Annealing>): Annealing {
  const annealing = completeSettings(owner, annealingSettings, given);
  const { decay, episodes } = annealing;
  if (episodes !== undefined && decay !== 1) {
    throw new ArgumentError(`${owner}: decay is ${decay} and episodes is ${episodes}; give only one of them`);
  }
  return annealing;
}

/** The strength in an episode, counted from 0. */
export function annealed({ initial, final, decay, episodes }: Annealing, episode: number): number {
  if (episodes === undefined) return Math.max(Math.min(initial, final), initial * decay ** episode);
  return initial + (final - initial) * Math.min(1, episode / episodes);
}
