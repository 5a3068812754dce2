import type { VectorEnv } from '@paragrad/mpe';
import type { Generator, GeneratorState } from '@paragrad/tensor';
import type { Environment } from '../environments/environment.js';
import type { Moment } from '../environments/policies.js';
import type { Exploration } from '../exploration/exploration.js';

/** Several copies of an environment: a `VectorEnv`, or a list of environments. */
export type Envs = readonly Environment[] | VectorEnv;

/** A copy of the environment, with what its episodes are drawn from. */
export interface Seat {
  /** Counted from 0. */
  readonly copy: number;
  /** Draws the seeds of its episodes. */
  readonly generator: Generator;
  readonly exploration: Exploration;
  /** The number of the episode that it plays, in the order in which they begin; undefined between two episodes. */
  episode: number | undefined;
}

/** The copies of the environment that a training plays in, and where their episodes are. */
export interface Copies {
  readonly count: number;
  /** Starts an episode of a copy. */
  start(copy: number, seed: number): void;
  /** One step of these copies, in this order. What happens is remembered. */
  step(seats: readonly Seat[]): void;
  /** Whether the copy's episode is over. */
  isOver(copy: number): boolean;
  /** Each agent's sum of rewards in the copy's episode so far. */
  returnsOf(copy: number): Record<string, number>;
  /** Where a copy is: plain data. Throws if it is within an episode that cannot be saved. */
  getState(copy: number, isPlaying: boolean): CopyState;
  setState(copy: number, state: CopyState): void;
}

/** Where a copy is. */
export interface CopyState {
  /** Missing if the environment has no `getState`. */
  readonly env?: object;
  /** The episode that is not over. Missing between two episodes. */
  readonly playing?: PlayingState;
}

/** Where an episode is. */
export interface PlayingState {
  /** Each agent's sum of rewards so far. */
  readonly returns: Readonly<Record<string, number>>;
  /** Only of `PlainCopies`. */
  readonly steps?: number;
  /** What the agents observe. Only of `PlainCopies`. */
  readonly moment?: Moment;
}

/** Where a copy and what belongs to it are. */
export interface SeatState extends CopyState {
  /** The number of the episode that is not over. */
  readonly episode?: number;
  /** Only with several copies. A single one has those of the training. */
  readonly generator?: GeneratorState;
  /** Where its exploration is. Only with several copies. */
  readonly exploration?: object;
}
