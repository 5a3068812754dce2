import { defineOp, type Gradient } from '../autograd/record.js';
import type { BinaryKernelName, UnaryKernelName } from '../kernels/kernel-set.js';
import { kernels } from '../kernels/select.js';
import { broadcastShapes, sameShape } from '../shape.js';
import { emptyLike, scalar, Tensor } from '../tensor.js';
import { broadcastTo } from './view.js';

/** Takes tensors that broadcast together, or numbers. */
export type BinaryOp = (a: Tensor | number, b: Tensor | number) => Tensor;
export type UnaryOp = (x: Tensor) => Tensor;

// In what follows dz stands for dL/dz. Broadcasting is an op of its own, with its own gradient (view.ts), so the
// gradients here only ever see operands of one shape.

/** z = a + b;  da = dz,  db = dz */
export const add: BinaryOp = binary('add', [(dz) => dz, (dz) => dz]);

/** z = a - b;  da = dz,  db = -dz */
export const sub: BinaryOp = binary('sub', [(dz) => dz, (dz) => neg(dz)]);

/** z = a b;  da = dz b,  db = dz a */
export const mul: BinaryOp = binary('mul', [
  (dz, { inputs: [, b] }) => mul(dz, b),
  (dz, { inputs: [a] }) => mul(dz, a),
]);

/** z = a / b;  da = dz / b,  db = -dz z / b */
export const div: BinaryOp = binary('div', [
  (dz, { inputs: [, b] }) => div(dz, b),
  (dz, { inputs: [, b], output: z }) => neg(div(mul(dz, z), b)),
]);

/** y = -x;  dx = -dy */
export const neg: UnaryOp = unary('neg', (dy) => neg(dy));

/** y = x²;  dx = 2 x dy */
export const square: UnaryOp = unary('square', (dy, { inputs: [x] }) => mul(mul(dy, x), 2));

/** y = max(x, 0);  dx = dy where x > 0, else 0 (at the kink too, as in PyTorch) */
export const relu: UnaryOp = unary('relu', (dy, { inputs: [x] }) => gate(dy, x));

/** z = a where b > 0, else 0;  da = dz where b > 0, else 0. Constant in b, but for the jump at 0. */
export const gate: BinaryOp = binary('gate', [(dz, { inputs: [, b] }) => gate(dz, b), 'no gradient']);

/** y = tanh x;  dx = dy (1 - y²) */
export const tanh: UnaryOp = unary('tanh', (dy, { output: y }) => sub(dy, mul(dy, square(y))));

function unary(name: UnaryKernelName, gradient: Gradient<[x: Tensor]>): UnaryOp {
  const op = defineOp<[x: Tensor]>(name, {
    forward([x]) {
      const y = emptyLike(x);
      kernels().unary[name](x.data, y.data);
      return y;
    },
    gradient: [gradient],
  });
  return (x) => op([x]);
}

type BinaryGradient = Gradient<[a: Tensor, b: Tensor]> | 'no gradient';

function binary(name: BinaryKernelName, gradient: [a: BinaryGradient, b: BinaryGradient]): BinaryOp {
  const op = defineOp<[a: Tensor, b: Tensor]>(name, {
    forward([a, b]) {
      const z = emptyLike(a);
      kernels().binary[name](a.data, b.data, z.data);
      return z;
    },
    gradient,
  });
  return (a, b) => op(broadcast(name, a, b));
}

/** Both operands as tensors of their common shape. A number takes the type of the other operand. */
function broadcast(op: string, a: Tensor | number, b: Tensor | number): [Tensor, Tensor] {
  const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : 'float32';
  const left = a instanceof Tensor ? a : scalar(a, dtype);
  const right = b instanceof Tensor ? b : scalar(b, dtype);
  const shape = broadcastShapes(op, left.shape, right.shape);
  return [
    sameShape(left.shape, shape) ? left : broadcastTo(left, shape),
    sameShape(right.shape, shape) ? right : broadcastTo(right, shape),
  ];
}
