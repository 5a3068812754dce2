/**
 * Checks the gradient of every op, and the gradient of that gradient, with finite differences in float64, on random
 * shapes. Also contains the samples that several test files use.
 */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, grad, narrow, permute, type Shape, Tensor, tensor } from '../../src/index.js';
import type * as ops from '../../src/ops/index.js';
import { sizeOf } from '../../src/shape.js';
import {
  type GradcheckOptions,
  gradcheck,
  gradgradcheck,
  type NumberConstraints,
  shapes,
  tensors,
} from '../../src/testing/index.js';

export interface Sample {
  f: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
  options?: GradcheckOptions;
}

/** An op through which no gradient flows. */
interface Constant {
  constant: (x: Tensor) => Tensor;
}

/** One entry for every op of `ops/index.ts` that the source file exports: a missing one does not compile. */
type Samples<Source> = { [Op in keyof Source & keyof typeof ops]: Arbitrary<Sample> | Constant };

/** Defines the tests of all ops of one source file. */
export function checkGradients<Source>(samples: Samples<Source>): void {
  for (const [op, sample] of Object.entries<Arbitrary<Sample> | Constant>(samples)) {
    if ('constant' in sample) {
      test(`no gradient flows through ${op}`, () => {
        const x = tensor([-1, 0, 2], { dtype: 'float64', requiresGrad: true });
        const [dx] = grad(x.sum().add(sample.constant(x).mul(3).sum()), [x]);
        expect([...dx.data]).toEqual([1, 1, 1]);
      });
      continue;
    }
    describe(op, () => {
      test('gradient', () => {
        fc.assert(
          fc.property(sample, ({ f, inputs, options }) =>
            gradcheck(f, inputs, { allowUnused: true, ...options }),
          ),
        );
      });

      test('gradient of the gradient', () => {
        fc.assert(
          fc.property(sample, ({ f, inputs, options }) =>
            gradgradcheck(f, inputs, { allowUnused: true, ...options }),
          ),
        );
      });

      test('gradient through views of other tensors', () => {
        fc.assert(
          fc.property(sample, fc.boolean(), (direct, first) => {
            const { f, inputs } = throughViews(direct, first);
            gradcheck(f, inputs, { allowUnused: true, ...direct.options });
          }),
        );
      });
    });
  }
}

/** The same sample, but every other input is a transpose of its tensor, and the rest are parts of a larger tensor. */
function throughViews({ f, inputs }: Sample, transposedFirst: boolean): Sample {
  const views = inputs.map((x, k) => {
    const backwards = x.shape.map((_, axis) => x.rank - 1 - axis);
    if ((k % 2 === 0) === transposedFirst || x.rank === 0) {
      return { stored: permute(x, backwards), read: (y: Tensor) => permute(y, backwards) };
    }
    const rows = x.shape[0];
    return { stored: concat([x, x]), read: (y: Tensor) => narrow(y, 0, rows, rows) };
  });
  return {
    f: (...stored) => f(...stored.map((y, k) => views[k].read(y))),
    inputs: views.map(({ stored }) => stored),
  };
}

export const unary = (op: (x: Tensor) => Tensor, numbers: NumberConstraints = {}): Arbitrary<Sample> =>
  shapes().chain((shape) => tensors(shape, numbers).map((x) => ({ f: op, inputs: [x] })));

/** An op over some axes of the shape; also none or all of them. */
export const overAxes = (
  op: (x: Tensor, axis: number[], keepDim: boolean) => Tensor,
  numbers: (shape: Shape) => Arbitrary<Tensor> = tensors,
): Arbitrary<Sample> =>
  shapes().chain((shape) =>
    fc
      .tuple(numbers(shape), fc.subarray(shape.map((_, axis) => axis)), fc.boolean())
      .map(([x, axis, keepDim]) => ({ f: (y) => op(y, axis, keepDim), inputs: [x] })),
  );

/** Distinct numbers, for ops with a kink at ties. */
export const distinct = (shape: Shape): Arbitrary<Tensor> => {
  const ranks = Array.from({ length: sizeOf(shape) }, (_, k) => k);
  return fc.shuffledSubarray(ranks, { minLength: ranks.length }).map(
    (order) =>
      new Tensor(
        Float64Array.from(order, (rank) => rank / 4 - 1),
        shape,
      ),
  );
};

/** A shape and one of its axes. */
export const withAxis = shapes({ minRank: 1 }).chain((shape) =>
  fc.nat({ max: shape.length - 1 }).map((axis) => ({ shape, axis })),
);

/** Multiples of 0.25 plus `offset`. Different offsets keep two operands, or an operand and a bound, apart. */
export const stepped = (shape: Shape, offset: number): Arbitrary<Tensor> =>
  tensors(shape).map(
    (x) =>
      new Tensor(
        x.data.map((value) => Math.round(4 * value) / 4 + offset),
        shape,
      ),
  );

export const lengths = fc.integer({ min: 1, max: 5 });

export const indices = (count: number, length: number): Arbitrary<number[]> =>
  fc.array(fc.nat({ max: length - 1 }), { minLength: count, maxLength: count });

export const masks = (shape: Shape): Arbitrary<Tensor> =>
  indices(sizeOf(shape), 2).map((bits) => new Tensor(Float64Array.from(bits), shape));
