import type { Transition } from '../replay/transition.js';
import type { AgentSpec } from './agent-spec.js';
import type { EnvironmentStep } from './environment.js';
import type { Episode } from './episode.js';
import { type Moment, observationVector } from './policies.js';

/** The moment that an episode is in. */
export function momentOf(specs: readonly AgentSpec[], { at, live, observations }: Episode): Moment {
  const isLive = specs.map(({ name }) => live.includes(name));
  return {
    live: isLive,
    observations: specs.map((spec, i) =>
      observationVector(at, spec, isLive[i] ? observations[spec.name] : undefined),
    ),
  };
}

/**
 * One step as a transition, from the action vectors of all agents. It holds copies of what the environment returned. `at` is where
 * the episode is, for errors.
 */
export function transitionOf(
  specs: readonly AgentSpec[],
  { live, observations }: Moment,
  actions: readonly (readonly number[])[],
  result: EnvironmentStep,
  next: Moment,
  at: string,
): Transition {
  const inOrder = <T>(byAgent: Readonly<Record<string, T>>, ofOthers: T): T[] =>
    specs.map(({ name }, i) => (live[i] ? byAgent[name] : ofOthers));
  const terminations = inOrder(result.terminations, false).map(Boolean); // not truncations: after a time limit, rewards still count
  const truncations = inOrder(result.truncations, false).map(Boolean);
  const transition = {
    observations,
    actions,
    rewards: inOrder(result.rewards, 0),
    // An agent's last observation counts, too, if it was truncated.
    nextObservations: specs.map((spec, i) =>
      live[i] && !next.live[i]
        ? observationVector(at, spec, result.observations[spec.name])
        : next.observations[i],
    ),
    terminations,
    truncations,
  };
  const allGoOn = !live.includes(false) && !next.live.includes(false);
  const allEndAlike = !live.includes(false) && !next.live.includes(true) && new Set(terminations).size === 1;
  return allGoOn || allEndAlike ? transition : { ...transition, live, nextLive: next.live };
}
