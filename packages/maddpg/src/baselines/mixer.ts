import { checkArgument, integerFrom1 } from '@paragrad/check';
import { Linear, Module, type Sequential } from '@paragrad/nn';
import {
  abs,
  add,
  aGenerator,
  clamp,
  exp,
  type Generator,
  relu,
  reshape,
  type Tensor,
} from '@paragrad/tensor';
import { perceptron } from '../networks/perceptron.js';

/**
 * QMIX's mixing network (Rashid et al. 2018, arXiv 1803.11485, section 4). It computes the team's value Q_tot from the
 * agents' values q [batch, n]. Its weights are the outputs of hypernetworks, whose input is the state x [batch, state]:
 *
 *     h     = elu(q |W(x)| + b(x))       W(x) [batch, n, size], b(x) [batch, size]
 *     Q_tot = h · |w(x)| + v(x)          w(x) [batch, size], v(x) [batch, 1], the state's own value
 *
 * Q_tot never falls when a q_i rises, because the weights |W| and |w| are not negative and elu increases. W, b and w
 * are linear layers; v has one hidden layer with ReLU.
 */
export class Mixer extends Module<[q: Tensor, x: Tensor]> {
  /** The hypernetwork W: x [batch, state] -> [batch, n * size] */
  readonly weights: Linear;
  /** The hypernetwork b: x [batch, state] -> [batch, size] */
  readonly biases: Linear;
  /** The hypernetwork w: x [batch, state] -> [batch, size] */
  readonly lastWeights: Linear;
  /** v: x [batch, state] -> [batch, 1] */
  readonly stateValue: Sequential;

  /**
   * QMIX's mixing network: q [batch, agents], x [batch, stateSize] -> Q_tot [batch, 1].
   *
   * @throws ArgumentError if a number is not an integer of at least 1, or there is no generator.
   */
  constructor(
    /** The number of agents, n. */
    readonly agents: number,
    stateSize: number,
    /** The width of h; 32 in the paper. */
    readonly size: number,
    generator: Generator,
  ) {
    super();
    for (const [name, value] of Object.entries({ agents, stateSize, size })) {
      checkArgument('Mixer', name, value, integerFrom1);
    }
    checkArgument('Mixer', 'generator', generator, aGenerator);
    this.weights = new Linear(stateSize, agents * size, { generator });
    this.biases = new Linear(stateSize, size, { generator });
    this.lastWeights = new Linear(stateSize, size, { generator });
    this.stateValue = perceptron([stateSize, size, 1], generator);
  }

  /** q [batch, n], x [batch, state] -> Q_tot [batch, 1] */
  forward(q: Tensor, x: Tensor): Tensor {
    const { agents, size } = this;
    const rows = q.shape[0];
    const weights = reshape(abs(this.weights.forward(x)), [rows, agents, size]);
    const mixed = reshape(q, [rows, agents, 1]).mul(weights).sum({ axis: 1 });
    const h = elu(mixed.add(this.biases.forward(x)));
    const sum = h.mul(abs(this.lastWeights.forward(x))).sum({ axis: 1, keepDim: true });
    return sum.add(this.stateValue.forward(x));
  }
}

/**
 * x where x > 0, else e^x - 1 (Clevert et al. 2016, arXiv 1511.07289). Not the `elu` of tensor, whose expm1 has other last bits: runs
 * of earlier versions would not be repeated.
 */
function elu(x: Tensor): Tensor {
  return add(relu(x), exp(clamp(x, { max: 0 })).sub(1));
}
