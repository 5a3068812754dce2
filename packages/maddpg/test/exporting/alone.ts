/** What agents do when each acts by its own file. */
import type { SpaceValue } from '@paragrad/mpe';
import {
  type ActorDescription,
  type AgentSpec,
  type Algorithm,
  EnsembleMaddpg,
  policyOf,
} from '../../src/index.js';
import type { DescribedActor } from './described-actor.js';

/** Vectors, one in each row. */
export type Rows = readonly (readonly number[])[];

/** One agent's file, what goes into it, and what the policy does then, in the form of its action space. */
export interface Turn {
  readonly spec: AgentSpec;
  readonly file: string;
  readonly inputs: Rows;
  /** Files with what went into them, of the messages that it hears. */
  readonly heard: readonly { readonly file: string; readonly inputs: Rows }[];
  readonly actions: readonly SpaceValue[];
}

/**
 * A turn of each agent. `observations` are those of all agents in several moments; `speak` computes the messages of an agent
 * that sends them.
 */
export async function turns(
  algorithm: Algorithm,
  observations: readonly Rows[],
  speak: (file: string, inputs: Rows) => Rows | Promise<Rows>,
): Promise<Turn[]> {
  const { specs } = algorithm;
  const policy = policyOf(algorithm);
  const acted = observations.map((all) =>
    policy(Object.fromEntries(specs.map(({ name }, i) => [name, all[i]]))),
  );
  const seen = specs.map((_, i) => observations.map((all) => all[i]));
  const speakers = 'messageSize' in algorithm.settings ? specs : [];
  const spoken = speakers.map(({ name }, i) => ({ file: `${name}.message`, inputs: seen[i] }));
  const messages: Rows[] = [];
  for (const { file, inputs } of spoken) messages.push(await speak(file, inputs));
  const heard = (i: number, row: number): number[] => {
    const others = messages.filter((_, j) => j !== i).map((rows) => rows[row]);
    const mean = (k: number) =>
      others.reduce((sum, message) => sum + message[k], 0) / Math.max(1, others.length);
    return (messages[i]?.[row] ?? []).map((_, k) => mean(k));
  };
  return specs.map((spec, i) => ({
    spec,
    file: algorithm instanceof EnsembleMaddpg ? `${spec.name}.${algorithm.chosen[i]}` : spec.name,
    inputs: seen[i].map((observation, row) => [...observation, ...heard(i, row)]),
    heard: spoken,
    actions: acted.map((actions) => actions[spec.name]),
  }));
}

/** How far rounding may lead from the actor's outputs in that moment, the messages included that it hears. */
export function toleranceOf(
  { file, inputs, heard }: Turn,
  row: number,
  actors: Readonly<Record<string, DescribedActor>>,
): number {
  return Math.max(...[{ file, inputs }, ...heard].map((one) => actors[one.file].tolerance(one.inputs[row])));
}

/** Whether the numbers of an action are the same, each relative to its bounds. */
export function close(
  given: readonly number[],
  expected: readonly number[],
  { low, high }: Pick<ActorDescription, 'low' | 'high'>,
  tolerance: number,
): boolean {
  const far = expected.findIndex(
    (x, k) => !(Math.abs(given[k] - x) <= tolerance * Math.max(Math.abs(low[k]), Math.abs(high[k]))),
  );
  return given.length === expected.length && far < 0;
}

/** The numbers and the choices in an action, each in the order of the action space. */
export function split(
  { actionSpace: space, actionSize, choices = [] }: Pick<AgentSpec, 'actionSpace' | 'actionSize' | 'choices'>,
  action: SpaceValue,
): { numbers: number[]; choices: number[] } {
  const list = Array.from(action as ArrayLike<number>);
  if (!space) {
    let start = actionSize - choices.reduce((sum, size) => sum + size, 0);
    const numbers = list.slice(0, start);
    const chosen = choices.map((size) => {
      start += size;
      return list.slice(start - size, start).indexOf(1);
    });
    return { numbers, choices: chosen };
  }
  if ('shape' in space) return { numbers: list, choices: [] };
  if ('n' in space) return { numbers: [], choices: [action as number] };
  if ('nvec' in space) return { numbers: [], choices: list };
  const parts = Object.entries(space.spaces).map(([key, actionSpace]) =>
    split({ actionSpace, actionSize }, (action as Record<string, SpaceValue>)[key]),
  );
  return {
    numbers: parts.flatMap((part) => part.numbers),
    choices: parts.flatMap((part) => part.choices),
  };
}
