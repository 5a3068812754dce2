import { checkCount } from '@paragrad/tensor';

/** How a number changes as training goes on: exponentially by `decay`, or linearly over `episodes`. */
export interface Annealing {
  /** In the first episode. */
  initial: number;
  /** Where it ends. Default 0. */
  final?: number;
  /** What it is multiplied with after each episode, until it is `final`. Default 1: it stays. */
  decay?: number;
  /** Goes from `initial` to `final` in a straight line, and is there in this episode, counted from 0. Instead of `decay`. */
  episodes?: number;
}

/** Throws, in the name of `owner`, on what is no annealing of a number from 0. */
export function checkAnnealing(owner: string, { initial, final = 0, decay = 1, episodes }: Annealing): void {
  if (!(initial >= 0)) throw new Error(`${owner}: initial ${initial}; give a number from 0`);
  if (!(final >= 0)) throw new Error(`${owner}: final ${final}; give a number from 0`);
  if (!(decay > 0 && decay <= 1)) throw new Error(`${owner}: decay ${decay}; give a number in (0, 1]`);
  if (episodes === undefined) return;
  checkCount(owner, 'episodes', episodes);
  if (decay !== 1) throw new Error(`${owner}: decay ${decay} and episodes ${episodes}; give one of them`);
}

/** The number in an episode counted from 0. */
export function annealed({ initial, final = 0, decay = 1, episodes }: Annealing, episode: number): number {
  if (episodes === undefined) return Math.max(Math.min(initial, final), initial * decay ** episode);
  return initial + (final - initial) * Math.min(1, episode / episodes);
}
