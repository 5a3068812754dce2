/**
 * Parameter sharing (Gupta, Egorov, Kochenderfer 2017, "Cooperative multi-agent control using deep reinforcement learning"):
 * agents whose specs are the same but for their names have the same networks, and learn with the same optimisers.
 */
import { Module, type Sequential } from '@paragrad/nn';
import { concat, type Generator, narrow, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { AgentNetworks } from './maddpg.js';
import { type Critic, perceptron } from './networks.js';
import type { MaddpgSettings } from './settings.js';

/** Of each agent, the first one that is like it: itself, if there is none before. */
export function firstsAlike(specs: readonly AgentSpec[]): number[] {
  const kinds = specs.map(({ observationSize, actionSize, maxAction, choices }) =>
    JSON.stringify([observationSize, actionSize, maxAction, choices]),
  );
  return kinds.map((kind) => kinds.indexOf(kind));
}

/** What each agent has: made for each, or with sharing once for those that are alike, of whom `as` gives the others theirs. */
export function forEachAgent<T>(
  specs: readonly AgentSpec[],
  sharing: boolean,
  make: (i: number) => T,
  as: (first: T, i: number) => T = (first) => first,
): T[] {
  const made: T[] = [];
  for (const [i, first] of firstsAlike(specs).entries()) {
    made.push(sharing && first < i ? as(made[first], i) : make(i));
  }
  return made;
}

/** Of agents that share an actor, the first alone: so everything that is shared comes once. */
export function withoutSharers<Agent extends { readonly actor: unknown }>(agents: readonly Agent[]): Agent[] {
  return agents.filter(({ actor }, i) => agents.findIndex((other) => other.actor === actor) === i);
}

/** Agent i with the networks of one that is like it. */
export function withNetworksOf(first: AgentNetworks, i: number): AgentNetworks {
  const { critic, targetCritic } = first;
  return { ...first, critic: criticOf(critic, i), targetCritic: criticOf(targetCritic, i) };
}

/** Another agent's critic, by the same network. Throws where a critic has no `of`. */
export function criticOf<AnyCritic extends Critic>(critic: AnyCritic, agent: number): AnyCritic {
  if (critic.of) return critic.of(agent) as AnyCritic;
  throw new Error(
    `parameterSharing: ${critic.constructor.name} has no of(agent), which gives the same network as another agent's critic; add it, or set parameterSharing: false`,
  );
}

/** Throws, in the name of an algorithm, if it is told to share. */
export function refuseSharing(owner: string, { parameterSharing }: MaddpgSettings, why: string): void {
  if (parameterSharing)
    throw new Error(`${owner}: parameterSharing, but ${why}; set parameterSharing: false`);
}

/**
 * Q of all agents that are alike, as one of them has it. It cannot know whose value it is to give but from its input; so it is
 * shown the agent itself first, then the others:
 *
 *     Q_i(x, a) = Q(o_i, o_j ... o_k, a_i, a_j ... a_k)      j ... k: first those like i, then the rest, each in order
 *
 * A critic of kind 'independent' is shown o_i and a_i alone.
 */
export class SharedCritic extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  readonly #specs: readonly AgentSpec[];
  readonly #sees: readonly number[];

  constructor(
    readonly body: Sequential,
    specs: readonly AgentSpec[],
    readonly agent: number,
    readonly kind: MaddpgSettings['critic'],
  ) {
    super();
    this.#specs = specs;
    this.#sees = seenBy(agent, specs, kind);
  }

  of(agent: number): SharedCritic {
    return new SharedCritic(this.body, this.#specs, agent, this.kind);
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    const starts = this.#specs.map((_, j) => total(this.#specs.slice(0, j), 'observationSize'));
    const observations = this.#sees.map((j) => narrow(x, 1, starts[j], this.#specs[j].observationSize));
    return this.body.forward([
      concat(observations, 1),
      concat(
        this.#sees.map((j) => actions[j]),
        1,
      ),
    ]);
  }
}

/** The critic of an agent, and by its `of` of those like it. */
export function makeSharedCritic(
  specs: readonly AgentSpec[],
  agent: number,
  { critic, hidden }: MaddpgSettings,
  generator: Generator,
): SharedCritic {
  const seen = seenBy(agent, specs, critic).map((j) => specs[j]);
  const inputSize = total(seen, 'observationSize') + total(seen, 'actionSize');
  return new SharedCritic(perceptron([inputSize, ...hidden, 1], generator), specs, agent, critic);
}

function seenBy(agent: number, specs: readonly AgentSpec[], kind: MaddpgSettings['critic']): number[] {
  if (kind === 'independent') return [agent];
  const firsts = firstsAlike(specs);
  const others = firsts.map((_, j) => j).filter((j) => j !== agent);
  const isLike = (j: number) => firsts[j] === firsts[agent];
  return [agent, ...others.filter(isLike), ...others.filter((j) => !isLike(j))];
}

function total(specs: readonly AgentSpec[], size: 'observationSize' | 'actionSize'): number {
  return specs.reduce((sum, spec) => sum + spec[size], 0);
}
