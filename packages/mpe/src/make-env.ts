import { ArgumentError, type Check, checkArgument, describe, integerFrom1, noSuch } from '@paragrad/check';
import { actionModes } from './actions.js';
import { ParallelEnv } from './parallel-env.js';
import { type ParamTable, type ParamValues, readParams } from './param-table.js';
import * as param from './params.js';
import { type Physics, physicsNames } from './physics.js';
import { checkDefinition, checkScenario, type Scenario, type ScenarioDefinition } from './scenario.js';
import * as scenarios from './scenarios/index.js';
import { VectorEnv } from './vector-env.js';

export { scenarios };

/** The parameters of every environment. */
export const envParams = {
  /** Steps until an episode is truncated. */
  maxCycles: param.steps(25),
  /** How actions are written; see {@link ActionMode}. */
  actionMode: param.oneOf(actionModes),
  /** Whose dynamics, signs of actions and rewards; see {@link Physics}. */
  physics: param.oneOf(physicsNames),
  /** Whether `infos` report the benchmark. */
  benchmarkData: param.flag(),
  /** Accepted, but without effect. In the reference it concerns drawing only; here sizes always scale with the picture. */
  dynamicRescaling: param.flag(),
};

/** The name of one of the nine scenarios, as in PettingZoo. */
export type ScenarioName = keyof typeof scenarios;

/** The names of the nine scenarios. */
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

/** What `makeEnv` makes an environment from: the name of one of the reference's scenarios, or a definition of your own. */
export type ScenarioSource = ScenarioName | ScenarioDefinition;

/** The table of the parameters that only this scenario has. */
export type TableOf<Source> = Source extends ScenarioName
  ? (typeof scenarios)[Source]['params']
  : Source extends ScenarioDefinition<infer Table>
    ? Table
    : never;

/** The parameters of a scenario's environment, all optional. The names are the reference's, in camelCase; `N` stays `N`. */
export type EnvParams<Source extends ScenarioSource> = Partial<
  ParamValues<typeof envParams> & ParamValues<TableOf<Source>>
>;

/**
 * Makes an environment. The first `reset` starts its first episode.
 *
 * @param source the name of a scenario, or a scenario of your own (see `defineScenario`).
 * @throws ArgumentError on an unknown scenario or parameter, and on a value that the parameter does not accept.
 */
export function makeEnv<Source extends ScenarioSource>(
  source: Source,
  params: EnvParams<Source> = {},
): ParallelEnv {
  const { definition, scenario, values, make } = prepare('makeEnv', source, params);
  return new ParallelEnv(definition, scenario, values, make);
}

const copyCount: Check<number> = {
  inWords: 'an integer from 1 to 1,000,000, then the parameters',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 1e6,
};

/**
 * Makes `copies` environments that step together; see {@link VectorEnv}.
 *
 * @throws ArgumentError like `makeEnv`, or if `copies` is not an integer of at least 1.
 */
export function makeVectorEnv<Source extends ScenarioSource>(
  source: Source,
  copies: number,
  params: EnvParams<Source> = {},
): VectorEnv {
  checkArgument('makeVectorEnv', 'copies', copies, copyCount);
  const { definition, scenario, values } = prepare('makeVectorEnv', source, params);
  const { name } = definition;
  if (values.benchmarkData) {
    throw new ArgumentError(
      `makeVectorEnv('${name}'): benchmarkData is true, but a VectorEnv has no infos to report it in; use makeEnv`,
    );
  }
  return new VectorEnv(name, scenario, values, copies);
}

function prepare(maker: string, source: ScenarioSource, params: object & { localRatio?: unknown }) {
  if (typeof source === 'string' && !Object.hasOwn(scenarios, source)) {
    throw new ArgumentError(`${maker}: there is ${noSuch('scenario', source, scenarioNames)}`);
  }
  if (typeof source !== 'string' && typeof source?.create !== 'function') {
    throw new ArgumentError(
      `${maker}: the scenario is ${describe(source)}; give one of ${scenarioNames.join(', ')}, or what defineScenario returns`,
    );
  }
  if (typeof source !== 'string') checkDefinition(maker, source);
  const named: Readonly<Record<ScenarioName, unknown>> = scenarios;
  // A scenario's table fits its own `create`. TypeScript cannot see that across the union of all scenarios.
  const definition = (typeof source === 'string' ? named[source] : source) as ScenarioDefinition<ParamTable>;
  const caller = `${maker}('${definition.name}')`;
  const reserved = Object.keys(envParams).find((param) => Object.hasOwn(definition.params, param));
  if (reserved) {
    throw new ArgumentError(
      `${caller}: the scenario has a parameter ${reserved}, but every environment has one of this name; rename it`,
    );
  }
  const values = readParams(caller, { ...definition.params, ...envParams }, params);
  const make = () => definition.create(values, values.physics);
  const scenario = make();
  checkScenario(caller, scenario);
  checkShared(caller, scenario, values.physics, params);
  return { definition, scenario, values, make };
}

function checkShared(
  caller: string,
  { shared, world }: Scenario,
  physics: Physics,
  params: { localRatio?: unknown },
): void {
  if (!shared) return;
  const { localRatio } = shared;
  if (!(localRatio >= 0 && localRatio <= 1)) {
    throw new ArgumentError(
      `${caller}: the scenario's shared.localRatio is ${describe(localRatio)}; give a number from 0 to 1`,
    );
  }
  if (physics === 'farama') return;
  if (params.localRatio !== undefined) {
    throw new ArgumentError(
      `${caller}: localRatio is ${describe(params.localRatio)}, but physics 'openai' does not use it (docs/physics.md); leave it out`,
    );
  }
  if (!world.collaborative) {
    throw new ArgumentError(
      `${caller}: physics 'openai' does not use the scenario's shared reward (docs/physics.md); make its world with ` +
        'collaborative: true, so that every agent gets the sum of all rewards',
    );
  }
}
