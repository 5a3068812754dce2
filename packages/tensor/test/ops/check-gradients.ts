/** Tests every op with `checkOp` on random inputs. Also contains the samples that several test files use. */
import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { grad, type Shape, Tensor, tensor } from '../../src/index.js';
import type * as ops from '../../src/ops/index.js';
import {
  axes,
  type CheckOpOptions,
  checkOp,
  indices,
  type NumberConstraints,
  shapes,
  tensors,
} from '../../src/testing/index.js';

export interface Sample {
  /** Receives the inputs, and then the constants. */
  f: (...tensors: Tensor[]) => Tensor;
  inputs: Tensor[];
  /** Tensors without a gradient, such as masks. Default: none. */
  constants?: Tensor[];
}

/** Samples for which `checkOp` needs options. */
interface WithOptions {
  samples: Arbitrary<Sample>;
  options: CheckOpOptions;
}

/** An op through which no gradient flows. */
interface Constant {
  constant: (x: Tensor) => Tensor;
}

type List = [f: Sample['f'], constants: Tensor[], ...inputs: Tensor[]];
type Entry = Arbitrary<Sample> | WithOptions | Constant;

/** One entry for every op of `ops/index.ts` that the source file exports: a missing one does not compile. */
type Entries<Source> = { [Op in keyof Source & keyof typeof ops]: Entry };

/** Defines the tests of all ops of one source file. */
export function checkGradients<Source>(entries: Entries<Source>): void {
  for (const [op, entry] of Object.entries<Entry>(entries)) {
    if ('constant' in entry) {
      test(`no gradient flows through ${op}`, () => {
        const x = tensor([-1, 0, 2], { dtype: 'float64', requiresGrad: true });
        const [dx] = grad(x.sum().add(entry.constant(x).mul(3).sum()), [x]);
        expect([...dx.data]).toEqual([1, 1, 1]);
      });
      continue;
    }
    const { samples, options } = 'samples' in entry ? entry : { samples: entry, options: {} };
    const list = samples.map(({ f, inputs, constants = [] }): List => [f, constants, ...inputs]);
    test(op, () => checkOp((f, constants, ...inputs) => f(...inputs, ...constants), list, options));
  }
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
      .tuple(numbers(shape), axes(shape.length), fc.boolean())
      .map(([x, axis, keepDim]) => ({ f: (y) => op(y, axis, keepDim), inputs: [x] })),
  );

/** A shape and one of its axes. */
export const withAxis = shapes({ minRank: 1 }).chain((shape) =>
  fc.nat({ max: shape.length - 1 }).map((axis) => ({ shape, axis })),
);

export const lengths = fc.integer({ min: 1, max: 5 });

/** Zeros and ones. */
export const masks = (shape: Shape): Arbitrary<Tensor> =>
  indices(shape, 2).map(({ data }) => new Tensor(Float64Array.from(data), shape));
