/** Random shapes, numbers and choices for random programs. */
import { Generator, Tensor } from '@paragrad/tensor';

/** A leaf, or an op on earlier nodes. Plain data, which in_pytorch.py reads, too. */
export type Node = { shape: number[]; data: number[] } | { op: string; of: number[]; args: object };

/**
 * `regular`: numbers of ordinary size, and ties. `special`: also 0, infinities and NaN. `extreme`: also huge and tiny ones.
 * `large`: regular numbers in matrices so large that threads share the work.
 */
export type Kind = 'regular' | 'special' | 'extreme' | 'large';

export class Draw {
  readonly nodes: Node[] = [];
  /** The value of each node, in float64. */
  readonly values: Tensor[] = [];
  readonly #generator: Generator;

  constructor(
    seed: number,
    readonly kind: Kind,
  ) {
    this.#generator = new Generator(seed);
  }

  /** A whole number from `low` to `high`. */
  int(low: number, high: number): number {
    return low + this.#generator.integer(high - low + 1);
  }

  bool(share = 0.5): boolean {
    return this.#generator.uniform() < share;
  }

  from<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)];
  }

  /** Any node; late ones more often, so that programs become deep. */
  any(): number {
    const { length } = this.values;
    return this.bool(0.6) ? length - 1 : this.int(0, length - 1);
  }

  /** A node whose value fulfills the condition, or else a new leaf. */
  where(condition: (x: Tensor) => boolean, otherwise: () => number): number {
    const found = this.values.flatMap((x, k) => (condition(x) ? [k] : []));
    return found.length > 0 && this.bool(0.8) ? this.from(found) : otherwise();
  }

  ofRank(min: number, max = 3): number {
    return this.where(
      ({ rank }) => rank >= min && rank <= max,
      () => this.leaf(this.shape(min, max)),
    );
  }

  ofShape(shape: readonly number[]): number {
    return this.where(
      (x) => String(x.shape) === String(shape),
      () => this.leaf(shape),
    );
  }

  /** Any node, but mostly one in whose domain logarithms are. */
  positive(): number {
    if (this.bool(0.1)) return this.any();
    return this.where(
      ({ data }) => data.every((value) => value > 0),
      () => this.leaf(this.shape(), () => this.int(1, 192) / 64),
    );
  }

  shape(min = 0, max = 3): number[] {
    const rank = this.kind !== 'large' ? this.int(min, max) : this.bool(0.6) ? 2 : this.int(min, 2);
    return Array.from({ length: rank }, () => this.length());
  }

  /** The length of an axis. */
  length(): number {
    return this.from(this.kind === 'large' ? [1, 64, 64, 280] : [1, 2, 2, 3, 3, 4]);
  }

  axis(node: number): number {
    const { rank } = this.values[node];
    return this.int(-rank, rank - 1);
  }

  /** Some axes; undefined stands for all. */
  axes(node: number): number[] | undefined {
    const all = this.values[node].shape.map((_, axis) => axis);
    return this.bool(0.3) ? undefined : all.filter(() => this.bool());
  }

  /** A shape that broadcasts to `shape`. */
  smaller(shape: readonly number[]): number[] {
    return shape
      .slice(this.bool(0.3) ? this.int(0, shape.length) : 0)
      .map((length) => (this.bool(0.3) ? 1 : length));
  }

  /** A node that broadcasts together with another. */
  partner(node: number): number {
    const { shape } = this.values[node];
    return this.where(
      (x) =>
        x.rank <= shape.length && x.shape.every((n, k) => n === 1 || n === shape[k + shape.length - x.rank]),
      () => this.leaf(this.smaller(shape)),
    );
  }

  indices(count: number, length: number): number[] {
    return Array.from({ length: count }, () => this.int(0, length - 1));
  }

  /** A new leaf. Its numbers are exact in float32. */
  leaf(shape: readonly number[], number?: () => number): number {
    const draw = number ?? this.#numbers();
    const data = Array.from({ length: shape.reduce((size, n) => size * n, 1) }, draw);
    this.values.push(new Tensor(Float64Array.from(data), shape));
    return this.nodes.push({ shape: [...shape], data }) - 1;
  }

  #numbers(): () => number {
    const ordinary = this.from([
      () => this.int(-2, 2), // ties, zeros
      () => this.int(-12, 12) / 4,
      () => this.int(-4096, 4096) / 1024,
    ]);
    if (this.kind === 'special') {
      return () => (this.bool(0.25) ? this.from([0, 1, -1, Infinity, -Infinity, NaN]) : ordinary());
    }
    if (this.kind === 'extreme') {
      return () =>
        this.bool(0.3) ? this.int(-3, 3) * 2 ** this.from([-140, -100, -60, -30, 30, 60, 100]) : ordinary();
    }
    return ordinary;
  }
}
