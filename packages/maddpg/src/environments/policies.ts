import {
  ArgumentError,
  checkArgument,
  checkOptions,
  integerFrom0,
  listOf,
  object,
  trueOrFalse,
} from '@paragrad/check';
import { type Action, flatten, type SpaceValue } from '@paragrad/mpe';
import { aGenerator, type Generator, scope, Tensor } from '@paragrad/tensor';
import { EpsilonGreedy } from '../exploration/exploration.js';
import { type ActOptions, type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { checkFinite, findNotFinite } from '../learning/finite.js';
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
  /**
   * Call it at the start of every episode. Policies that draw something once an episode draw it from `draws`. If several
   * episodes run at the same time, `copy` says which one begins, counted from 0.
   */
  startEpisode?(draws: Generator, copy?: number): void;
  /** Acts in several episodes at once. For each: what is observed, and its `copy` as in `startEpisode`. */
  actInAll?(
    observations: readonly PerAgent<Observation>[],
    copies: readonly number[],
  ): Record<string, OneAction>[];
}

/**
 * The policy that an algorithm has learned, without noise. It takes the best known actions; with `explore`, stochastic
 * actors draw their choices. An agent without an observation is not live, and gets no action.
 *
 * @throws ArgumentError if an observation has another length than the algorithm was made for, and on unknown agents.
 */
export function policyOf<OneAction extends SpaceValue = Action>(
  algorithm: Algorithm,
  options: { explore?: boolean } = {},
): Policy<OneAction, SpaceValue> {
  checkArgument('policyOf', 'algorithm', algorithm, anAlgorithm);
  checkOptions('policyOf', options, { explore: trueOrFalse });
  const { specs } = algorithm;
  const names = new Set(specs.map(({ name }) => name));
  const momentOf = (observations: PerAgent<SpaceValue>): Moment => {
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
    const ofAgent = (spec: AgentSpec, i: number) =>
      observationVector('policy:', spec, live[i] ? observations[spec.name] : undefined);
    return { live, observations: specs.map(ofAgent) };
  };
  const inSpaces = (actions: readonly (readonly number[])[], { live }: Moment) => {
    const byName: Record<string, SpaceValue> = {};
    specs.forEach((spec, i) => {
      if (live[i]) byName[spec.name] = toActionSpace(spec, actions[i]);
    });
    return byName as Record<string, OneAction>;
  };
  const policy: Policy<OneAction, SpaceValue> = (observations) => {
    const moment = momentOf(observations);
    return inSpaces(actOn(algorithm, [moment], options)[0], moment);
  };
  return Object.assign<Policy<OneAction, SpaceValue>, Omit<Policy<OneAction, SpaceValue>, never>>(policy, {
    startEpisode: (draws, copy) =>
      copy === undefined ? algorithm.startEpisode(draws) : algorithm.startEpisode(draws, ofEvaluation(copy)),
    actInAll: (observations, copies) => {
      checkRows(observations, copies);
      const moments = observations.map(momentOf);
      // Kernels sum a single row in another order. So that no number depends on how many episodes are left, there are always two.
      const twice = moments.length === 1;
      const rows = copies.map(ofEvaluation);
      const actions = actOn(algorithm, twice ? [moments[0], moments[0]] : moments, {
        ...options,
        copies: twice ? [rows[0], rows[0]] : rows,
      });
      return moments.map((moment, row) => inSpaces(actions[row], moment));
    },
  } satisfies Omit<Policy<OneAction, SpaceValue>, never>);
}

/** Training may be within episodes of its own copies. */
const ofEvaluation = (copy: number) => -1 - copy;

function checkRows(observations: readonly unknown[], copies: readonly number[]): void {
  checkArgument('actInAll', 'observations', observations, listOf(object));
  checkArgument('actInAll', 'copies', copies, {
    inWords: `the index of a copy for each of ${observations.length}`,
    accepts: (value): value is number[] =>
      listOf(integerFrom0).accepts(value) && value.length === observations.length,
  });
}

/**
 * An agent's observation as a new vector: [obs_i]. Zeros if it is undefined, for an agent that is not live. `at` begins the message.
 *
 * @throws ArgumentError if it has another form than the agent's observation space, or numbers that are not finite.
 */
export function observationVector(
  at: string,
  spec: AgentSpec,
  observation: SpaceValue | undefined,
): Float64Array {
  const { name, observationSize, observationSpace = { shape: [observationSize] } } = spec;
  if (observation === undefined) return new Float64Array(observationSize);
  if (
    observation instanceof Float64Array &&
    !spec.observationSpace &&
    observation.length === observationSize
  ) {
    if (findNotFinite(observation) < 0) return observation.slice();
  }
  const vector = flatten(observationSpace, observation, `${at} ${name}'s observation`);
  checkFinite(`${at} ${name}'s observations`, vector, 'nobody acted on them');
  return vector;
}

/** What the agents observe at some time, in the order of the specs: vectors, zeros for an agent that is not live. */
export interface Moment {
  /** Whether each agent is live. */
  readonly live: readonly boolean[];
  /** Each agent's observation: [obs_i] */
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
      actions.map(({ data, shape }, i) => rowOf(data, row, shape[1], live[i])),
    );
  });
}

function rowOf(data: ArrayLike<number>, row: number, size: number, isLive: boolean): number[] {
  const numbers: number[] = [];
  for (let k = row * size; k < (row + 1) * size; k++) numbers.push(isLive ? data[k] : 0);
  return numbers;
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
