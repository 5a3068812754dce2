import { Module, type Sequential } from '@paragrad/nn';
import { concat, narrow, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { CriticKind } from './settings.js';
import { firstsAlike } from './sharing.js';

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
    readonly kind: CriticKind,
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

/** The critic of an agent, and by its `of` of those like it. `makeBody` gets the size of what the network is shown. */
export function makeSharedCritic(
  specs: readonly AgentSpec[],
  agent: number,
  kind: CriticKind,
  makeBody: (inputSize: number) => Sequential,
): SharedCritic {
  const seen = seenBy(agent, specs, kind).map((j) => specs[j]);
  const inputSize = total(seen, 'observationSize') + total(seen, 'actionSize');
  return new SharedCritic(makeBody(inputSize), specs, agent, kind);
}

function seenBy(agent: number, specs: readonly AgentSpec[], kind: CriticKind): number[] {
  if (kind === 'independent') return [agent];
  const firsts = firstsAlike(specs);
  const others = firsts.map((_, j) => j).filter((j) => j !== agent);
  const isLike = (j: number) => firsts[j] === firsts[agent];
  return [agent, ...others.filter(isLike), ...others.filter((j) => !isLike(j))];
}

function total(specs: readonly AgentSpec[], size: 'observationSize' | 'actionSize'): number {
  return specs.reduce((sum, spec) => sum + spec[size], 0);
}
