import { ArgumentError, checkArgument, integerFrom1 } from '@paragrad/check';
import { Module } from '@paragrad/nn';
import { aTensor, filled, type Tensor, zeros } from '@paragrad/tensor';

// Both as in OpenAI's baselines (VecNormalize).
/** Normalized numbers are clipped to ±CLIP. */
const CLIP = 10;
/** Added to variances, so that none is 0. */
const EPS = 1e-8;

/** A normalization as numbers: clamp((x - mean) / deviation, ±limit). Without a limit nothing is clamped. */
export interface NormFormula {
  /** [width] */
  readonly mean: readonly number[];
  /** [width] */
  readonly deviation: readonly number[];
  /** The largest absolute value of a normalized number. Missing: no limit. */
  readonly limit?: number;
}

/**
 * The mean and variance of each column, over all rows added so far, in float64. It keeps none of the rows. The method
 * is from Chan, Golub, LeVeque 1979 ("Updating formulae and a pairwise algorithm for computing sample variances"); for
 * single rows it is Welford's. Before the first row the mean is 0 and the variance 1.
 */
export class RunningStatistics extends Module {
  readonly #count = zeros([1], { dtype: 'float64' });
  readonly #mean: Tensor;
  /** Sums of squared distances from the mean. */
  readonly #squares: Tensor;

  /**
   * The mean and variance of each column, over all rows [width] added so far.
   *
   * @throws ArgumentError if the width is not an integer of at least 1.
   */
  constructor(
    /** How many numbers a row has. */
    readonly width: number,
  ) {
    super();
    checkArgument('RunningStatistics', 'width', width, integerFrom1);
    this.#mean = zeros([width], { dtype: 'float64' });
    this.#squares = zeros([width], { dtype: 'float64' });
  }

  protected override ownBuffers(): [string, Tensor][] {
    return Object.entries({ count: this.#count, mean: this.#mean, squares: this.#squares });
  }

  /** Rows added so far. */
  get count(): number {
    return this.#count.data[0];
  }

  /** The mean of each column: [width] */
  get mean(): number[] {
    return Array.from(this.#mean.data);
  }

  /** The mean squared distance of each column from its mean: [width] */
  get variance(): number[] {
    const { count } = this;
    return Array.from(this.#squares.data, (squares) => (count > 0 ? squares / count : 1));
  }

  /** What `forward` computes. */
  get formula(): NormFormula {
    return { mean: this.mean, deviation: this.variance.map((v) => Math.sqrt(v + EPS)), limit: CLIP };
  }

  /**
   * Adds rows, given one after the other: [rows * width]. How they are split into calls does not matter.
   *
   * @throws ArgumentError on incomplete rows, and on numbers that are not finite or too large to square.
   */
  add(rows: ArrayLike<number>): void {
    const { width, count } = this;
    const added = rows?.length / width;
    if (!Number.isInteger(added) || added === 0) {
      throw new ArgumentError(
        `RunningStatistics: got ${rows?.length} numbers; give complete rows of ${width}`,
      );
    }
    const means = this.mean;
    const squares = Array.from(this.#squares.data);
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let at = column; at < rows.length; at += width) sum += rows[at];
      const mean = sum / added;
      for (let at = column; at < rows.length; at += width) squares[column] += (rows[at] - mean) ** 2;

      const distance = mean - means[column];
      means[column] += (distance * added) / (count + added);
      squares[column] += (distance ** 2 * count * added) / (count + added);
    }
    if (!squares.every(Number.isFinite)) {
      throw new ArgumentError(
        'RunningStatistics: numbers are NaN, infinite or too large to square; give smaller finite numbers (none was added)',
      );
    }
    this.#count.update((data) => data.fill(count + added));
    this.#mean.update((data) => data.set(means));
    this.#squares.update((data) => data.set(squares));
  }

  /** (x - mean) / sqrt(variance + 1e-8), clipped to ±10: x [batch, width] -> [batch, width]. No gradient. */
  forward(x: Tensor): Tensor {
    checkArgument('RunningStatistics', 'x', x, aTensor);
    const { width } = this;
    const { mean, deviation } = this.formula;
    const numbers = x.data;
    return filled(
      x.shape,
      (data) => {
        for (let at = 0; at < data.length; at++) {
          const normalized = (numbers[at] - mean[at % width]) / deviation[at % width];
          data[at] = Math.max(-CLIP, Math.min(CLIP, normalized));
        }
      },
      { dtype: x.dtype },
    );
  }
}
