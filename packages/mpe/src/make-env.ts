import { actionModes } from './actions.js';
import { ParallelEnv } from './parallel-env.js';
import { type ParamTable, type ParamValues, readParams } from './param-table.js';
import * as param from './params.js';
import { type Physics, physicsNames } from './physics.js';
import type { Scenario, ScenarioDefinition } from './scenario.js';
import { simple } from './scenarios/simple.js';
import { simpleAdversary } from './scenarios/simple-adversary.js';
import { simpleCrypto } from './scenarios/simple-crypto.js';
import { simplePush } from './scenarios/simple-push.js';
import { simpleReference } from './scenarios/simple-reference.js';
import { simpleSpeakerListener } from './scenarios/simple-speaker-listener.js';
import { simpleSpread } from './scenarios/simple-spread.js';
import { simpleTag } from './scenarios/simple-tag.js';
import { simpleWorldComm } from './scenarios/simple-world-comm.js';
import { VectorEnv } from './vector-env.js';

const scenarios = {
  simple,
  simple_adversary: simpleAdversary,
  simple_crypto: simpleCrypto,
  simple_push: simplePush,
  simple_reference: simpleReference,
  simple_speaker_listener: simpleSpeakerListener,
  simple_spread: simpleSpread,
  simple_tag: simpleTag,
  simple_world_comm: simpleWorldComm,
};

/** The parameters that every environment has. */
const envParams = {
  /** Steps until an episode is truncated. */
  maxCycles: param.count(25),
  /** How actions are written; see {@link ActionMode}. */
  actionMode: param.oneOf(actionModes),
  /** Whose dynamics, action signs and rewards; see {@link Physics}. */
  physics: param.oneOf(physicsNames),
  /** Report the benchmark in `infos`. */
  benchmarkData: param.flag(),
  /** Accepted and without effect: it only concerns the reference's drawing. Sizes here always follow the picture's. */
  dynamicRescaling: param.flag(),
};

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

/** What an environment can be made of: one of the reference's scenarios, by name, or a definition of your own. */
export type ScenarioSource = ScenarioName | ScenarioDefinition;

type Tables = { [Name in ScenarioName]: (typeof scenarios)[Name]['params'] };
type TableOf<Source> = Source extends ScenarioName
  ? Tables[Source]
  : Source extends ScenarioDefinition<infer Table>
    ? Table
    : never;

/** The parameters of a scenario's environment: the reference's, in camelCase (`N` keeps its name), all optional. */
export type EnvParams<Source extends ScenarioSource> = Partial<
  ParamValues<typeof envParams> & ParamValues<TableOf<Source>>
>;

/**
 * Makes an environment, in which no episode runs until `reset`.
 *
 * @param source the name of a scenario, or a scenario of your own (see `defineScenario`).
 * @throws TypeError on an unknown scenario or parameter, and on a value that the parameter doesn't accept.
 */
export function makeEnv<Source extends ScenarioSource>(
  source: Source,
  params: EnvParams<Source> = {},
): ParallelEnv {
  const { name, scenario, values } = prepare('makeEnv', source, params);
  return new ParallelEnv(name, scenario, values);
}

/**
 * Makes `copies` environments that step together; see {@link VectorEnv}.
 *
 * @throws TypeError as `makeEnv`, and RangeError if `copies` is not an integer of at least 1.
 */
export function makeVectorEnv<Source extends ScenarioSource>(
  source: Source,
  copies: number,
  params: EnvParams<Source> = {},
): VectorEnv {
  if (!Number.isSafeInteger(copies) || copies < 1) {
    throw new RangeError(
      `makeVectorEnv: copies is ${JSON.stringify(copies)}; give an integer of at least 1, and parameters after it`,
    );
  }
  const { name, scenario, values } = prepare('makeVectorEnv', source, params);
  if (values.benchmarkData) {
    throw new TypeError(
      `makeVectorEnv('${name}'): benchmarkData is true, and a VectorEnv has no infos to report it in; measure in makeEnv`,
    );
  }
  return new VectorEnv(name, scenario, values, copies);
}

function prepare(maker: string, source: ScenarioSource, params: object & { localRatio?: unknown }) {
  if (typeof source === 'string' && !Object.hasOwn(scenarios, source)) {
    throw new TypeError(
      `${maker}('${source}'): there is no such scenario; there are ${scenarioNames.join(', ')}`,
    );
  }
  if (typeof source !== 'string' && typeof source?.create !== 'function') {
    throw new TypeError(
      `${maker}: the scenario is ${JSON.stringify(source)}; give one of ${scenarioNames.join(', ')}, or what defineScenario gives`,
    );
  }
  // One scenario's table and its `create` belong together, which TypeScript can't see across the union of scenarios.
  const definition = (typeof source === 'string'
    ? scenarios[source]
    : source) as unknown as ScenarioDefinition<ParamTable>;
  const { name } = definition;
  const op = `${maker}('${name}')`;
  const taken = Object.keys(envParams).find((param) => Object.hasOwn(definition.params, param));
  if (taken) {
    throw new TypeError(
      `${op}: the scenario has a parameter ${taken}, which every environment has; rename its own`,
    );
  }
  const values = readParams(op, { ...definition.params, ...envParams }, params);
  const scenario = definition.create(values, values.physics);
  checkShared(op, scenario, values.physics, params);
  return { name, scenario, values };
}

function checkShared(
  op: string,
  { shared, world }: Scenario,
  physics: Physics,
  params: { localRatio?: unknown },
): void {
  if (!shared) return;
  const { localRatio } = shared;
  if (!(localRatio >= 0 && localRatio <= 1)) {
    throw new RangeError(
      `${op}: the scenario shares with localRatio ${localRatio}; give a number from 0 to 1`,
    );
  }
  if (physics === 'farama') return;
  if (params.localRatio !== undefined) {
    throw new TypeError(
      `${op}: localRatio is ${params.localRatio}, and physics 'openai' mixes no rewards by it (docs/physics.md); leave it out`,
    );
  }
  if (!world.collaborative) {
    throw new TypeError(
      `${op}: physics 'openai' never pays what the scenario shares (docs/physics.md); make its world with ` +
        'collaborative: true, by which all agents get the sum of all rewards',
    );
  }
}
