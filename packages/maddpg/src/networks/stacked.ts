/**
 * The networks of a group of agents with equal specs, side by side: each layer of all of them is one op. They share their weights
 * with the networks that they are made of. Tensors of a group have one more axis in front, [agents of the group, batch, ...].
 */
import { Module, Stacked } from '@paragrad/nn';
import { concat, noGrad, reshape, stack, sub, type Tensor } from '@paragrad/tensor';
import { type AgentSpec, totalObservationSize } from '../environments/agent-spec.js';
import type { Members } from '../learning/groups.js';
import { Actor } from './actor.js';
import {
  CentralizedCritic,
  type Critic,
  type CriticInputs,
  IndependentCritic,
  observationOf,
  SharedCritic,
} from './critics.js';

/** The actors of a group: o [agents, batch, obs] -> a [agents, batch, act] */
export class StackedActors extends Module {
  readonly actors: readonly Actor[];
  readonly #body: Stacked;

  constructor(actors: readonly Actor[]) {
    super();
    this.actors = actors;
    this.#body = new Stacked(actors.map(({ body }) => body));
  }

  forward(observations: Tensor): Tensor {
    return this.actors[0].drawnFrom(this.#body.forward(observations));
  }

  /** As `Actor.logits`. */
  logits(observations: Tensor): Tensor {
    return this.actors[0].logitsIn(this.#body.forward(observations));
  }

  /** As `Actor.beforeTanh`. */
  beforeTanh(observations: Tensor): Tensor {
    return this.actors[0].beforeTanhIn(this.#body.forward(observations));
  }
}

/** What the others of a group do in its critics while an agent does what is in a tensor of actions. Missing: what is in it, too. */
const others = new WeakMap<Tensor, Tensor>();

/** In actors' losses, while an agent of a group acts as in `actions[g]`, the others of the group act as in `ofOthers[g]`. */
export function noteOthers(actions: readonly Tensor[], ofOthers: readonly Tensor[]): void {
  actions.forEach((action, g) => {
    others.set(action, ofOthers[g]);
  });
}

/**
 * The critics of a group g: x [batch, sum of obs_j] and the actions of each group [agents, batch, act] -> [agents, batch, 1].
 * A gradient flows only into each agent's own action.
 */
export class StackedCritics extends Module<CriticInputs> {
  readonly critics: readonly Critic[];
  readonly #body: Stacked;
  readonly #specs: readonly AgentSpec[];
  readonly #groups: Members;

  constructor(critics: readonly KnownCritic[], specs: readonly AgentSpec[], groups: Members) {
    super();
    this.critics = critics;
    this.#body = new Stacked(critics.map(({ body }) => body));
    this.#specs = specs;
    this.#groups = groups;
  }

  forward(x: Tensor, actions: readonly Tensor[], g: number): Tensor {
    const [first] = this.critics;
    const members = this.#groups[g];
    const own = actions[g];
    if (first instanceof IndependentCritic) {
      const observations = noGrad(() => stack(members.map((i) => observationOf(i, x, this.#specs))));
      return this.#body.forward(concat([observations, own], -1));
    }
    const actionColumns = totalObservationSize(this.#specs);
    const ofOthers = others.get(own) ?? own.detach();
    // Actions are constants here. An agent's own one is added below.
    const inputs = noGrad(() => {
      const all = this.#ofAgents(actions.with(g, ofOthers));
      if (!(first instanceof SharedCritic)) return concat([x, ...all], 1);
      const observations = this.#specs.map((_, j) => observationOf(j, x, this.#specs));
      const seenBy = (i: number) => {
        const order = first.orderFor(i);
        return [...order.map((j) => observations[j]), ...order.map((j) => all[j])];
      };
      return stack(members.map((i) => concat(seenBy(i), 1)));
    });
    if (!own.requiresGrad) return this.#body.forward(inputs);
    const columns = members.map((i) =>
      first instanceof SharedCritic
        ? actionColumns
        : actionColumns + totalActionSize(this.#specs.slice(0, i)),
    );
    // What replaces the constant: mostly the same numbers, but with a gradient.
    return this.#body.forward(inputs, { own: sub(own, ofOthers), columns });
  }

  /** The actions of all agents, in their order: [batch, act_j] each. */
  #ofAgents(actions: readonly Tensor[]): Tensor[] {
    const all: Tensor[] = [];
    this.#groups.forEach((members, g) => {
      members.forEach((i, k) => {
        all[i] = reshape(actions[g].narrow(0, k, 1), actions[g].shape.slice(1));
      });
    });
    return all;
  }
}

type KnownCritic = CentralizedCritic | SharedCritic | IndependentCritic;

/** Whether these actors or critics can be stacked. Networks of one's own cannot. */
export function areActors(networks: readonly Module<never>[]): networks is Actor[] {
  return networks.every((network) => network.constructor === Actor);
}
export function areCritics(networks: readonly Module<never>[]): networks is KnownCritic[] {
  const known: unknown[] = [CentralizedCritic, SharedCritic, IndependentCritic];
  return networks.every((network) => known.includes(network.constructor));
}

function totalActionSize(specs: readonly AgentSpec[]): number {
  return specs.reduce((sum, { actionSize }) => sum + actionSize, 0);
}
