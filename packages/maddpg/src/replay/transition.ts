import { ArgumentError, type Check, checkOptions, describe, type OptionChecks } from '@paragrad/check';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkFinite, checkVector } from '../learning/finite.js';

/** One step of the environment. Each array has one entry for each agent, in the algorithm's order. */
export interface Transition {
  /** o_i [obs_i], before the step. */
  readonly observations: readonly ArrayLike<number>[];
  /** a_i [act_i]: numbers in [-maxAction, maxAction], then each choice as a one-hot vector. */
  readonly actions: readonly ArrayLike<number>[];
  /** r_i. */
  readonly rewards: readonly number[];
  /** o'_i [obs_i], after the step. */
  readonly nextObservations: readonly ArrayLike<number>[];
  /** Whether the episode terminated. False at a time limit, because there the future rewards still count. */
  readonly terminations: readonly boolean[];
  /** Whether each agent was live, and acted. Leave it out if all are live until the episode ends. Default: all. */
  readonly live?: readonly boolean[];
  /**
   * Whether each agent is live after this step. Give it, with `live`, in all steps of an episode in which agents end early or
   * appear late. Default, if `live` is given: those that were live and did not end.
   */
  readonly nextLive?: readonly boolean[];
  /**
   * Whether a time limit ended the episode. N-step returns must stop there. If this is missing, a new episode begins
   * when a transition does not start from the last one's next observations.
   */
  readonly truncations?: readonly boolean[];
}

const perAgent: Check<readonly never[]> = {
  inWords: 'an array with one entry for each agent, in the order of the specs',
  accepts: (value): value is readonly never[] => Array.isArray(value),
};
const checks: OptionChecks<Transition> = {
  observations: perAgent,
  actions: perAgent,
  rewards: perAgent,
  nextObservations: perAgent,
  terminations: perAgent,
  truncations: perAgent,
  live: perAgent,
  nextLive: perAgent,
};

const FIELDS = Object.keys(checks) as (keyof Transition)[];
const REQUIRED = FIELDS.filter((name) => !['truncations', 'live', 'nextLive'].includes(name));

/** Throws on wrong lengths, and on numbers that are not finite or that float32 cannot hold. `note` as in `checkFinite`. */
export function checkTransition(
  owner: string,
  specs: readonly AgentSpec[],
  transition: Transition,
  note: string,
): void {
  checkOptions(owner, transition, checks, REQUIRED);
  for (const field of FIELDS) {
    const agents = transition[field]?.length ?? specs.length;
    if (agents !== specs.length) {
      throw new ArgumentError(`${owner}: ${field} of ${agents} agents; give those of all ${specs.length}`);
    }
  }
  const { observations, actions, rewards, nextObservations, terminations, ...flags } = transition;
  specs.forEach(({ name, observationSize, actionSize }, i) => {
    const of = (field: string) => `${owner}: ${name}'s ${field}`;
    checkVector(of('observations'), observations[i], observationSize, note);
    checkVector(of('actions'), actions[i], actionSize, note);
    checkFinite(of('rewards'), [rewards[i]], note);
    checkVector(of('nextObservations'), nextObservations[i], observationSize, note);
    checkFlag(of('terminations'), terminations[i]);
    for (const [field, ofAgents] of Object.entries(flags)) if (ofAgents) checkFlag(of(field), ofAgents[i]);
  });
}

/** 0 and 1 are as good as false and true. A text would count as true. */
function checkFlag(what: string, flag: unknown): void {
  if (flag !== true && flag !== false && flag !== 0 && flag !== 1) {
    throw new ArgumentError(`${what} is ${describe(flag)}; give true or false`);
  }
}
