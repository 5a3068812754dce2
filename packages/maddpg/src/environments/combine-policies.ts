import { ArgumentError, aFunction, type Check, checkArgument, mapOf, object } from '@paragrad/check';
import type { Action, SpaceValue } from '@paragrad/mpe';
import type { Generator } from '@paragrad/tensor';
import type { PerAgent } from './environment.js';
import type { Policy } from './policies.js';

/**
 * One policy of several: each agent acts as its own policy says. So agents that were trained in different runs play
 * together, or against each other. A policy may be given for several agents. It gets the observations of all live agents,
 * and what it says about other agents does not count. (With `CommunicatingMaddpg`, an agent hears what the partners of its
 * own training would have said.)
 *
 * @throws ArgumentError if there are no policies, and if there is an observation for an agent without one.
 */
export function combinePolicies<
  OneAction extends SpaceValue = Action,
  Observation extends SpaceValue = ArrayLike<number>,
>(policies: Readonly<Record<string, Policy<OneAction, Observation>>>): Policy<OneAction, Observation> {
  const policy = aFunction as Check<Policy<OneAction, Observation>>;
  checkArgument('combinePolicies', 'policies', policies, mapOf(policy));
  const agents = Object.keys(policies);
  if (agents.length === 0) {
    throw new ArgumentError('combinePolicies: there are no policies; give one for each agent, by name');
  }
  const check = (observations: PerAgent<Observation>) => {
    const unknown = Object.keys(observations ?? {}).find((name) => !agents.includes(name));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `combinePolicies: there is an observation for ${unknown}, but policies for ${agents.join(', ')}; give one for each agent`,
      );
    }
  };
  /** The part of each agent's own policy in what all policies say. */
  const pick = (live: readonly string[], said: ReadonlyMap<object, Record<string, OneAction>>) =>
    Object.fromEntries(
      live.map((name) => {
        const ofPolicy = said.get(policies[name])!;
        checkArgument('combinePolicies', `what the policy of ${name} returns`, ofPolicy, object);
        return [name, ofPolicy[name]];
      }),
    );
  const combined: Policy<OneAction, Observation> = (observations) => {
    check(observations);
    const live = Object.keys(observations ?? {});
    const acting = [...new Set(live.map((name) => policies[name]))];
    return pick(live, new Map(acting.map((one) => [one, one(observations)])));
  };
  const all = [...new Set(Object.values(policies))];
  const actInAll: Policy<OneAction, Observation>['actInAll'] = (observations, copies) => {
    observations.forEach(check);
    const said = all.map((one) => [one, one.actInAll!(observations, copies)] as const);
    return observations.map((ofRow, row) =>
      pick(Object.keys(ofRow), new Map(said.map(([one, actions]) => [one, actions[row]]))),
    );
  };
  const startEpisode = (draws: Generator, copy?: number) => {
    for (const one of all) one.startEpisode?.(draws, copy);
  };
  return Object.assign<Policy<OneAction, Observation>, object>(combined, {
    startEpisode,
    ...(all.every((one) => one.actInAll) && { actInAll }),
  });
}
