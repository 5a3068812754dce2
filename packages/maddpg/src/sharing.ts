/**
 * Parameter sharing (Gupta, Egorov, Kochenderfer 2017, "Cooperative multi-agent control using deep reinforcement learning"):
 * agents whose specs are the same but for their names have the same networks, and learn with the same optimizers.
 */
import type { AgentSpec } from './agent-spec.js';
import type { AgentNetworks } from './maddpg.js';
import type { Critic } from './networks.js';
import { Normalizer } from './normalization/normalizer.js';
import type { MaddpgSettings } from './settings.js';

/** Of each agent, the first one that is like it: itself, if there is none before. */
export function firstsAlike(specs: readonly AgentSpec[]): number[] {
  const kinds = specs.map(({ observationSize, actionSize, maxAction, choices }) =>
    JSON.stringify([observationSize, actionSize, maxAction, choices]),
  );
  return kinds.map((kind) => kinds.indexOf(kind));
}

/** What each agent has: made for each, or with sharing once for those that are alike, of whom `as` gives the others theirs. */
export function forEachAgent<T>(
  specs: readonly AgentSpec[],
  sharing: boolean,
  make: (i: number) => T,
  as: (first: T, i: number) => T = (first) => first,
): T[] {
  const made: T[] = [];
  for (const [i, first] of firstsAlike(specs).entries()) {
    made.push(sharing && first < i ? as(made[first], i) : make(i));
  }
  return made;
}

/** Of agents that share an actor, the first alone: so everything that is shared comes once. */
export function withoutSharers<Agent extends { readonly actor: unknown }>(agents: readonly Agent[]): Agent[] {
  return agents.filter(({ actor }, i) => agents.findIndex((other) => other.actor === actor) === i);
}

/** Agent i with the networks of one that is like it, and statistics of its own. */
export function withNetworksOf<AnyCritic extends Critic>(
  first: AgentNetworks<AnyCritic>,
  i: number,
): AgentNetworks<AnyCritic> {
  const { critic, targetCritic, normalizer } = first;
  return {
    ...first,
    critic: criticOf(critic, i),
    targetCritic: criticOf(targetCritic, i),
    normalizer: new Normalizer(normalizer.spec, normalizer.settings),
  };
}

/** Another agent's critic, by the same network. Throws where a critic has no `of`. */
export function criticOf<AnyCritic extends Critic>(critic: AnyCritic, agent: number): AnyCritic {
  if (critic.of) return critic.of(agent) as AnyCritic;
  throw new Error(
    `parameterSharing: ${critic.constructor.name} has no of(agent), which gives the same network as another agent's critic; add it, or set parameterSharing: false`,
  );
}

/** Throws, in the name of an algorithm, if it is told to share. */
export function refuseSharing(owner: string, { parameterSharing }: MaddpgSettings, why: string): void {
  if (parameterSharing)
    throw new Error(`${owner}: parameterSharing, but ${why}; set parameterSharing: false`);
}
