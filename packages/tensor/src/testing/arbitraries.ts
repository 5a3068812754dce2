import fc, { type Arbitrary } from 'fast-check';
import { type Shape, sizeOf } from '../shape.js';
import { Tensor } from '../tensor.js';

export interface ShapeConstraints {
  /** Default 0. */
  minRank?: number;
  /** Default 3. */
  maxRank?: number;
  /** Default 4. */
  maxLength?: number;
}

/** Shapes without empty axes. Axes of length 1 are frequent, because they broadcast. */
export function shapes({
  minRank = 0,
  maxRank = 3,
  maxLength = 4,
}: ShapeConstraints = {}): Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: maxLength })), {
    minLength: minRank,
    maxLength: maxRank,
  });
}

/** Two shapes that broadcast together. Either may have axes of length 1, or lack axes in front. */
export function broadcastableShapes(constraints: ShapeConstraints = {}): Arbitrary<[Shape, Shape]> {
  const side = (shape: readonly number[]): Arbitrary<Shape> =>
    fc
      .tuple(
        fc.nat({ max: shape.length }),
        fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      )
      .map(([dropped, stretched]) =>
        shape.map((length, axis) => (stretched[axis] ? 1 : length)).slice(dropped),
      );
  return shapes(constraints).chain((shape) =>
    fc.tuple(side(shape), side(shape)).map(([a, b]): [Shape, Shape] => [a, b]),
  );
}

export interface NumberConstraints {
  /** Default -2. */
  min?: number;
  /** Default 2. */
  max?: number;
  /** The smallest absolute value, for ops with a kink or a pole at 0. Default 0. */
  awayFromZero?: number;
}

/** Float64 tensors of the given shape. */
export function tensors(
  shape: Shape,
  { min = -2, max = 2, awayFromZero = 0 }: NumberConstraints = {},
): Arbitrary<Tensor> {
  const size = sizeOf(shape);
  if (awayFromZero > Math.max(max, -min)) {
    throw new Error(
      `tensors: no number from ${min} to ${max} has an absolute value of ${awayFromZero} or more; widen the range`,
    );
  }
  const pushAway = (x: number) =>
    max < awayFromZero || (x < 0 && -min >= awayFromZero) ? -awayFromZero : awayFromZero;
  return fc
    .array(
      fc.double({ min, max, noNaN: true }).map((x) => (Math.abs(x) < awayFromZero ? pushAway(x) : x)),
      { minLength: size, maxLength: size },
    )
    .map((numbers) => new Tensor(Float64Array.from(numbers), shape));
}
