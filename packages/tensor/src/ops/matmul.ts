import { isDetecting } from '../autograd/modes.js';
import { defineOp, type Op } from '../autograd/record.js';
import type { Activation, MatmulForm, MatmulProduct } from '../kernels/kernel-set.js';
import { kernels } from '../kernels/select.js';
import { broadcastShapes, formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import { empty, Tensor } from '../tensor.js';
import { relu, tanh } from './activation.js';
import { add } from './arithmetic.js';
import { sum } from './reduce.js';
import { broadcastTo, narrow, reshape } from './view.js';

export interface MatmulOptions {
  /** Multiply with A's transpose. Default false. */
  transposeA?: boolean;
  /** Multiply with B's transpose. Default false. */
  transposeB?: boolean;
}

/**
 * The matrix product of a [..., m, k] and b [..., k, n], giving [..., m, n]; axes before the last two are a batch, and
 * broadcast. A transposed operand is read in place, never copied: with `transposeA` a is [..., k, m], with `transposeB`
 * b is [..., n, k]. Throws where the inner sizes differ.
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): Tensor {
  if (transposeA && transposeB) {
    throw new Error(
      'matmul: both operands transposed; Aᵀ Bᵀ = (B A)ᵀ, so multiply b by a and transpose the result',
    );
  }
  const op = transposeA ? matmulTN : transposeB ? matmulNT : matmulNN;
  if (a.rank < 2 || b.rank < 2) {
    throw new Error(
      `matmul: ${formatShape(a.shape)} x ${formatShape(b.shape)}; both operands must be matrices, or batches of them`,
    );
  }
  if (a.rank === 2 && b.rank === 2) return op([a, b]);
  const batch = broadcastShapes('matmul, batch axes', batchOf(a), batchOf(b));
  return op([withBatch(a, batch), withBatch(b, batch)]);
}

const batchOf = ({ shape }: Tensor): Shape => shape.slice(0, -2);

function withBatch(x: Tensor, batch: Shape): Tensor {
  return sameShape(batchOf(x), batch) ? x : broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
}

// The three forms are closed under differentiation: each one's gradients are products of the other forms, and no
// transpose is materialized on the way back either.

type Pair = [a: Tensor, b: Tensor];
type Product = Op<Pair, void>;

/** C = A B;  dA = dC Bᵀ,  dB = Aᵀ dC */
const matmulNN: Product = defineOp<Pair>('matmul', {
  forward: ([a, b]) => product('nn', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNT([dc, b]), (dc, { inputs: [a] }) => matmulTN([a, dc])],
});

/** C = A Bᵀ;  dA = dC B,  dB = dCᵀ A */
const matmulNT: Product = defineOp<Pair>('matmulNT', {
  forward: ([a, b]) => product('nt', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNN([dc, b]), (dc, { inputs: [a] }) => matmulTN([dc, a])],
});

/** C = Aᵀ B;  dA = B dCᵀ,  dB = A dC */
const matmulTN: Product = defineOp<Pair>('matmulTN', {
  forward: ([a, b]) => product('tn', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNT([b, dc]), (dc, { inputs: [a] }) => matmulNN([a, dc])],
});

/**
 * The affine map of a layer: x [..., in], weight [out, in] (PyTorch's layout), bias [out], giving [..., out].
 * An `activation` is applied in the same pass; in the graph it is an op of its own.
 *
 * Several x stand side by side, as if concatenated along the last axis. But none is copied, and each has a gradient of
 * its own: computed only if it is wanted, and only from those columns of the weight that it meets.
 */
export function linear(
  x: Tensor | readonly Tensor[],
  weight: Tensor,
  bias?: Tensor,
  { activation }: { activation?: Activation } = {},
): Tensor {
  if (!(x instanceof Tensor)) return linearOfParts(x, weight, bias, activation);
  const [out, into] = weight.shape;
  if (weight.rank !== 2 || x.shape.at(-1) !== into) {
    throw new Error(
      `linear: x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}; ` +
        "the weight is [out, in], and x's last axis must have length in",
    );
  }
  if (bias && !sameShape(bias.shape, [out])) {
    throw new Error(
      `linear: bias ${formatShape(bias.shape)} for weight ${formatShape(weight.shape)}; give one number for each output`,
    );
  }
  const rows = x.rank === 2 ? x : reshape(x, [-1, into]);
  const y = activation ? activated(activation, rows, weight, bias) : affine(rows, weight, bias);
  return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), out]);
}

/** X Wᵀ + b = X_1 W_1ᵀ + b + X_2 W_2ᵀ + ..., where W_j is the columns of W that X_j meets */
function linearOfParts(
  parts: readonly Tensor[],
  weight: Tensor,
  bias: Tensor | undefined,
  activation: Activation | undefined,
): Tensor {
  const rows = parts[0]?.shape.slice(0, -1);
  if (!rows || !parts.every(({ shape }) => sameShape(shape.slice(0, -1), rows))) {
    throw new Error(
      `linear: x ${parts.map(({ shape }) => formatShape(shape)).join(', ') || 'of no parts'}; give at least one, and all of the ` +
        'same shape but for the last axis',
    );
  }
  const widths = parts.map(({ shape }) => shape.at(-1) ?? 0);
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (weight.rank !== 2 || total !== weight.shape[1]) {
    throw new Error(
      `linear: x ${parts.map(({ shape }) => formatShape(shape)).join(', ')} and weight ${formatShape(weight.shape)}; ` +
        'the weight is [out, in], and the last axes of all x together must have length in',
    );
  }
  let start = 0;
  const products = parts.map((part, j) => {
    const columns = narrow(weight, 1, start, widths[j]);
    start += widths[j];
    return linear(part, columns, j === 0 ? bias : undefined);
  });
  const y = products.reduce(add);
  return activation ? ACTIVATIONS[activation](y) : y;
}

const ACTIVATIONS = { relu, tanh };

function affine(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return bias ? linearOp([x, weight, bias]) : matmulNT([x, weight]);
}

/**
 * One kernel forward, and the two ops that it stands for in the graph. What lies between them is never stored: the
 * gradient of neither needs it.
 */
function activated(activation: Activation, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const op = ACTIVATIONS[activation];
  if (isDetecting()) return op(affine(x, weight, bias)); // an anomaly is either's
  const y = product('nt', x, weight, { bias, activation });
  const between = y.withoutData();
  const z = bias
    ? linearOp.record([x, weight, bias], undefined, between)
    : matmulNT.record([x, weight], undefined, between);
  return op.record(z, y);
}

/** Y = X Wᵀ + b;  dX = dY W,  dW = dYᵀ X,  db = dY summed over the batch */
const linearOp = defineOp<[x: Tensor, weight: Tensor, bias: Tensor]>('linear', {
  forward: ([x, weight, bias]) => product('nt', x, weight, { bias }),
  gradient: [
    (dy, { inputs: [, weight] }) => matmulNN([dy, weight]),
    (dy, { inputs: [x] }) => matmulTN([dy, x]),
    (dy) => sum(dy, { axis: 0 }),
  ],
});

interface Then {
  bias?: Tensor | undefined;
  activation?: Activation | undefined;
}

function product(form: MatmulForm, a: Tensor, b: Tensor, { bias, activation }: Then = {}): Tensor {
  const { m, k, n } = sizes(form, a, b);
  const one: MatmulProduct = { form, m, k, n, bias: bias?.values, activation };
  if (a.rank === 2) {
    const c = empty([m, n], a.dtype);
    kernels().matmul(one, a.values, b.values, c.values);
    return c;
  }
  const batch = batchOf(a);
  const c = empty([...batch, m, n], a.dtype);
  const nth = (x: Tensor, index: number, size: number) => x.values.subarray(index * size, (index + 1) * size);
  for (let i = 0; i < sizeOf(batch); i++) {
    kernels().matmul(one, nth(a, i, m * k), nth(b, i, k * n), nth(c, i, m * n));
  }
  return c;
}

const ROLES = {
  nn: { rule: "the left operand's last axis must equal the right operand's first", inA: -1, inB: -2 },
  nt: {
    rule: 'with the right one transposed, the last axes of both operands must be equal',
    inA: -1,
    inB: -1,
  },
  tn: {
    rule: 'with the left one transposed, the first axes of both operands must be equal',
    inA: -2,
    inB: -2,
  },
} as const;

function sizes(form: MatmulForm, a: Tensor, b: Tensor): { m: number; k: number; n: number } {
  const { rule, inA, inB } = ROLES[form];
  const k = a.shape.at(inA)!;
  if (k !== b.shape.at(inB)) {
    throw new Error(
      `matmul: inner sizes differ, ${formatShape(a.shape)} x ${formatShape(b.shape)}; ${rule}` +
        (a.rank > 2 ? ' (of the last two)' : ''),
    );
  }
  return { m: a.shape.at(-3 - inA)!, k, n: b.shape.at(-3 - inB)! };
}
