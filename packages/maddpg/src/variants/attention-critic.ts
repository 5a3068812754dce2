import {
  ArgumentError,
  anArray,
  checkArgument,
  checkOptions,
  integerFrom1,
  integersFrom1,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { Linear, Module, MultiheadAttention, type Sequential } from '@paragrad/nn';
import {
  aGenerator,
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
import { checkSpecs } from '../environments/check-specs.js';
import { perAgent } from '../learning/sharing.js';
import type { CriticInputs } from '../networks/critics.js';
import { perceptron } from '../networks/perceptron.js';

/** Options of `AttentionCritic`. */
export interface AttentionCriticOptions {
  /** Sizes of the hidden layers of f. The first one is also the size of the embeddings e and v. */
  hidden: readonly number[];
  /** Attention heads. Their number must divide the size of the embeddings. */
  heads: number;
  /** Whether agents of the same kind share g and f. Default false. */
  parameterSharing?: boolean;
  /** Draws the initial weights. */
  generator: Generator;
}

const checks: OptionChecks<AttentionCriticOptions> = {
  hidden: integersFrom1,
  heads: integerFrom1,
  parameterSharing: trueOrFalse,
  generator: aGenerator,
};

/**
 * All agents' values Q_1 ... Q_n in one network, in which each agent attends to the others. This is the critic of MAAC
 * (Iqbal and Sha 2019, arXiv 1810.02912, section 3.2), changed for a deterministic policy gradient: actions are an
 * input, and the gradient flows back into them.
 *
 *     e_i = relu(g_i(o_i, a_i))                                agent i's observation and action: [batch, embed]
 *     v_i = multi-head attention, e_i attends to all e_j ≠ i   what matters to i about the others: [batch, embed]
 *     Q_i = f_i(e_i, v_i)                                      [batch, 1]
 *
 * All agents share the attention. Each agent has its own g_i and f_i, because agents of the same kind can have
 * different goals. With `parameterSharing` agents of the same kind share g and f; then a further agent of that kind
 * adds no weights. The cost grows linearly with the number of agents, except for the attention scores between all
 * pairs.
 */
export class AttentionCritic extends Module<CriticInputs> {
  /** Every g. One that agents share is in the list once. */
  readonly encoders: readonly Linear[];
  /** Every f. One that agents share is in the list once. */
  readonly bodies: readonly Sequential[];
  /** The attention that all agents share. */
  readonly attention: MultiheadAttention;
  readonly #specs: readonly AgentSpec[];
  /** For each agent, its g and f. */
  readonly #agentLayers: readonly { readonly encoder: Linear; readonly body: Sequential }[];

  /**
   * All agents' values in one network: x [batch, sum of obs_j], a_j [batch, act_j] -> Q_i [batch, 1]. One agent alone attends to
   * nothing.
   *
   * @throws ArgumentError if there is no agent or no hidden layer, or if the heads do not divide its size.
   */
  constructor(specs: readonly AgentSpec[], options: AttentionCriticOptions) {
    super();
    checkSpecs('AttentionCritic', specs);
    checkOptions('AttentionCritic', options, checks, ['hidden', 'heads', 'generator']);
    const { hidden, heads, parameterSharing = false, generator } = options;
    const [embed] = hidden;
    if (embed === undefined) {
      throw new ArgumentError('AttentionCritic: hidden is []; give at least one hidden layer');
    }
    this.#specs = specs;
    this.#agentLayers = perAgent(specs, parameterSharing, (i) => ({
      encoder: new Linear(specs[i].observationSize + specs[i].actionSize, embed, { generator }),
      body: perceptron([2 * embed, ...hidden, 1], generator),
    }));
    const distinct = [...new Set(this.#agentLayers)];
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
   * With `detachOthers` the gradient of Q_i flows into a_i only. Q_i depends on a_i through the query e_i, and on the
   * others' actions through the keys and values, which are detached. So one pass computes the gradients for all actors.
   * Default false.
   */
  values(x: Tensor, actions: readonly Tensor[], { detachOthers = false } = {}): Tensor {
    const embeddings = this.#embed(x, actions);
    const queries = stack(embeddings, 1);
    const keysAndValues = detachOthers ? queries.detach() : queries;
    const attended = this.attention.forward(queries, keysAndValues, keysAndValues, {
      mask: selfMask(this.#specs.length, x.dtype),
    });
    const values = embeddings.map((own, i) => {
      const others = reshape(narrow(attended, 1, i, 1), own.shape);
      return this.#agentLayers[i].body.forward([own, others]);
    });
    return concat(values, 1);
  }

  /** e_i of every agent: [batch, embed] */
  #embed(x: Tensor, actions: readonly Tensor[]): Tensor[] {
    checkArgument('AttentionCritic', 'actions', actions, anArray);
    let start = 0;
    return this.#specs.map(({ observationSize }, i) => {
      const observation = narrow(x, 1, start, observationSize);
      start += observationSize;
      return this.#agentLayers[i].encoder.forward([observation, actions[i]], 'relu');
    });
  }
}

/** 1 where an agent would attend to itself, else 0: [n, n] */
function selfMask(n: number, dtype: DType): Tensor {
  return tensor(
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j))),
    { dtype },
  );
}
