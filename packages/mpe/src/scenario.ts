import type { ObservationWriter } from './observe.js';
import type { ParamTable, ParamValues } from './param-table.js';
import type { Physics } from './physics.js';
import type { Random } from './random.js';
import type { Agent, World } from './world.js';

/** What is measured beside the reward: one number or several, by scenario and role. */
export type Benchmark = number | readonly number[] | readonly (readonly number[])[];

/**
 * What makes a world a task: where an episode starts, what agents are paid for, and what they see. All that changes lives in the
 * world, which is what `getState` and `VectorEnv` know: places, velocities, utterances and the world's `memory` at any time; sizes,
 * colors, goals, speeds and the like in `reset` only. A variable beside the world is shared by all copies of a `VectorEnv`.
 */
export interface Scenario {
  readonly world: World;

  /** Draws the start of an episode. Everything is at rest and as it was made when this is called. */
  reset(random: Random): void;

  /** What happens in a step beside the motion: once, when all have moved, before anybody is paid or sees anything. */
  step?(): void;

  /** The agent's own reward. */
  reward(agent: Agent): number;

  /**
   * What all agents are paid alike: each gets `(1 - localRatio) * value() + localRatio * reward(agent)`. With `physics: 'openai'` it
   * is not asked for: there, the agents of a `collaborative` world get the sum of all rewards.
   */
  readonly shared?: { readonly localRatio: number; value(): number };

  /** Writes the agent's observation: always of the same length for the same agent. */
  observe(agent: Agent, out: ObservationWriter): void;

  /** Measured for the agent after a step, and reported in its `infos` if the environment was made with `benchmarkData`. */
  benchmark?(agent: Agent): Benchmark;

  /** Whether the task is done, which ends the episode. Absent where episodes only end by their time limit. */
  succeeded?(): boolean;

  /** The stage of a curriculum, from 0 to `stages - 1`; absent where the environment was made without one. */
  readonly curriculum?: { stage: number; readonly stages: number };
}

/** A scenario's name, its parameters, and how to build it from their values. */
export interface ScenarioDefinition<Table extends ParamTable = ParamTable> {
  readonly name: string;
  readonly params: Table;
  create(params: ParamValues<Table>, physics: Physics): Scenario;
}

/** Lets TypeScript infer the type of `create`'s parameters from the table above it. */
export function defineScenario<Table extends ParamTable>(
  definition: ScenarioDefinition<Table>,
): ScenarioDefinition<Table> {
  return definition;
}
