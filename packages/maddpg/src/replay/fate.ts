import { filled, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Liveness } from '../learning/batch.js';
import type { Transition } from './transition.js';

/**
 * What a step was to an agent, as a number. A memory keeps it in the place of `done`. The first two are what done is if all
 * agents are live until the episode ends.
 */
export const Fate = {
  goesOn: 0,
  done: 1,
  /** Terminated, while the memory knows who is live: it is not there any more at o'. */
  terminated: 2,
  /** Truncated, in the same case: it is not live at o', but its value there counts. */
  truncated: 3,
  /** Not live, before or after the step. */
  absent: 4,
  /** Not live in this step, but after it. */
  appears: 5,
} as const;

/** The fate of every agent in a transition. */
export function fatesOf({ terminations, truncations, live, nextLive }: Transition): number[] {
  if (!live && !nextLive) return terminations.map(Number);
  return terminations.map((terminated, i) => {
    const wasLive = live?.[i] ?? true;
    const goesOn = nextLive ? nextLive[i] : wasLive && !terminated && !truncations?.[i];
    if (!wasLive) return goesOn ? Fate.appears : Fate.absent;
    if (goesOn) return Fate.goesOn;
    return terminated ? Fate.terminated : Fate.truncated;
  });
}

/** done: 1 if the agent was terminated, else 0. */
export function doneOf(fate: number): number {
  return fate === Fate.done || fate === Fate.terminated ? 1 : 0;
}

/** Whether the agent was live in the step, and acted. */
export function actedIn(fate: number): boolean {
  return fate < Fate.absent;
}

/** Whether the agent has an observation after the step that counts. */
export function isSeenAfter(fate: number): boolean {
  return fate !== Fate.terminated && fate !== Fate.absent;
}

/** Whether the next step can follow this one in the same episode, for n-step returns. They stop where an agent is truncated. */
export function canContinue(
  { terminations, truncations = [], live, nextLive }: Transition,
  fates: readonly number[],
): boolean {
  if (!live && !nextLive) return ![...terminations, ...truncations].some(Boolean);
  return (
    !fates.includes(Fate.truncated) && fates.some((fate) => fate === Fate.goesOn || fate === Fate.appears)
  );
}

/**
 * Who was live in some rows of a batch; undefined if all agents always were.
 *
 * @param first the agents' fates in the first of each row's steps.
 * @param last their fates in the last of them.
 */
export function livenessOf(
  first: readonly (readonly number[])[],
  last: readonly (readonly number[])[],
): Liveness | undefined {
  const isKnown = (fates: readonly number[]) => fates.some((fate) => fate > Fate.done);
  if (!first.some(isKnown) && !last.some(isKnown)) return undefined;
  const columns = (rows: readonly (readonly number[])[], holds: (fate: number) => boolean): Tensor[] =>
    rows[0].map((_, i) =>
      filled([rows.length, 1], (data) =>
        rows.forEach((fates, row) => {
          data[row] = Number(holds(fates[i]));
        }),
      ),
    );
  return {
    live: columns(first, actedIn),
    nextLive: columns(last, (fate) => fate === Fate.goesOn || fate === Fate.done || fate === Fate.appears),
    truncated: columns(last, (fate) => fate === Fate.truncated),
  };
}

/** The transition with zeros for all numbers of agents that were not live, and for their next observations if they are not then. */
export function withoutAbsentAgents(
  transition: Transition,
  fates: readonly number[],
  specs: readonly AgentSpec[],
): Transition {
  if (fates.every((fate) => fate <= Fate.done)) return transition;
  const { observations, actions, rewards, nextObservations } = transition;
  const acted = fates.map(actedIn);
  const seenAfter = fates.map(isSeenAfter);
  type Numbers = readonly ArrayLike<number>[];
  const only = (
    which: readonly boolean[],
    numbers: Numbers,
    size: 'observationSize' | 'actionSize',
  ): Numbers => numbers.map((given, i) => (which[i] === false ? new Float32Array(specs[i]?.[size]) : given));
  return {
    ...transition,
    observations: only(acted, observations, 'observationSize'),
    actions: only(acted, actions, 'actionSize'),
    rewards: rewards.map((reward, i) => (acted[i] === false ? 0 : reward)),
    nextObservations: only(seenAfter, nextObservations, 'observationSize'),
  };
}
