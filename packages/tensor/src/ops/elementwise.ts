import { checkArgument, checkNoMore } from '@paragrad/check';
import { aTensorOrNumber } from '../argument-checks.js';
import { defineOp, type NoGradient, type OpGradient } from '../autograd/record.js';
import { constant } from '../create.js';
import type { BinaryKernelName, ParametricKernelName, UnaryKernelName } from '../kernels/kernel-set.js';
import { currentKernels } from '../kernels/select.js';
import { broadcastShapes, type Shape, sameShape } from '../shape.js';
import { emptyLike, Tensor } from '../tensor.js';
import { broadcastTo } from './view.js';

// Shared by the ops of arithmetic.ts, compare.ts and activation.ts: they compute element by element, on operands of the
// same shape.

/** An op with two operands, element by element: tensors that broadcast together, or numbers. */
export type BinaryOp = (a: Tensor | number, b: Tensor | number) => Tensor;
/** An op with one operand, element by element. The result has the shape of x. */
export type UnaryOp = (x: Tensor) => Tensor;

/** What `unary` makes. Callers see only a function. */
export interface FusableOp extends UnaryOp {
  /** Only records y = op(x), for a y that another kernel has computed already. */
  record(x: Tensor, y: Tensor): Tensor;
}

export function unary(name: UnaryKernelName, gradient: OpGradient<[x: Tensor]> | NoGradient): FusableOp {
  const op = defineOp<[x: Tensor]>(name, {
    forward([x]) {
      const y = emptyLike(x);
      currentKernels().unary[name](x.values, y.values);
      return y;
    },
    gradient: [gradient],
  });
  const run = function (x: Tensor): Tensor {
    if (arguments.length > 1) checkNoMore(name, arguments, 1);
    return op([x]);
  };
  return Object.assign(run, { record: (x: Tensor, y: Tensor) => op.record([x], undefined, y) });
}

type BinaryGradient = OpGradient<[a: Tensor, b: Tensor]> | NoGradient;

export function binary(name: BinaryKernelName, gradient: [a: BinaryGradient, b: BinaryGradient]): BinaryOp {
  const op = defineOp<[a: Tensor, b: Tensor]>(name, {
    forward([a, b]) {
      const z = emptyLike(a);
      currentKernels().binary[name](a.values, b.values, z.values);
      return z;
    },
    gradient,
  });
  return function (a, b) {
    if (arguments.length > 2) checkNoMore(name, arguments, 2);
    // Most calls are of these two kinds, and need none of what `broadcast` looks at.
    if (a instanceof Tensor && b instanceof Tensor && sameShape(a.shape, b.shape)) return op([a, b]);
    if (a instanceof Tensor && typeof b === 'number') return op([a, constant(a.shape, b, a.dtype)]);
    return op(broadcast(name, a, b));
  };
}

/** The forward of an op with one operand and one or two numbers as parameters. */
export function parametric(name: ParametricKernelName, x: Tensor, p: number, q = 0): Tensor {
  const y = emptyLike(x);
  currentKernels().parametric[name](x.values, y.values, p, q);
  return y;
}

/**
 * Converts the operands to tensors of their common shape; numbers get the dtype of the first tensor. Broadcasting is a
 * separate op with its own gradient (view.ts), so the operands in elementwise gradients always have the same shape.
 */
export function broadcast<Operands extends readonly (Tensor | number)[]>(
  op: string,
  ...operands: Operands
): { [K in keyof Operands]: Tensor } {
  let first: Tensor | undefined;
  let shape: Shape = [];
  for (const operand of operands) {
    if (typeof operand === 'number') continue;
    if (!(operand instanceof Tensor)) checkArgument(op, 'an operand', operand, aTensorOrNumber);
    shape = first ? broadcastShapes(op, shape, operand.shape) : operand.shape;
    first ??= operand;
  }
  const dtype = first?.dtype ?? 'float32';
  return operands.map((operand) => {
    if (typeof operand === 'number') return constant(shape, operand, dtype);
    return sameShape(operand.shape, shape) ? operand : broadcastTo(operand, shape);
  }) as { [K in keyof Operands]: Tensor };
}
