import {
  ArgumentError,
  above0,
  type Check,
  checkOptions,
  describe,
  integerFrom1,
  listOf,
  type OptionChecks,
  object,
} from '@paragrad/check';
import type { SpaceLike } from '@paragrad/mpe';
import { type AgentSpec, continuousSize } from './agent-spec.js';
import type { ActionSpace } from './plain-spaces.js';

const nameOfAgent: Check<string> = {
  inWords: "the agent's name",
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};
const bound: Check<number> = {
  inWords: 'a number above 0 that float32 can hold',
  accepts: (value): value is number => above0.accepts(value) && Number.isFinite(Math.fround(value)),
};

const aSpace: Check<SpaceLike> = {
  inWords: 'a space as plain data, as agentSpecs(env) returns it',
  accepts: (value): value is SpaceLike =>
    object.accepts(value) && ['shape', 'n', 'nvec', 'spaces'].some((field) => field in value),
};

/** What each field of a spec can be. */
const checks: OptionChecks<AgentSpec> = {
  name: nameOfAgent,
  observationSize: integerFrom1,
  actionSize: integerFrom1,
  maxAction: bound,
  choices: listOf(integerFrom1),
  actionSpace: aSpace as Check<ActionSpace>,
  observationSpace: aSpace,
};

/** Throws if this is not the spec of an agent. `what` says whose it is, in the error. */
export function checkSpec(what: string, spec: AgentSpec): void {
  checkOptions(what, spec, checks, ['name', 'observationSize', 'actionSize', 'maxAction']);
  if (continuousSize(spec) < 0) {
    throw new ArgumentError(
      `${what}: choices is ${describe(spec.choices)}, more options than its actionSize ${spec.actionSize}; ` +
        'give an actionSize of at least their sum',
    );
  }
}

/** Throws unless these are the specs of one agent or more, each with a name of its own. */
export function checkSpecs(owner: string, specs: readonly AgentSpec[]): void {
  if (!Array.isArray(specs) || specs.length === 0 || specs.some((spec: unknown) => !object.accepts(spec))) {
    throw new ArgumentError(
      `${owner}: specs is ${describe(specs)}; give an array with the spec of each agent, such as agentSpecs(env)`,
    );
  }
  const names = new Map<string, number>();
  specs.forEach((spec, i) => {
    checkSpec(`${owner}: specs[${i}]`, spec);
    const first = names.get(spec.name);
    if (first !== undefined) {
      throw new ArgumentError(
        `${owner}: specs[${first}] and specs[${i}] have the name ${describe(spec.name)}; give each agent a name of its own`,
      );
    }
    names.set(spec.name, i);
  });
}
