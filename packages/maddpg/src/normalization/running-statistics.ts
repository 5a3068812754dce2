import { Module } from '@paragrad/nn';
import { filled, type Tensor, zeros } from '@paragrad/tensor';

/** Where normalized numbers are cut off, and what is added to a variance: both as in OpenAI's baselines (VecNormalize). */
const CLIP = 10;
const EPS = 1e-8;

/**
 * Mean and variance of each column of all rows that were ever added, in float64, with none of the rows kept: Chan, Golub,
 * LeVeque 1979 ("Updating formulae and a pairwise algorithm for computing sample variances"), which for a single row is
 * Welford's method. Before the first row they are 0 and 1.
 */
export class RunningStatistics extends Module {
  readonly #count = zeros([1], { dtype: 'float64' });
  readonly #mean: Tensor;
  /** Sums of squared distances from the mean. */
  readonly #squares: Tensor;

  /** @param width columns of a row. */
  constructor(readonly width: number) {
    super();
    this.#mean = zeros([width], { dtype: 'float64' });
    this.#squares = zeros([width], { dtype: 'float64' });
  }

  protected override ownBuffers(): [string, Tensor][] {
    return Object.entries({ count: this.#count, mean: this.#mean, squares: this.#squares });
  }

  /** How many rows there were. */
  get count(): number {
    return this.#count.data[0];
  }

  /** Of each column. */
  get mean(): number[] {
    return Array.from(this.#mean.data);
  }

  /** Of each column: the mean squared distance from its mean. */
  get variance(): number[] {
    const { count } = this;
    return Array.from(this.#squares.data, (squares) => (count > 0 ? squares / count : 1));
  }

  /** Adds rows, one after the other: [rows * width]. It is all the same how they are divided into calls. */
  add(rows: ArrayLike<number>): void {
    const { width, count } = this;
    const added = rows.length / width;
    if (!Number.isInteger(added) || added === 0) {
      throw new Error(`RunningStatistics: ${rows.length} numbers; give whole rows of ${width}`);
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
      throw new Error('RunningStatistics: NaN or infinite numbers, or too large to square; none was added');
    }
    this.#count.update((data) => data.fill(count + added));
    this.#mean.update((data) => data.set(means));
    this.#squares.update((data) => data.set(squares));
  }

  /** (x - mean) / sqrt(variance + 1e-8), cut off at ±10: x [batch, width] -> [batch, width] */
  forward(x: Tensor): Tensor {
    const { width, mean } = this;
    const deviation = this.variance.map((variance) => Math.sqrt(variance + EPS));
    const given = x.data;
    return filled(
      x.shape,
      (data) => {
        for (let at = 0; at < data.length; at++) {
          const normalized = (given[at] - mean[at % width]) / deviation[at % width];
          data[at] = Math.max(-CLIP, Math.min(CLIP, normalized));
        }
      },
      { dtype: x.dtype },
    );
  }
}
