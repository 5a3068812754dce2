import type { Random } from '../random.js';

export type PerAgent<T = unknown> = Readonly<Record<string, T>>;

export interface ApiSpace {
  sample(random: Random): unknown;
  contains(value: unknown): boolean;
}

/** PettingZoo's Parallel API in TypeScript. `ParallelEnv` has it, and an environment of your own can have it. */
export interface ParallelApi {
  /** All agents that can ever be live, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** The live agents, which act in the next step. */
  readonly agents: readonly string[];
  observationSpace(agent: string): ApiSpace;
  actionSpace(agent: string): ApiSpace;
  reset(options?: { seed?: number }): { observations: PerAgent; infos: PerAgent };
  step(actions: PerAgent): {
    observations: PerAgent;
    rewards: PerAgent<number>;
    terminations: PerAgent<boolean>;
    truncations: PerAgent<boolean>;
    infos: PerAgent;
  };
  /** Optional: the global state. */
  state?(): ArrayLike<number>;
  /** Optional: how many options each choice in a box from 0 to 1 has. */
  actionParts?(agent: string): readonly number[] | undefined;
  /** Optional: `agents.length`. */
  readonly numAgents?: number;
  /** Optional: `possibleAgents.length`. */
  readonly maxNumAgents?: number;
  /** Optional: facts about the environment that never change. */
  readonly metadata?: object;
  /** Optional: releases what the environment holds. */
  close?(): void;
}
