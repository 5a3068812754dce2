import {
  aFunction,
  type Check,
  checkArgument,
  checkOptions,
  integerFrom0,
  mapOf,
  type OptionChecks,
  object,
  text,
} from '@paragrad/check';
import type { ObservationWriter } from './observe.js';
import { aParam, type ParamTable, type ParamValues } from './param-table.js';
import type { Physics } from './physics.js';
import type { Random } from './random.js';
import type { Agent, World } from './world.js';

const aWorld: Check<World> = {
  inWords: 'what makeWorld returns',
  accepts: (value): value is World => object.accepts(value) && 'entities' in value && 'memory' in value,
};

/** What is measured besides the reward: one number or several. It depends on the scenario and on the agent's role. */
export type Benchmark = number | readonly number[] | readonly (readonly number[])[];

/**
 * A world and the task in it: how an episode starts, what agents are rewarded for, and what they observe.
 *
 * Everything that changes must be in the world, because `getState` and `VectorEnv` know only the world. Positions,
 * velocities, utterances and the world's `memory` may change at any time. Sizes, colors, goals, speeds and the like may
 * change in `reset` only. A variable outside the world would be shared by all copies of a `VectorEnv`.
 */
export interface Scenario {
  /** Everything that changes. */
  readonly world: World;

  /** Draws the start of an episode. Before the call, the world is put back to the state in which it was made. */
  reset(random: Random): void;

  /**
   * What happens in a step besides the motion. Called once in each step, after the motion and before rewards and
   * observations.
   */
  step?(): void;

  /** The agent's own reward. */
  reward(agent: Agent): number;

  /**
   * The reward that all agents share. Each agent gets `(1 - localRatio) * value() + localRatio * reward(agent)`. Not used
   * with `physics: 'openai'`: there, every agent of a `collaborative` world gets the sum of all rewards.
   */
  readonly shared?: { readonly localRatio: number; value(): number };

  /** Writes the agent's observation. It must always have the same length for the same agent. */
  observe(agent: Agent, out: ObservationWriter): void;

  /** Measures the agent after a step. Reported in `infos` if the environment was made with `benchmarkData`. */
  benchmark?(agent: Agent): Benchmark;

  /** Whether the task is done, which ends the episode. Without this method only the time limit ends an episode. */
  succeeded?(): boolean;

  /** The stage of the curriculum, from 0 to `stages - 1`. Absent if the environment was made without a curriculum. */
  readonly curriculum?: { stage: number; readonly stages: number };
}

/** A scenario's name, its parameters, and how to create it from their values. */
export interface ScenarioDefinition<Table extends ParamTable = ParamTable> {
  /** The name of the environment, such as `simple_tag`. */
  readonly name: string;
  /** The version of the rules, for `metadata.name`. Increase it when results can no longer be compared. */
  readonly version?: number;
  /** The parameters that only this scenario has; see `param`. */
  readonly params: Table;
  /** Makes a world and its task, from the values of the parameters. */
  create(params: ParamValues<Table>, physics: Physics): Scenario;
}

const definitionChecks = {
  name: text,
  version: integerFrom0,
  params: mapOf(aParam),
  create: aFunction,
} as unknown as OptionChecks<ScenarioDefinition<never>>;

/** Returns the definition. TypeScript infers the type of `create`'s parameters from `params`. */
export function defineScenario<Table extends ParamTable>(
  definition: ScenarioDefinition<Table>,
): ScenarioDefinition<Table> {
  checkDefinition('defineScenario', definition as unknown as ScenarioDefinition);
  return definition;
}

/** Throws if this is not what `defineScenario` returns. */
export function checkDefinition(caller: string, definition: ScenarioDefinition): void {
  checkOptions(caller, definition, definitionChecks, ['name', 'params', 'create']);
}

const scenarioChecks = {
  world: aWorld,
  reset: aFunction,
  step: aFunction,
  reward: aFunction,
  shared: object,
  observe: aFunction,
  benchmark: aFunction,
  succeeded: aFunction,
  curriculum: object,
} as unknown as OptionChecks<Scenario>;

/** Throws if `create` has not returned a scenario, or has given it an unknown part, such as `suceeded`. A class may have more. */
export function checkScenario(caller: string, scenario: Scenario): void {
  checkArgument(caller, 'what create returns', scenario, object);
  const isPlain = Object.getPrototypeOf(scenario) === Object.prototype;
  const names = isPlain ? Object.keys(scenario) : Object.keys(scenarioChecks);
  const parts = Object.fromEntries(names.map((name) => [name, scenario[name as keyof Scenario]]));
  checkOptions<object>(`${caller}: what create returns`, parts, scenarioChecks, REQUIRED);
}

const REQUIRED = ['world', 'reset', 'reward', 'observe'] as never[];
