/** The numbers that the tour names. Each is computed when it is shown, by the library, for the moment that the arena shows. */
import {
  evaluate,
  type Maddpg,
  makeExploration,
  makeRunEnv,
  type Policy,
  policyOf,
  randomActions,
} from '@paragrad/maddpg';
import { Generator, grad, scope, Tensor } from '@paragrad/tensor';
import { actionGradients, actionsOf, batchOf, values } from './critic.js';
import { openRun } from './open-run.js';
import type { Session } from './session.js';

/** What a small step along dQ/da brings, by the gradient and in truth. */
export interface SlopeCheck {
  readonly step: number;
  readonly predicted: number;
  readonly actual: number;
}

/** Agent i's action goes by `step` in the direction of dQ_i/da_i. Then Q_i should change by step ‖dQ_i/da_i‖. */
export function slopeCheck(session: Session, i: number, step = 0.01): SlopeCheck {
  const { algorithm, moment } = session;
  const batch = batchOf(algorithm, moment.observations);
  const actions = actionsOf(algorithm, moment.observations);
  const gradient = actionGradients(algorithm, i, batch, actions);
  const norm = Math.hypot(...gradient) || 1;
  const moved = actions.map((action, j) =>
    j === i
      ? new Tensor(
          Float32Array.from(action.data, (a, k) => a + (step * gradient[k]) / norm),
          action.shape,
        )
      : action,
  );
  const value = (of: readonly Tensor[]) => values(algorithm, i, batch, of)[0];
  return { step, predicted: step * norm, actual: value(moved) - value(actions) };
}

/** Q_i if agent j did the opposite of what it does now. */
export function valueIfOpposite(session: Session, i: number, j: number): number {
  const { algorithm, moment } = session;
  const actions = actionsOf(algorithm, moment.observations).map((action, k) =>
    k === j ? action.neg() : action,
  );
  return values(algorithm, i, batchOf(algorithm, moment.observations), actions)[0];
}

/** How many numbers agent i's actor and critic take. */
export function inputSizes(
  { specs }: Maddpg,
  i: number,
): { readonly actor: number; readonly critic: number } {
  const critic = specs.reduce(
    (sum, { observationSize, actionSize }) => sum + observationSize + actionSize,
    0,
  );
  return { actor: specs[i].observationSize, critic };
}

/** How much of the gradient passes the tanh at the end of agent i's actor, for each number: 1 - tanh², in words. */
export function throughTanh({ algorithm, moment }: Session, i: number): string {
  const { maxAction } = algorithm.specs[i];
  return Array.from(moment.actions[i], (a) => `${Math.round(100 * (1 - (a / maxAction) ** 2))} %`).join(
    ' and ',
  );
}

/** The norms of agent i's actor loss by the weights of every actor; 0 where no gradient arrives. Adds nothing to any `grad`. */
export function gradientsInActors(session: Session, i: number): number[] {
  const { algorithm } = session;
  return scope(() => {
    const loss = algorithm.actorLoss(i, algorithm.normalized(session.batchOfMoment()));
    return algorithm.agents.map(({ actor }) => {
      const parameters = actor.network.parameters();
      const gradients = grad(loss, parameters, { allowUnused: true, retainGraph: true });
      return norm(gradients.flatMap((gradient) => (gradient ? [...gradient.data] : [])));
    });
  });
}

/** ‖θ - θ'‖ / ‖θ‖ of agent i's critic: how far its target is behind. */
export function targetDistance({ agents }: Maddpg, i: number): number {
  const { network, target } = agents[i].critic;
  const online = network.parameters().flatMap(({ data }) => [...data]);
  const slow = target.parameters().flatMap(({ data }) => [...data]);
  return norm(online.map((weight, k) => weight - slow[k])) / norm(online);
}

/** Mean returns of the same episodes: as learned, with the noise that training began with, and by chance. */
export interface Returns {
  readonly learned: number;
  readonly noisy: number;
  readonly chance: number;
}

/** Plays so many episodes in three ways. Takes about a second for 100. */
export function returnsOf({ run }: Session, episodes = 100): Returns {
  const { config, algorithm } = openRun(run.files);
  const env = makeRunEnv(config);
  const exploration = makeExploration(config.exploration, new Generator(1));
  const learned = policyOf(algorithm);
  const noisy: Policy = (observations) =>
    Object.fromEntries(
      Object.entries(learned(observations)).map(([name, action]) => {
        const spec = algorithm.specs.find((one) => one.name === name)!;
        return [name, exploration.perturb(action as ArrayLike<number>, spec, 0)];
      }),
    );
  const play = (policy: Policy) => evaluate(env, policy, { episodes, seed: 1 }).meanReturn;
  return { learned: play(learned), noisy: play(noisy), chance: play(randomActions(env, new Generator(1))) };
}

function norm(numbers: readonly number[]): number {
  return Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0));
}
