/** A package with ops of its own. own-ops.test.ts compiles it with declarations, and tests its ops. */
import { defineOp, matmul, type Op, type OpCall, type OpGradient, type Tensor } from '@paragrad/tensor';

/** y = x³;  dx = 3 x² dy */
export const cube = defineOp<[x: Tensor]>('cube', {
  forward: ([x]) => x.mul(x).mul(x),
  gradient: [(dy, { inputs: [x] }) => dy.mul(x.square()).mul(3)],
});

/** y = e^(rate x);  dx = rate y dy, by the op itself */
export const grow: Op<[x: Tensor], { rate: number }> = defineOp('grow', {
  forward: ([x], { rate }) => x.mul(rate).exp(),
  gradient: [(dy, { inputs: [x], attrs }) => dy.mul(grow([x], attrs)).mul(attrs.rate)],
});

const toLeft: OpGradient<[a: Tensor, b: Tensor]> = (dz, { inputs: [, b] }) => matmul(dz, b);
const toRight = (dz: Tensor, { inputs: [a] }: OpCall<[a: Tensor, b: Tensor], void>) =>
  matmul(dz, a, { transposeA: true });

/** Z = A Bᵀ */
export const scores = defineOp<[a: Tensor, b: Tensor]>('scores', {
  forward: ([a, b]) => matmul(a, b, { transposeB: true }),
  gradient: [toLeft, toRight],
});

/** The sum of any number of tensors. */
export const total = defineOp<readonly Tensor[]>('total', {
  forward: (all) => all.reduce((a, b) => a.add(b)),
  gradient: () => (dy) => dy,
});
