/**
 * Parameter sharing (Gupta, Egorov, Kochenderfer 2017, "Cooperative multi-agent control using deep reinforcement learning"):
 * agents of the same kind, which have equal specs except for the name, have the same networks and optimizers.
 */
import type { AgentSpec } from '../environments/agent-spec.js';

/** For each agent, the index of the first agent of its kind. */
export function firstOfKind(specs: readonly AgentSpec[]): number[] {
  const kinds = specs.map(({ observationSize, actionSize, maxAction, choices }) =>
    JSON.stringify([observationSize, actionSize, maxAction, choices]),
  );
  return kinds.map((kind) => kinds.indexOf(kind));
}

/** One object for each agent, or with sharing one for each kind of agents: then those of a kind get the same object. */
export function perAgent<T>(
  specs: readonly AgentSpec[],
  sharing: boolean,
  make: (i: number, made: readonly T[]) => T,
): T[] {
  const made: T[] = [];
  for (const [i, first] of firstOfKind(specs).entries())
    made.push(sharing && first < i ? made[first] : make(i, made));
  return made;
}

/** Throws, in the name of an algorithm, if its settings ask for sharing. */
export function refuseSharing(
  owner: string,
  { parameterSharing }: { parameterSharing: boolean },
  why: string,
): void {
  if (parameterSharing)
    throw new Error(`${owner}: parameterSharing, but ${why}; set parameterSharing: false`);
}
