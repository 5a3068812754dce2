import { actionModes } from './actions.js';
import { ParallelEnv } from './parallel-env.js';
import { count, flag, oneOf, type ParamTable, type ParamValues, readParams } from './params.js';
import type { ScenarioDefinition } from './scenario.js';
import { simpleAdversary } from './scenarios/simple-adversary.js';
import { simpleSpread } from './scenarios/simple-spread.js';
import { simpleTag } from './scenarios/simple-tag.js';

const scenarios = {
  simple_adversary: simpleAdversary,
  simple_spread: simpleSpread,
  simple_tag: simpleTag,
};

/** The parameters that every environment has. */
const envParams = {
  /** Steps until an episode is truncated. */
  maxCycles: count(25),
  /** How actions are written; see {@link ActionMode}. */
  actionMode: oneOf(actionModes),
  /** Report the benchmark in `infos`. */
  benchmarkData: flag,
  /** Accepted and without effect: it only concerns the reference's drawing. Sizes here always follow the picture's. */
  dynamicRescaling: flag,
};

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

/** The parameters of a scenario's environment: the reference's, in camelCase (`N` keeps its name), all optional. */
export type EnvParams<Name extends ScenarioName> = Partial<
  ParamValues<typeof envParams> & ParamValues<(typeof scenarios)[Name]['params']>
>;

/**
 * Makes an environment, in which no episode runs until `reset`.
 *
 * @throws TypeError on an unknown scenario or parameter, and on a value that the parameter doesn't accept.
 */
export function makeEnv<Name extends ScenarioName>(name: Name, params: EnvParams<Name> = {}): ParallelEnv {
  const op = `makeEnv('${name}')`;
  if (!Object.hasOwn(scenarios, name)) {
    throw new TypeError(`${op}: there is no such scenario; there are ${scenarioNames.join(', ')}`);
  }
  // One scenario's table and its `create` belong together, which TypeScript can't see across the union of scenarios.
  const definition = scenarios[name] as unknown as ScenarioDefinition<ParamTable>;
  const values = readParams(op, { ...definition.params, ...envParams }, params);
  return new ParallelEnv(name, definition.create(values), values);
}
