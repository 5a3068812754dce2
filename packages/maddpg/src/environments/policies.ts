import type { Action } from '@paragrad/mpe';
import { type Generator, scope, Tensor } from '@paragrad/tensor';
import { EpsilonGreedy } from '../exploration/exploration.js';
import type { Algorithm } from '../learning/algorithm.js';
import type { AgentSpec } from './agent-spec.js';
import type { Environment } from './environment.js';

/** What all agents do, given what each observes; both keyed by agent name. */
export interface Policy {
  (observations: Readonly<Record<string, ArrayLike<number>>>): Record<string, Action>;
  /** To be called at the start of an episode, where there is something to draw for it. */
  startEpisode?(draws: Generator): void;
}

/**
 * The sizes of an environment's agents: what an algorithm is made for. What an agent does is numbers where its space is a box around
 * 0; one choice where it is discrete; and where it is a box from 0 to 1, of weights, the choices that `actionParts` says (in
 * a particle environment with actionMode 'continuous': of one move and of one word). Throws on other action spaces.
 */
export function agentSpecs(env: Environment): AgentSpec[] {
  return env.possibleAgents.map((name) => {
    const space = env.actionSpace(name);
    const observationSize = env.observationSpace(name).shape[0];
    if (!('shape' in space)) {
      return { name, observationSize, actionSize: space.n, maxAction: 1, choices: [space.n] };
    }
    const { low, high } = space;
    const actionSize = space.shape[0];
    if (low === 0 && high === 1) {
      const choices = env.actionParts?.(name) ?? [actionSize];
      return { name, observationSize, actionSize, maxAction: 1, choices };
    }
    if (low !== -high) {
      throw new Error(
        `agentSpecs: ${name}'s action space is a box from ${low} to ${high}; actors give numbers around 0, as from -1 to 1, ` +
          'or weights of choices, from 0 to 1: scale it in the environment',
      );
    }
    return { name, observationSize, actionSize, maxAction: high };
  });
}

/** Every agent does what the algorithm takes for best, without noise. With `explore`, actors draw their choices. */
export function actorsOf(algorithm: Algorithm, options: { explore?: boolean } = {}): Policy {
  const act: Policy = (observations) => {
    const inputs = algorithm.specs.map(({ name, observationSize }) => {
      const observation = observations[name];
      if (observation?.length !== observationSize) {
        throw new Error(
          `policy: ${name}'s observation has length ${observation?.length}; its network was made for ${observationSize}`,
        );
      }
      return new Tensor(Float32Array.from(observation), [1, observationSize]);
    });
    const actions = algorithm.act(inputs, options);
    return Object.fromEntries(algorithm.specs.map(({ name }, i) => [name, Array.from(actions[i].data)]));
  };
  return Object.assign<Policy, Policy | object>((observations) => scope(() => act(observations)), {
    startEpisode: (draws: Generator) => algorithm.startEpisode(draws),
  });
}

/** Uniform draws from every agent's action space. */
export function randomActions(env: Environment, generator: Generator): Policy {
  return () =>
    Object.fromEntries(env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator)]));
}

/** Uniform draws of all that the agents do: numbers in their bounds, and choices. */
export function randomChoices(specs: readonly AgentSpec[], generator: Generator): Policy {
  const explore = new EpsilonGreedy({ generator, initial: 1 });
  return () => Object.fromEntries(specs.map((spec) => [spec.name, explore.perturb([], spec, 0)]));
}
