import { ArgumentError, checkArgument, checkOptions, trueOrFalse } from '@paragrad/check';
import type { Action } from '@paragrad/mpe';
import { checkGenerator, type Generator, scope, Tensor } from '@paragrad/tensor';
import { EpsilonGreedy } from '../exploration/exploration.js';
import { type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { checkFinite } from '../learning/finite.js';
import type { AgentSpec } from './agent-spec.js';
import { checkSpecs } from './check-specs.js';
import { anEnvironment, type Environment } from './environment.js';

/** Returns all agents' actions from all agents' observations. Both are records by agent name. */
export interface Policy {
  (observations: Readonly<Record<string, ArrayLike<number>>>): Record<string, Action>;
  /** Call it at the start of every episode. Policies that draw something once an episode draw it from `draws`. */
  startEpisode?(draws: Generator): void;
}

/**
 * The policy that an algorithm has learned, without noise. It takes the best known actions; with `explore`, stochastic
 * actors draw their choices. Throws if an observation has another length than the algorithm was made for.
 */
export function policyOf(algorithm: Algorithm, options: { explore?: boolean } = {}): Policy {
  checkArgument('policyOf', 'algorithm', algorithm, anAlgorithm);
  checkOptions('policyOf', options, { explore: trueOrFalse });
  const act: Policy = (observations) => {
    const inputs = algorithm.specs.map(({ name, observationSize }) => {
      const observation = observations?.[name];
      if (observation?.length !== observationSize) {
        throw new ArgumentError(
          `policy: ${name}'s observation has length ${observation?.length}, but its network was made for ` +
            `${observationSize}; use the environment that the algorithm was trained for`,
        );
      }
      checkFinite(`policy: ${name}'s observation`, observation, 'it was not acted on');
      return new Tensor(Float32Array.from(observation), [1, observationSize]);
    });
    const actions = algorithm.act(inputs, options);
    return Object.fromEntries(algorithm.specs.map(({ name }, i) => [name, Array.from(actions[i].data)]));
  };
  return Object.assign<Policy, Policy | object>((observations) => scope(() => act(observations)), {
    startEpisode: (draws: Generator) => algorithm.startEpisode(draws),
  });
}

/** Draws every agent's action uniformly from its action space. */
export function randomActions(env: Environment, generator: Generator): Policy {
  checkArgument('randomActions', 'env', env, anEnvironment);
  checkGenerator('randomActions', generator);
  return () =>
    Object.fromEntries(env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator)]));
}

/** Draws every agent's action by its spec: numbers uniformly within their bounds, and each choice uniformly, as one-hot. */
export function randomChoices(specs: readonly AgentSpec[], generator: Generator): Policy {
  checkSpecs('randomChoices', specs);
  checkGenerator('randomChoices', generator);
  const explore = new EpsilonGreedy({ generator, initial: 1 });
  const anything = specs.map(({ actionSize }) => new Float32Array(actionSize));
  return () => Object.fromEntries(specs.map((spec, i) => [spec.name, explore.perturb(anything[i], spec, 0)]));
}
