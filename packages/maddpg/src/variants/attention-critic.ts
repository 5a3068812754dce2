import { Linear, Module, MultiheadAttention, type Sequential } from '@paragrad/nn';
import {
  concat,
  type DType,
  type Generator,
  narrow,
  reshape,
  stack,
  type Tensor,
  tensor,
} from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import { perceptron } from '../networks.js';

/** Sizes of an `AttentionCritic`, and where its weights come from. */
export interface AttentionCriticOptions {
  /** Hidden layers of f. The first is as well the size of an embedding. */
  hidden: readonly number[];
  /** Has to divide the embedding's size. */
  heads: number;
  generator: Generator;
}

/**
 * Q_1 ... Q_n in one network, with attention of each agent over the others, as in MAAC (Iqbal and Sha 2019, arXiv
 * 1810.02912, section 3.2), but for a deterministic gradient: actions go in as they are, and the gradient comes back to them.
 *
 *     e_i = relu(g(o_i, a_i))                                what agent i observes and does: [batch, embed]
 *     v_i = multi-head attention of e_i to all e_j, j ≠ i    what of the others matters to i: [batch, embed]
 *     Q_i = f(e_i, v_i)                                      [batch, 1]
 *
 * Agents that observe and act alike share g and f, and all share the attention: another agent of a kind that is there adds no
 * weights, and everything but the scores of each with each costs as much more as there are more agents.
 */
export class AttentionCritic extends Module<[x: Tensor, actions: readonly Tensor[], facts?: OthersAsFacts]> {
  /** g and f, one for each kind of agent. */
  readonly encoders: readonly Linear[];
  readonly bodies: readonly Sequential[];
  readonly attention: MultiheadAttention;
  readonly #specs: readonly AgentSpec[];
  /** Of each agent, the number of its kind. */
  readonly #kinds: readonly number[];

  /** Throws where there are no others to attend to, or no size to embed them in, or the heads don't divide it. */
  constructor(specs: readonly AgentSpec[], { hidden, heads, generator }: AttentionCriticOptions) {
    super();
    const [embed] = hidden;
    const n = specs.length;
    if (n < 2 || embed === undefined) {
      throw new Error(
        `AttentionCritic: ${n} agents, hidden [${hidden}]; give two agents or more, and one hidden layer or more`,
      );
    }
    const names = specs.map(({ observationSize, actionSize }) => `${observationSize} ${actionSize}`);
    const firsts = specs.filter((_, i) => names.indexOf(names[i]) === i);
    const kinds = [...new Set(names)];
    this.#specs = specs;
    this.#kinds = names.map((name) => kinds.indexOf(name));
    this.encoders = firsts.map(
      ({ observationSize, actionSize }) => new Linear(observationSize + actionSize, embed, { generator }),
    );
    this.attention = new MultiheadAttention(embed, heads, { generator });
    this.bodies = firsts.map(() => perceptron([2 * embed, ...hidden, 1], generator));
  }

  /**
   * All agents' values at once: x [batch, sum of obs_i] and a_i [batch, act_i] for every i -> [batch, n].
   *
   * With `othersAreFacts` the gradient of Q_i comes back to a_i alone: a_i goes into Q_i through e_i, which asks, and the
   * others' actions through what e_i attends to, which is cut off. So one pass serves all actors.
   */
  forward(x: Tensor, actions: readonly Tensor[], { othersAreFacts = false }: OthersAsFacts = {}): Tensor {
    const embeddings = this.#embed(x, actions);
    const asking = stack(embeddings, 1);
    const attendedTo = othersAreFacts ? asking.detach() : asking;
    const attended = this.attention.forward(asking, attendedTo, attendedTo, {
      mask: self(this.#specs.length, x.dtype),
    });
    const values = embeddings.map((own, i) => {
      const others = reshape(narrow(attended, 1, i, 1), own.shape);
      return this.bodies[this.#kinds[i]].forward([own, others]);
    });
    return concat(values, 1);
  }

  /** e_i of every agent: [batch, embed] */
  #embed(x: Tensor, actions: readonly Tensor[]): Tensor[] {
    let start = 0;
    return this.#specs.map(({ observationSize }, i) => {
      const observation = narrow(x, 1, start, observationSize);
      start += observationSize;
      return this.encoders[this.#kinds[i]].forward([observation, actions[i]], 'relu');
    });
  }
}

/** [n, n]: 1 for each with itself, which is not to be attended to. */
function self(n: number, dtype: DType): Tensor {
  return tensor(
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j))),
    { dtype },
  );
}

/** Which actions gradients come back to in `AttentionCritic.forward`. */
export interface OthersAsFacts {
  /** Default false: the gradient of Q_i comes back to all agents' actions. */
  othersAreFacts?: boolean;
}

/** One agent's value out of those of all: [batch, 1]. */
export class AttentionCriticOf extends Module<[x: Tensor, actions: readonly Tensor[]]> {
  constructor(
    readonly all: AttentionCritic,
    readonly agent: number,
  ) {
    super();
  }

  of(agent: number): AttentionCriticOf {
    return new AttentionCriticOf(this.all, agent);
  }

  forward(x: Tensor, actions: readonly Tensor[]): Tensor {
    return narrow(this.all.forward(x, actions), 1, this.agent, 1);
  }
}
