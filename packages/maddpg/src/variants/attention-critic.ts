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
import type { AgentSpec } from '../environments/agent-spec.js';
import { perAgent } from '../learning/sharing.js';
import type { CriticInputs } from '../networks/critics.js';
import { perceptron } from '../networks/perceptron.js';

/** Sizes of an `AttentionCritic`, and where its weights come from. */
export interface AttentionCriticOptions {
  /** Hidden layers of f. The first is as well the size of an embedding. */
  hidden: readonly number[];
  /** Has to divide the embedding's size. */
  heads: number;
  /** Whether agents that are alike share g and f (sharing.ts). Default false. */
  parameterSharing?: boolean;
  generator: Generator;
}

/**
 * Q_1 ... Q_n in one network, with attention of each agent over the others, as in MAAC (Iqbal and Sha 2019, arXiv
 * 1810.02912, section 3.2), but for a deterministic gradient: actions go in as they are, and the gradient comes back to them.
 *
 *     e_i = relu(g_i(o_i, a_i))                              what agent i observes and does: [batch, embed]
 *     v_i = multi-head attention of e_i to all e_j, j ≠ i    what of the others matters to i: [batch, embed]
 *     Q_i = f_i(e_i, v_i)                                    [batch, 1]
 *
 * All share the attention, and each has its own g_i and f_i: two that look alike may have different aims. With `parameterSharing`
 * those that are alike have these in common, too, and another of them adds no weights. Everything but the scores of each with each
 * costs as much more as there are more agents.
 */
export class AttentionCritic extends Module<CriticInputs> {
  /** Every g and every f, those that several share once. */
  readonly encoders: readonly Linear[];
  readonly bodies: readonly Sequential[];
  readonly attention: MultiheadAttention;
  readonly #specs: readonly AgentSpec[];
  /** Of each agent. */
  readonly #own: readonly { readonly encoder: Linear; readonly body: Sequential }[];

  /** Throws where there are no others to attend to, or no size to embed them in, or the heads don't divide it. */
  constructor(
    specs: readonly AgentSpec[],
    { hidden, heads, parameterSharing = false, generator }: AttentionCriticOptions,
  ) {
    super();
    const [embed] = hidden;
    const n = specs.length;
    if (n < 2 || embed === undefined) {
      throw new Error(
        `AttentionCritic: ${n} agents, hidden [${hidden}]; give two agents or more, and one hidden layer or more`,
      );
    }
    this.#specs = specs;
    this.#own = perAgent(specs, parameterSharing, (i) => ({
      encoder: new Linear(specs[i].observationSize + specs[i].actionSize, embed, { generator }),
      body: perceptron([2 * embed, ...hidden, 1], generator),
    }));
    const distinct = [...new Set(this.#own)];
    this.encoders = distinct.map(({ encoder }) => encoder);
    this.bodies = distinct.map(({ body }) => body);
    this.attention = new MultiheadAttention(embed, heads, { generator });
  }

  /** Q_i: [batch, 1] */
  forward(x: Tensor, actions: readonly Tensor[], i: number): Tensor {
    return narrow(this.values(x, actions), 1, i, 1);
  }

  /**
   * All agents' values at once: x [batch, sum of obs_i] and a_i [batch, act_i] for every i -> [batch, n].
   *
   * With `othersAreFacts` the gradient of Q_i comes back to a_i alone: a_i goes into Q_i through e_i, which asks, and the
   * others' actions through what e_i attends to, which is cut off. So one pass serves all actors.
   */
  values(x: Tensor, actions: readonly Tensor[], { othersAreFacts = false }: OthersAsFacts = {}): Tensor {
    const embeddings = this.#embed(x, actions);
    const asking = stack(embeddings, 1);
    const attendedTo = othersAreFacts ? asking.detach() : asking;
    const attended = this.attention.forward(asking, attendedTo, attendedTo, {
      mask: self(this.#specs.length, x.dtype),
    });
    const values = embeddings.map((own, i) => {
      const others = reshape(narrow(attended, 1, i, 1), own.shape);
      return this.#own[i].body.forward([own, others]);
    });
    return concat(values, 1);
  }

  /** e_i of every agent: [batch, embed] */
  #embed(x: Tensor, actions: readonly Tensor[]): Tensor[] {
    let start = 0;
    return this.#specs.map(({ observationSize }, i) => {
      const observation = narrow(x, 1, start, observationSize);
      start += observationSize;
      return this.#own[i].encoder.forward([observation, actions[i]], 'relu');
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

/** Which actions gradients come back to in `AttentionCritic.values`. */
export interface OthersAsFacts {
  /** Default false: the gradient of Q_i comes back to all agents' actions. */
  othersAreFacts?: boolean;
}
