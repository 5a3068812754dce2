import { ArgumentError, checkArgument, checkOptions, trueOrFalse } from '@paragrad/check';
import { type Action, flatten, type SpaceValue } from '@paragrad/mpe';
import { aGenerator, type Generator, scope, Tensor } from '@paragrad/tensor';
import { EpsilonGreedy } from '../exploration/exploration.js';
import { type ActOptions, type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { checkFinite } from '../learning/finite.js';
import { toActionSpace } from './action-vectors.js';
import type { AgentSpec } from './agent-spec.js';
import { checkSpecs } from './check-specs.js';
import { anEnvironment, type Environment, type PerAgent } from './environment.js';

/**
 * Returns the agents' actions, in the form of their action spaces, from what the live agents observe. Both are records by
 * agent name.
 */
export interface Policy<
  OneAction extends SpaceValue = Action,
  Observation extends SpaceValue = ArrayLike<number>,
> {
  (observations: PerAgent<Observation>): Record<string, OneAction>;
  /** Call it at the start of every episode. Policies that draw something once an episode draw it from `draws`. */
  startEpisode?(draws: Generator): void;
}

/**
 * The policy that an algorithm has learned, without noise. It takes the best known actions; with `explore`, stochastic
 * actors draw their choices. An agent without an observation is not live, and gets no action. Throws if an observation has
 * another length than the algorithm was made for, and on unknown agents.
 */
export function policyOf<OneAction extends SpaceValue = Action>(
  algorithm: Algorithm,
  options: { explore?: boolean } = {},
): Policy<OneAction, SpaceValue> {
  checkArgument('policyOf', 'algorithm', algorithm, anAlgorithm);
  checkOptions('policyOf', options, { explore: trueOrFalse });
  const { specs } = algorithm;
  const names = new Set(specs.map(({ name }) => name));
  const policy: Policy<OneAction, SpaceValue> = (observations) => {
    const unknown = Object.keys(observations ?? {}).find((name) => !names.has(name));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `policy: there is an observation for ${unknown}, but the algorithm was made for ${namesOf(specs)}; ` +
          'use the environment that the algorithm was trained for',
      );
    }
    const live = specs.map(({ name }) => observations?.[name] !== undefined);
    if (!live.includes(true)) {
      throw new ArgumentError(`policy: there are no observations; give those of the live agents, by name`);
    }
    const vectors = specs.map((spec, i) =>
      observationVector('policy:', spec, live[i] ? observations[spec.name] : undefined),
    );
    const [actions] = actOn(algorithm, [{ observations: vectors, live }], options);
    const ofLiveAgents = specs.flatMap((spec, i) =>
      live[i] ? [[spec.name, toActionSpace(spec, actions[i])]] : [],
    );
    return Object.fromEntries(ofLiveAgents);
  };
  return Object.assign<Policy<OneAction, SpaceValue>, object>(policy, {
    startEpisode: (draws: Generator) => algorithm.startEpisode(draws),
  });
}

/**
 * An agent's observation as a new vector: [obs_i]. Zeros if it is undefined, for an agent that is not live. Throws if it has
 * another form than the agent's observation space, or numbers that are not finite. `at` begins the message.
 */
export function observationVector(
  at: string,
  spec: AgentSpec,
  observation: SpaceValue | undefined,
): Float64Array {
  const { name, observationSize, observationSpace = { shape: [observationSize] } } = spec;
  if (observation === undefined) return new Float64Array(observationSize);
  const vector = flatten(observationSpace, observation, `${at} ${name}'s observation`);
  checkFinite(`${at} ${name}'s observations`, vector, 'nobody acted on them');
  return vector;
}

/** What the agents observe at some time, in the order of the specs: vectors, zeros for an agent that is not live. */
export interface Moment {
  readonly live: readonly boolean[];
  readonly observations: readonly Float64Array[];
}

/**
 * What an algorithm does in each of several moments, as action vectors of all agents: [moment][agent]. Agents that are not live get
 * zeros.
 */
export function actOn(
  algorithm: Algorithm,
  moments: readonly Moment[],
  options: Omit<ActOptions, 'live'>,
): number[][][] {
  return scope(() => {
    const inputs = algorithm.specs.map(({ observationSize: size }, i) => {
      const numbers = new Float32Array(moments.length * size);
      moments.forEach(({ observations }, row) => {
        numbers.set(observations[i], row * size);
      });
      return new Tensor(numbers, [moments.length, size]);
    });
    const actions = algorithm.act(inputs, { ...options, ...liveIn(moments) });
    return moments.map(({ live }, row) =>
      actions.map(({ data, shape: [, size] }, i) =>
        Array.from(data.subarray(row * size, (row + 1) * size), (a) => (live[i] ? a : 0)),
      ),
    );
  });
}

function liveIn(moments: readonly Moment[]): Pick<ActOptions, 'live'> {
  if (!moments.some(({ live }) => live.includes(false))) return {};
  const [first] = moments;
  if (moments.length === 1) return { live: first.live };
  return { live: first.live.map((_, i) => moments.map(({ live }) => live[i])) };
}

/** Draws every agent's action uniformly from its action space. */
export function randomActions(env: Environment, generator: Generator): Policy {
  checkArgument('randomActions', 'env', env, anEnvironment);
  checkArgument('randomActions', 'generator', generator, aGenerator);
  return () =>
    Object.fromEntries(
      env.possibleAgents.map((name) => [name, env.actionSpace(name).sample(generator) as Action]),
    );
}

/** Draws every agent's action by its spec: numbers uniformly within their bounds, and each choice uniformly. */
export function randomChoices(specs: readonly AgentSpec[], generator: Generator): Policy {
  checkSpecs('randomChoices', specs);
  checkArgument('randomChoices', 'generator', generator, aGenerator);
  const explore = new EpsilonGreedy({ generator, initial: 1 });
  const anything = specs.map(({ actionSize }) => new Float32Array(actionSize));
  const draw = (spec: AgentSpec, i: number) =>
    toActionSpace(spec, explore.perturb(anything[i], spec, 0)) as Action;
  return () => Object.fromEntries(specs.map((spec, i) => [spec.name, draw(spec, i)]));
}

function namesOf(specs: readonly AgentSpec[]): string {
  return specs.map(({ name }) => name).join(', ');
}
