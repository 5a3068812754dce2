import type { Random } from '../random.js';

/** Something for each agent, by name. */
export type PerAgent<T = unknown> = Readonly<Record<string, T>>;

/** A space of actions or observations. */
export interface ApiSpace {
  /** Draws a value. */
  sample(random: Random): unknown;
  /** Whether the value is in the space. */
  contains(value: unknown): boolean;
}

/** PettingZoo's Parallel API in TypeScript. `ParallelEnv` has it, and an environment of your own can have it. */
export interface ParallelApi {
  /** All agents that can ever be live, by name, in a fixed order. */
  readonly possibleAgents: readonly string[];
  /** The live agents, which act in the next step. */
  readonly agents: readonly string[];
  /** What the agent's observations are in. */
  observationSpace(agent: string): ApiSpace;
  /** What the agent's actions must be in. */
  actionSpace(agent: string): ApiSpace;
  /** Starts an episode. A seed decides everything that is drawn from then on. */
  reset(options?: { seed?: number }): { observations: PerAgent; infos: PerAgent };
  /** Takes an action of each live agent. */
  step(actions: PerAgent): {
    /** What each live agent sees then. */
    observations: PerAgent;
    /** The reward of each agent. */
    rewards: PerAgent<number>;
    /** Whether the agent has come to an end of its own. */
    terminations: PerAgent<boolean>;
    /** Whether the agent was cut off. */
    truncations: PerAgent<boolean>;
    /** Anything else. */
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
