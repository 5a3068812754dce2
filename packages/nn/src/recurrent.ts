import {
  checkArgument,
  checkOptions,
  integerFrom1,
  type OptionChecks,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import {
  aGenerator,
  aTensor,
  chunk,
  formatShape,
  type Generator,
  linear,
  sameShape,
  sigmoid,
  type Tensor,
  tanh,
  uniform,
  zeros,
} from '@paragrad/tensor';
import { checkWidth } from './check-width.js';
import { Module } from './module.js';

/** Options of `GRUCell`. */
export interface GRUCellOptions {
  /** Draws the initial weights. */
  generator: Generator;
  /** Default true. */
  bias?: boolean;
}

const gruOptions: OptionChecks<GRUCellOptions> = { generator: aGenerator, bias: trueOrFalse };

/**
 * One step of a gated recurrent unit (Cho et al. 2014, with the reset gate after the product):
 *
 *     r = σ(W_ir x + b_ir + W_hr h + b_hr)          what of the old state counts for the new candidate
 *     z = σ(W_iz x + b_iz + W_hz h + b_hz)          what of the old state stays
 *     n = tanh(W_in x + b_in + r (W_hn h + b_hn))   the candidate
 *     h' = (1 - z) n + z h
 *
 * Layout, names and initial values are those of PyTorch's `nn.GRUCell`: weight_ih [3 hidden, in] has the rows of r, z and n in
 * this order, and all weights are uniform in ±1/sqrt(hidden).
 */
export class GRUCell extends Module<[x: Tensor, h?: Tensor]> {
  /** `[3 hiddenSize, inputSize]`: what x is multiplied by, for the gates r, z and n. */
  readonly weightIh: Tensor;
  /** `[3 hiddenSize, hiddenSize]`: what h is multiplied by, for the gates r, z and n. */
  readonly weightHh: Tensor;
  /** `[3 hiddenSize]`; undefined with `bias: false`. */
  readonly biasIh?: Tensor;
  /** `[3 hiddenSize]`; undefined with `bias: false`. */
  readonly biasHh?: Tensor;

  constructor(
    /** The width of x. */
    readonly inputSize: number,
    /** The width of h. */
    readonly hiddenSize: number,
    options: GRUCellOptions,
  ) {
    super();
    checkArgument('GRUCell', 'inputSize', inputSize, integerFrom1);
    checkArgument('GRUCell', 'hiddenSize', hiddenSize, integerFrom1);
    checkOptions('GRUCell', options, gruOptions, ['generator']);
    const { generator, bias = true } = options;
    const bound = 1 / Math.sqrt(hiddenSize);
    const draw = (...shape: number[]) =>
      uniform(shape, generator, { low: -bound, high: bound, requiresGrad: true });
    this.weightIh = draw(3 * hiddenSize, inputSize);
    this.weightHh = draw(3 * hiddenSize, hiddenSize);
    if (bias) {
      this.biasIh = draw(3 * hiddenSize);
      this.biasHh = draw(3 * hiddenSize);
    }
  }

  /**
   * The next state [..., hidden], from x [..., in] and the state h [..., hidden], which is 0 by default.
   *
   * @throws ShapeError if x or h has another shape.
   */
  forward(x: Tensor, h?: Tensor): Tensor {
    checkArgument('GRUCell', 'x', x, aTensor);
    if (h !== undefined) checkArgument('GRUCell', 'h', h, aTensor);
    checkWidth(() => `GRUCell(${this.inputSize}, ${this.hiddenSize})`, 'x', x, this.inputSize);
    const shape = [...x.shape.slice(0, -1), this.hiddenSize];
    const state = h ?? zeros(shape, { dtype: x.dtype });
    if (!sameShape(state.shape, shape)) {
      throw new ShapeError(
        `GRUCell: x ${formatShape(x.shape)} and h ${formatShape(state.shape)}; here h must be ${formatShape(shape)}`,
      );
    }
    const [xr, xz, xn] = chunk(linear(x, this.weightIh, this.biasIh), 3, -1);
    const [hr, hz, hn] = chunk(linear(state, this.weightHh, this.biasHh), 3, -1);
    const r = sigmoid(xr.add(hr));
    const z = sigmoid(xz.add(hz));
    const n = tanh(xn.add(r.mul(hn)));
    return n.add(z.mul(state.sub(n))); // (1 - z) n + z h
  }
}
