import { ArgumentError, checkOptions, integerFrom0, integerFrom1 } from '@paragrad/check';
import fc, { type Arbitrary } from 'fast-check';
import { broadcastShapes, checkShape, type Shape, sizeOf } from '../shape.js';
import { Tensor } from '../tensor.js';
import { literal } from './literal.js';
import { type NumberConstraints, type NumberTable, numberTable } from './numbers.js';

/** How many axes, and how long. */
export interface ShapeConstraints {
  /** Default 0. */
  minRank?: number;
  /** Default 3, or `minRank` if that is more. */
  maxRank?: number;
  /** Default 4. */
  maxLength?: number;
}

/** Shapes without empty axes. Half of all axes have length 1, because these broadcast. */
export function shapes(constraints: ShapeConstraints = {}): Arbitrary<number[]> {
  return shapesWith('shapes', constraints, 1);
}

/** Two shapes that broadcast together. Either may have axes of length 1, or lack axes in front. */
export function broadcastableShapes(constraints: ShapeConstraints = {}): Arbitrary<[Shape, Shape]> {
  const changed = fc.constantFrom('neither', 'a', 'b');
  // Longer axes than those of `shapes`, because here they are shortened.
  return shapesWith('broadcastableShapes', constraints, 4).chain((shape) =>
    fc
      .tuple(
        fc.array(changed, { minLength: shape.length, maxLength: shape.length }),
        changed,
        fc.nat({ max: shape.length }),
      )
      .map(([shortened, lacking, missing]): [Shape, Shape] => {
        const side = (name: string) =>
          shape
            .map((length, axis) => (shortened[axis] === name ? 1 : length))
            .slice(lacking === name ? missing : 0);
        return [side('a'), side('b')];
      }),
  );
}

function shapesWith(caller: string, constraints: ShapeConstraints, weight: number): Arbitrary<number[]> {
  checkOptions(caller, constraints, {
    minRank: integerFrom0,
    maxRank: integerFrom0,
    maxLength: integerFrom1,
  });
  const { minRank = 0, maxRank = Math.max(3, minRank), maxLength = 4 } = constraints;
  if (minRank > maxRank) {
    throw new ArgumentError(
      `${caller}: minRank ${minRank} and maxRank ${maxRank}; give a maxRank of at least ${minRank}`,
    );
  }
  const longer = { weight, arbitrary: fc.integer({ min: Math.min(2, maxLength), max: maxLength }) };
  const axis = fc.oneof({ weight: 1, arbitrary: fc.constant(1) }, longer);
  // The largest rank is drawn more often, because it has the most ways to be wrong.
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.array(axis, { minLength: minRank, maxLength: maxRank }) },
    { weight: 1, arbitrary: fc.array(axis, { minLength: maxRank, maxLength: maxRank }) },
  );
}

/** One draw of so many tensors has only a few different numbers. */
const ONE_WITH_TIES = 4;

/**
 * Float64 tensors, of one shape or of random shapes: `tensors([2, 3])`, `tensors(shapes())`.
 *
 * The numbers are spread so that wrong gradients are found. Two of three lie on an even grid over the range, multiples
 * of 1/64 by default; one of three is 0, ±1, ±0.5, ±0.001, ±0.00001 or an edge of the range. In a range wider than -2 to
 * 2, half of the grid is there. One tensor of four has at most three different numbers, 0 and two short ones, so that elements are equal.
 * A counterexample shrinks to a part of the tensor and to short numbers such as 0.25, but never to a special number.
 *
 * At 0 and where elements are equal, some functions have a kink: see `awayFromZero`, `kinks`, {@link distinctTensors},
 * {@link tensorsApart}, and `allowKinks` of `gradcheck`.
 */
export function tensors(shape: Shape | Arbitrary<Shape>, numbers: NumberConstraints = {}): Arbitrary<Tensor> {
  const table = numberTable('tensors', numbers);
  const tensorsOf = (one: Shape) => fromTable(one, table);
  return shape instanceof fc.Arbitrary
    ? new ShrinksToParts(
        shape.chain((one) => fc.tuple(tensorsOf(one))),
        shape,
        numbersFrom(table),
      ).map(([x]) => x)
    : forShape('tensors', shape, tensorsOf);
}

/** Two tensors whose shapes broadcast together. The numbers are those of {@link tensors}. */
export function broadcastableTensors(
  shapeConstraints: ShapeConstraints = {},
  numbers: NumberConstraints = {},
): Arbitrary<[Tensor, Tensor]> {
  const table = numberTable('broadcastableTensors', numbers);
  const pairs = broadcastableShapes(shapeConstraints).chain(([a, b]) =>
    fc.tuple(fromTable(a, table), fromTable(b, table)),
  );
  return new ShrinksToParts(
    pairs,
    shapesWith('broadcastableTensors', shapeConstraints, 1),
    numbersFrom(table),
  ).map(([a, b]) => [a, b]);
}

/** Makes tensors of one shape, or of each of the shapes. */
export function forShape<T>(
  caller: string,
  shape: Shape | Arbitrary<Shape>,
  make: (shape: Shape) => Arbitrary<T>,
): Arbitrary<T> {
  if (shape instanceof fc.Arbitrary) return shape.chain(make);
  checkShape(caller, shape);
  return make(shape);
}

/** Tensors of a shape with numbers from the table. */
export function fromTable(shape: Shape, table: NumberTable): Arbitrary<Tensor> {
  const size = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
  return fc
    .oneof(
      { weight: ONE_WITH_TIES - 1, arbitrary: fc.array(numbersFrom(table), size) },
      { weight: 1, arbitrary: fc.array(new TableArbitrary(table.few, table.numbers), size) },
    )
    .map((numbers) => printable(shape, numbers));
}

const numbersFrom = (table: NumberTable) => new TableArbitrary(table.numbers, table.numbers);

/**
 * Tensors of random shapes that broadcast together. For smaller shapes, fast-check alone would draw new numbers, and lose the one
 * that matters. So they shrink to parts first, if the common shape of the parts is one of `shapes`.
 */
class ShrinksToParts extends fc.Arbitrary<Tensor[]> {
  readonly #all: Arbitrary<Tensor[]>;
  readonly #shapes: Arbitrary<Shape>;
  readonly #numbers: TableArbitrary;

  constructor(all: Arbitrary<Tensor[]>, shapes: Arbitrary<Shape>, numbers: TableArbitrary) {
    super();
    this.#all = all;
    this.#shapes = shapes;
    this.#numbers = numbers;
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Tensor[]> {
    return this.#all.generate(random, bias);
  }

  override canShrinkWithoutContext(value: unknown): value is Tensor[] {
    return Array.isArray(value) && value.every((x) => x instanceof Tensor);
  }

  override shrink(xs: Tensor[], context: unknown): fc.Stream<fc.Value<Tensor[]>> {
    const parts = partsOf(xs).filter((part) => this.#shapes.canShrinkWithoutContext(commonShape(part)));
    const others = context === undefined ? this.#withShorterNumbers(xs) : this.#all.shrink(xs, context);
    return fc.Stream.of(...parts.map((part) => new fc.Value(part, undefined))).join(others);
  }

  #withShorterNumbers(xs: Tensor[]): fc.Stream<fc.Value<Tensor[]>> {
    const places = xs.flatMap(({ size }, index) =>
      Array.from({ length: size }, (_, place) => [index, place]),
    );
    return fc.Stream.of(...places).flatMap(([index, place]) => {
      const { shape, data } = xs[index];
      return this.#numbers
        .shrink(data[place])
        .map(
          ({ value }) => new fc.Value(xs.with(index, printable(shape, data.with(place, value))), undefined),
        );
    });
  }
}

const commonShape = (xs: readonly Tensor[]): Shape =>
  xs.reduce<Shape>((shape, x) => broadcastShapes('tensors', shape, x.shape), []);

/** Both halves along each longer axis of the common shape, and the tensors without each axis of length 1. */
function partsOf(xs: readonly Tensor[]): Tensor[][] {
  return commonShape(xs).flatMap((length, axis, { length: rank }) => {
    const back = axis - rank; // shapes are aligned at the last axis
    const change = (part: (x: Tensor) => Tensor) =>
      xs.map((x) => {
        if (x.shape.at(back) !== length) return x;
        const { shape, data } = part(x);
        return printable(shape, data);
      });
    if (length === 1) return [change((x) => x.reshape(x.shape.toSpliced(back, 1)))];
    const half = Math.floor(length / 2);
    return [change((x) => x.narrow(back, 0, half)), change((x) => x.narrow(back, half, length - half))];
  });
}

/**
 * Draws from some of the numbers of a table, each with the same probability. (fast-check's own arbitraries would prefer
 * the ends.) A number shrinks to the first of the table, and to shorter numbers close to it.
 */
class TableArbitrary extends fc.Arbitrary<number> {
  readonly #drawn: readonly number[];
  readonly #table: readonly number[];

  constructor(drawn: readonly number[], table: readonly number[]) {
    super();
    this.#drawn = drawn;
    this.#table = table;
  }

  override generate(random: fc.Random): fc.Value<number> {
    return new fc.Value(this.#drawn[random.nextInt(0, this.#drawn.length - 1)], undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is number {
    return this.#table.includes(value as number);
  }

  override shrink(value: number): fc.Stream<fc.Value<number>> {
    const place = this.#table.indexOf(value);
    const rounded = [1, 2, 4, 8, 16, 32].map((parts) => Math.round(value * parts) / parts);
    const shorter = [this.#table[0], ...rounded, value - 0.25, value + 0.25].filter((x) => {
      const other = this.#table.indexOf(x);
      return other >= 0 && other < place;
    });
    return fc.Stream.of(...[...new Set(shorter)].map((x) => new fc.Value(x, undefined)));
  }
}

/** A float64 tensor that fast-check prints as code. */
export function printable(shape: Shape, numbers: ArrayLike<number>): Tensor {
  const x = new Tensor(Float64Array.from(numbers), shape);
  Object.defineProperty(x, fc.toStringMethod, { value: () => literal(x) });
  return x;
}
