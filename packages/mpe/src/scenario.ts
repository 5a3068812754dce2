import type { ParamTable, ParamValues } from './params.js';
import type { Random } from './random.js';
import type { Agent, World } from './world.js';

/** What is measured beside the reward: one number or several, by scenario and role. */
export type Benchmark = number | number[];

/** What makes a world a task: where an episode starts, what agents see, and what they are paid for. */
export interface Scenario {
  readonly world: World;

  /** Draws the start of an episode. Everything is at rest and as it was made when this is called. */
  reset(random: Random): void;

  /** The agent's observation, in the order of the reference. */
  observation(agent: Agent): number[];

  /** The agent's own reward. */
  reward(agent: Agent): number;

  /** What all agents are paid alike: each gets `(1 - localRatio) * value() + localRatio * reward(agent)`. */
  readonly shared?: { readonly localRatio: number; value(): number };

  /** Whether the task is done, which ends the episode. Absent where episodes only end by their time limit. */
  succeeded?(): boolean;

  benchmark(agent: Agent): Benchmark;

  /** The stage of a curriculum, from 0 to `stages - 1`; absent where the environment was made without one. */
  readonly curriculum?: { stage: number; readonly stages: number };
}

/** A scenario's parameters and how to build it from their values. */
export interface ScenarioDefinition<Table extends ParamTable> {
  readonly params: Table;
  create(params: ParamValues<Table>): Scenario;
}

/** Lets TypeScript infer the type of `create`'s parameters from the table above it. */
export function defineScenario<Table extends ParamTable>(
  definition: ScenarioDefinition<Table>,
): ScenarioDefinition<Table> {
  return definition;
}
