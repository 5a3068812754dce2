import { ArgumentError, aFunction, type Check, checkArgument, mapOf, object } from '@paragrad/check';
import type { Action, SpaceValue } from '@paragrad/mpe';
import type { Generator } from '@paragrad/tensor';
import type { Policy } from './policies.js';

/**
 * One policy of several: each agent acts as its own policy says. So agents that were trained in different runs play
 * together, or against each other. A policy may be given for several agents. It gets the observations of all live agents,
 * and what it says about other agents does not count. (With `CommunicatingMaddpg`, an agent hears what the partners of its
 * own training would have said.)
 *
 * Throws if there are no policies, and if there is an observation for an agent without one.
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
  const combined: Policy<OneAction, Observation> = (observations) => {
    const live = Object.keys(observations ?? {});
    const unknown = live.find((name) => !agents.includes(name));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `combinePolicies: there is an observation for ${unknown}, but policies for ${agents.join(', ')}; give one for each agent`,
      );
    }
    const acting = new Set(live.map((name) => policies[name]));
    const actions = new Map([...acting].map((one) => [one, one(observations)]));
    return Object.fromEntries(
      live.map((name) => {
        const ofPolicy = actions.get(policies[name])!;
        checkArgument('combinePolicies', `what the policy of ${name} returns`, ofPolicy, object);
        return [name, ofPolicy[name]];
      }),
    );
  };
  const startEpisode = (draws: Generator) => {
    for (const one of new Set(Object.values(policies))) one.startEpisode?.(draws);
  };
  return Object.assign<Policy<OneAction, Observation>, object>(combined, { startEpisode });
}
