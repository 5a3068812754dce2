import { defineOp, type Gradient } from '../autograd/record.js';
import type { BinaryKernelName, ParametricKernelName, UnaryKernelName } from '../kernels/kernel-set.js';
import { kernels } from '../kernels/select.js';
import { broadcastShapes, sameShape } from '../shape.js';
import { emptyLike, full, Tensor } from '../tensor.js';
import { broadcastTo } from './view.js';

// How the ops of arithmetic.ts, compare.ts and activation.ts run: element by element, on operands of one shape.

/** Takes tensors that broadcast together, or numbers. */
export type BinaryOp = (a: Tensor | number, b: Tensor | number) => Tensor;
export interface UnaryOp {
  (x: Tensor): Tensor;
  /** For an op that has computed y along with something else: leaves the record of y = op(x) alone. */
  record(x: Tensor, y: Tensor): Tensor;
}

export function unary(name: UnaryKernelName, gradient: Gradient<[x: Tensor]> | 'no gradient'): UnaryOp {
  const op = defineOp<[x: Tensor]>(name, {
    forward([x]) {
      const y = emptyLike(x);
      kernels().unary[name](x.values, y.values);
      return y;
    },
    gradient: [gradient],
  });
  return Object.assign((x: Tensor) => op([x]), {
    record: (x: Tensor, y: Tensor) => op.record([x], undefined, y),
  });
}

type BinaryGradient = Gradient<[a: Tensor, b: Tensor]> | 'no gradient';

export function binary(name: BinaryKernelName, gradient: [a: BinaryGradient, b: BinaryGradient]): BinaryOp {
  const op = defineOp<[a: Tensor, b: Tensor]>(name, {
    forward([a, b]) {
      const z = emptyLike(a);
      kernels().binary[name](a.values, b.values, z.values);
      return z;
    },
    gradient,
  });
  return (a, b) => op(broadcast(name, a, b));
}

/** The forward of an op with one or two numbers besides its operand. */
export function parametric(name: ParametricKernelName, x: Tensor, p: number, q = 0): Tensor {
  const y = emptyLike(x);
  kernels().parametric[name](x.values, y.values, p, q);
  return y;
}

/**
 * The operands as tensors of their common shape and, where they are numbers, of the first tensor's type. Broadcasting is
 * an op of its own, with its own gradient (view.ts), so elementwise gradients only ever see operands of one shape.
 */
export function broadcast<Operands extends readonly (Tensor | number)[]>(
  op: string,
  ...operands: Operands
): { [K in keyof Operands]: Tensor } {
  const tensors = operands.filter((operand) => operand instanceof Tensor);
  const shape = tensors
    .map((x) => x.shape)
    .reduce((a, b) => broadcastShapes(op, a, b), tensors[0]?.shape ?? []);
  const dtype = tensors[0]?.dtype ?? 'float32';
  return operands.map((operand) => {
    if (typeof operand === 'number') return full(shape, operand, { dtype });
    return sameShape(operand.shape, shape) ? operand : broadcastTo(operand, shape);
  }) as { [K in keyof Operands]: Tensor };
}
