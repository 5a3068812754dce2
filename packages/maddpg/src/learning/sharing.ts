/**
 * Parameter sharing (Gupta, Egorov, Kochenderfer 2017, "Cooperative multi-agent control using deep reinforcement
 * learning"): agents of the same kind use the same networks and optimizers. Agents are of the same kind if their specs
 * differ only in the name.
 */
import { ArgumentError } from '@paragrad/check';
import type { AgentSpec } from '../environments/agent-spec.js';

/** For each agent, the index of the first agent of its kind. */
export function firstOfKind(specs: readonly AgentSpec[]): number[] {
  const kinds = specs.map(({ name: _, ...kind }) =>
    JSON.stringify(
      Object.entries(kind)
        .filter(([, value]) => value !== undefined)
        .sort(),
    ),
  );
  return kinds.map((kind) => kinds.indexOf(kind));
}

/**
 * One object for each agent. With `sharing`, agents of the same kind get the same object. `make` gets the agent's index
 * and the objects of the agents before it.
 */
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

/** Throws if the settings ask for parameter sharing. The message names `owner` and gives `reason`. */
export function refuseSharing(
  owner: string,
  { parameterSharing }: { parameterSharing: boolean },
  reason: string,
): void {
  if (parameterSharing)
    throw new ArgumentError(`${owner}: parameterSharing is true, but ${reason}; set parameterSharing: false`);
}
