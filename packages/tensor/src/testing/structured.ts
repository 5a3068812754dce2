import {
  ArgumentError,
  above0,
  type Check,
  checkArgument,
  checkOptions,
  finite,
  integerFrom0,
  integerFrom1,
  listOf,
} from '@paragrad/check';
import fc, { type Arbitrary } from 'fast-check';
import type { Indices } from '../ops/indexing.js';
import { aShape, formatShape, type Shape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { broadcastableShapes, forShape, fromTable, printable } from './arbitraries.js';
import { bySimplicity, multiples, type NumberConstraints, numberTable, tableOf } from './numbers.js';

/** The range of the numbers, and how far apart they are. */
export interface GapConstraints {
  /** Default -2. */
  min?: number;
  /** Default 2. */
  max?: number;
  /** Numbers that meet differ by at least this. Default 1/16. */
  gap?: number;
}

const someShapes: Check<readonly Shape[]> = listOf(aShape);

const GAP_CHECKS = { min: finite, max: finite, gap: above0 };

/**
 * Several tensors whose elements differ by at least `gap` wherever they meet, also after broadcasting. For ops with a
 * kink where operands are equal, such as `maximum`. The shapes default to two that broadcast together. The numbers of
 * the n-th tensor are multiples of `gap` times the number of tensors, plus n times `gap`.
 *
 * @throws ArgumentError if the range has too few numbers.
 */
export function tensorsApart(
  shapes?: readonly [Shape, Shape] | Arbitrary<[Shape, Shape]>,
  constraints?: GapConstraints,
): Arbitrary<[Tensor, Tensor]>;
/**
 * Tensors of these shapes, any number of them, whose elements differ by at least `gap` wherever they meet.
 *
 * @throws ArgumentError if the range has too few numbers.
 */
export function tensorsApart(
  shapes: readonly Shape[] | Arbitrary<readonly Shape[]>,
  constraints?: GapConstraints,
): Arbitrary<Tensor[]>;
export function tensorsApart(
  shapes: readonly Shape[] | Arbitrary<readonly Shape[]> = broadcastableShapes(),
  constraints: GapConstraints = {},
): Arbitrary<Tensor[]> {
  checkOptions('tensorsApart', constraints, GAP_CHECKS);
  const { min = -2, max = 2, gap = 1 / 16 } = constraints;
  const make = (all: readonly Shape[]): Arbitrary<Tensor[]> =>
    fc.tuple(
      ...all.map((shape, index) => {
        const numbers = multiples('tensorsApart', all.length * gap, min, max, index * gap);
        if (numbers.length === 0) throw tooNarrow('tensorsApart', all.length, min, max, gap);
        return fromTable(shape, tableOf(numbers.sort(bySimplicity)));
      }),
    );
  if (shapes instanceof fc.Arbitrary) return shapes.chain(make);
  checkArgument('tensorsApart', 'shapes', shapes, someShapes);
  return make(shapes);
}

/**
 * Tensors whose own elements differ by at least `gap`. For ops with a kink where two elements are equal, such as `amax`
 * and sorting.
 *
 * @throws ArgumentError if the range has too few numbers.
 */
export function distinctTensors(
  shape: Shape | Arbitrary<Shape>,
  constraints: GapConstraints = {},
): Arbitrary<Tensor> {
  checkOptions('distinctTensors', constraints, GAP_CHECKS);
  const { min = -2, max = 2, gap = 1 / 16 } = constraints;
  const numbers = multiples('distinctTensors', gap, min, max).sort(bySimplicity);
  return forShape('distinctTensors', shape, (one) => {
    const size = sizeOf(one);
    if (numbers.length < size) throw tooNarrow('distinctTensors', size, min, max, gap);
    return fc
      .shuffledSubarray(numbers, { minLength: size, maxLength: size })
      .map((chosen) => printable(one, chosen));
  });
}

function tooNarrow(caller: string, count: number, min: number, max: number, gap: number): Error {
  return new ArgumentError(
    `${caller}: no ${count} numbers from ${min} to ${max} differ by ${gap} or more; widen the range or give a smaller gap`,
  );
}

/** Two matrices of shapes [m, k] and [k, n]. One pair of four is square. The numbers are those of `tensors`. */
export function matrixPairs(
  options: { maxLength?: number } = {},
  numbers: NumberConstraints = {},
): Arbitrary<[Tensor, Tensor]> {
  checkOptions('matrixPairs', options, { maxLength: integerFrom1 });
  const table = numberTable('matrixPairs', numbers);
  const length = fc.integer({ min: 1, max: options.maxLength ?? 4 });
  const square = length.map((size) => [size, size, size]);
  return fc
    .oneof({ weight: 3, arbitrary: fc.tuple(length, length, length) }, { weight: 1, arbitrary: square })
    .chain(([m, k, n]) => fc.tuple(fromTable([m, k], table), fromTable([k, n], table)));
}

/** Gradients are checked number by number, so larger matrices would take hours. */
const aSize: Check<number> = {
  inWords: 'an integer from 1 to 100',
  accepts: (value): value is number => integerFrom1.accepts(value) && value <= 100,
};

/** Cosine and sine of angles whose both are short fractions; the first turns nothing. */
const TURNS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [3 / 5, 4 / 5],
  [4 / 5, -3 / 5],
  [5 / 13, 12 / 13],
  [8 / 17, -15 / 17],
];

/**
 * Orthogonal matrices of shape [size, size], with determinant 1 or -1: products of rotations in each pair of axes, and
 * changes of sign. Shrinks to the identity.
 */
export function orthogonalMatrices(size: number): Arbitrary<Tensor> {
  checkArgument('orthogonalMatrices', 'size', size, aSize);
  const pairs = Array.from({ length: size }, (_, a) => a).flatMap((a) =>
    Array.from({ length: a }, (_, b) => [a, b]),
  );
  const turns = fc.tuple(...pairs.map(() => fc.constantFrom(...TURNS)));
  const signs = fc.array(fc.constantFrom<number>(1, -1), { minLength: size, maxLength: size });
  return fc.tuple(turns, signs).map(([angles, diagonal]) => {
    const q = diagonal.map((sign, row) => diagonal.map((_, column) => (row === column ? sign : 0)));
    angles.forEach(([cos, sin], k) => {
      const [i, j] = pairs[k];
      for (const row of q) [row[i], row[j]] = [cos * row[i] - sin * row[j], sin * row[i] + cos * row[j]];
    });
    return printable([size, size], q.flat());
  });
}

/**
 * Symmetric positive definite matrices L Lᵀ of shape [size, size], where L has numbers from 0.5 to 2 on its diagonal and
 * from -1 to 1 below. An op that reads only one triangle, or that assumes symmetry, must make its input symmetric before
 * `gradcheck`, which changes one element at a time.
 */
export function positiveDefiniteMatrices(size: number): Arbitrary<Tensor> {
  checkArgument('positiveDefiniteMatrices', 'size', size, aSize);
  const below = fromTable([size, size], numberTable('positiveDefiniteMatrices', { min: -1, max: 1 }));
  const diagonal = fromTable([size], numberTable('positiveDefiniteMatrices', { min: 0.5 }));
  return fc.tuple(below, diagonal).map(([{ data: entries }, { data: scale }]) => {
    const at = (row: number, column: number) =>
      row === column ? scale[row] : row > column ? entries[row * size + column] : 0;
    const product = Array.from({ length: size * size }, (_, place) => {
      const [row, column] = [Math.floor(place / size), place % size];
      return Array.from({ length: size }, (_, k) => at(row, k) * at(column, k)).reduce((a, b) => a + b);
    });
    return printable([size, size], product);
  });
}

/** Numbers above 0 that sum to 1 along the last axis. Some rows are almost one-hot, some are even. */
export function probabilities(shape: Shape | Arbitrary<Shape>): Arbitrary<Tensor> {
  return forShape('probabilities', shape, (one) => {
    const columns = lastAxis('probabilities', one);
    return fromTable(one, tableOf([1, 1, 1, 2, 3, 4, 5, 7, 20, 1000])).map(({ data: parts }) => {
      const totals = sumRows(parts, columns);
      return printable(
        one,
        Array.from(parts, (part, k) => part / totals[Math.floor(k / columns)]),
      );
    });
  });
}

function sumRows(numbers: ArrayLike<number>, columns: number): number[] {
  const totals: number[] = [];
  for (let k = 0; k < numbers.length; k++) {
    const row = Math.floor(k / columns);
    totals[row] = (totals[row] ?? 0) + numbers[k];
  }
  return totals;
}

/** One 1 in each row along the last axis, else 0. */
export function oneHots(shape: Shape | Arbitrary<Shape>): Arbitrary<Tensor> {
  return forShape('oneHots', shape, (one) => {
    const columns = lastAxis('oneHots', one);
    const rows = sizeOf(one) / columns;
    return indices([rows], columns).map(({ data: chosen }) =>
      printable(
        one,
        Array.from({ length: rows * columns }, (_, k) =>
          chosen[Math.floor(k / columns)] === k % columns ? 1 : 0,
        ),
      ),
    );
  });
}

function lastAxis(caller: string, shape: Shape): number {
  const columns = shape.at(-1);
  if (!columns) {
    throw new ArgumentError(
      `${caller}: shape ${formatShape(shape)} has no last axis to choose from; give [3], or [2, 3]`,
    );
  }
  return columns;
}

/**
 * Whole numbers from 0 to `length` - 1, to index an axis of this length. One draw of three repeats at most two indices,
 * so that gradients must be added up.
 */
export function indices(shape: Shape | Arbitrary<Shape>, length: number): Arbitrary<Indices> {
  checkArgument('indices', 'length', length, integerFrom1);
  return forShape('indices', shape, (one) => {
    const size = { minLength: sizeOf(one), maxLength: sizeOf(one) };
    const any = fc.noBias(fc.nat({ max: length - 1 }));
    const repeated = fc
      .tuple(any, any, fc.array(fc.boolean(), size))
      .map(([a, b, choices]) => choices.map((choice) => (choice ? a : b)));
    return fc
      .oneof({ weight: 2, arbitrary: fc.array(any, size) }, { weight: 1, arbitrary: repeated })
      .map((data) => ({ data, shape: one }));
  });
}

/** Some of the axes of a tensor of this rank, in order: none, one, several or all. Each has the probability 1/2. */
export function axes(rank: number): Arbitrary<number[]> {
  checkArgument('axes', 'rank', rank, integerFrom0);
  return fc
    .array(fc.noBias(fc.boolean()), { minLength: rank, maxLength: rank })
    .map((chosen) => chosen.flatMap((isChosen, axis) => (isChosen ? [axis] : [])));
}
