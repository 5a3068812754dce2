import {
  ArgumentError,
  checkArgument,
  checkOptions,
  either,
  type OptionChecks,
  oneOf,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { isKeepingValues } from '../autograd/modes.js';
import { defineOp, type Op } from '../autograd/record.js';
import type { FusedActivation, MatmulForm, MatmulProduct } from '../kernels/kernel-set.js';
import { currentKernels } from '../kernels/select.js';
import { broadcastShapes, formatShape, type Shape, sameShape, sizeOf } from '../shape.js';
import { empty, Tensor } from '../tensor.js';
import { fusable } from './activation.js';
import { add } from './arithmetic.js';
import { concat, narrow, putSlice } from './slicing.js';
import { broadcastTo, reshape, squeeze, sumToSize, unsqueeze } from './view.js';

/** Options of `matmul`. At most one operand can be transposed. */
export interface MatmulOptions {
  /** Multiply with A's transpose. Default false. */
  transposeA?: boolean;
  /** Multiply with B's transpose. Default false. */
  transposeB?: boolean;
}

const matmulOptions: OptionChecks<MatmulOptions> = { transposeA: trueOrFalse, transposeB: trueOrFalse };

/**
 * The matrix product of a [..., m, k] and b [..., k, n]; the result is [..., m, n]. The axes before the last two are
 * batch axes, and broadcast. With `transposeA`, a is [..., k, m]; with `transposeB`, b is [..., n, k]; neither is
 * copied. A vector counts as a row on the left, and as a column on the right, and the result lacks that axis: two vectors
 * give their dot product.
 *
 * @throws ShapeError if the inner sizes differ, or a tensor is a single number; ArgumentError if the dtypes differ.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkArgument('matmul', 'a', a, aTensor);
  checkArgument('matmul', 'b', b, aTensor);
  checkOptions('matmul', options, matmulOptions);
  const { transposeA = false, transposeB = false } = options;
  if (transposeA && transposeB) {
    throw new ArgumentError(
      'matmul: both operands are transposed; Aᵀ Bᵀ = (B A)ᵀ, so multiply b by a and transpose the result',
    );
  }
  if (a.rank < (transposeA ? 2 : 1) || b.rank < (transposeB ? 2 : 1)) {
    throw new ShapeError(
      `matmul: ${formatShape(a.shape)} x ${formatShape(b.shape)}; give vectors, matrices, or batches of them, and transpose no vector`,
    );
  }
  if (a.rank === 1) return squeeze(matmul(unsqueeze(a, 0), b, options), b.rank === 1 ? 0 : -2);
  if (b.rank === 1) return squeeze(matmul(a, unsqueeze(b, 1), options), -1);
  const op = transposeA ? matmulTN : transposeB ? matmulNT : matmulNN;
  if (a.rank === 2 && b.rank === 2) return op([a, b]);
  const batch = broadcastShapes('matmul, batch axes', batchOf(a), batchOf(b));
  return op([withBatch(a, batch), withBatch(b, batch)]);
}

const batchOf = ({ shape }: Tensor): Shape => shape.slice(0, -2);

function withBatch(x: Tensor, batch: Shape): Tensor {
  return sameShape(batchOf(x), batch) ? x : broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
}

// The three forms are closed under differentiation: the gradients of each are products of the other two forms. So no
// transpose is copied in the backward pass either.

type Pair = [a: Tensor, b: Tensor];
type MatmulOp = Op<Pair, void>;

/** C = A B;  dA = dC Bᵀ,  dB = Aᵀ dC */
const matmulNN: MatmulOp = defineOp<Pair>('matmul', {
  forward: ([a, b]) => multiply('nn', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNT([dc, b]), (dc, { inputs: [a] }) => matmulTN([a, dc])],
});

/** C = A Bᵀ;  dA = dC B,  dB = dCᵀ A */
const matmulNT: MatmulOp = defineOp<Pair>('matmulNT', {
  forward: ([a, b]) => multiply('nt', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNN([dc, b]), (dc, { inputs: [a] }) => matmulTN([dc, a])],
});

/** C = Aᵀ B;  dA = B dCᵀ,  dB = A dC */
const matmulTN: MatmulOp = defineOp<Pair>('matmulTN', {
  forward: ([a, b]) => multiply('tn', a, b),
  gradient: [(dc, { inputs: [, b] }) => matmulNT([b, dc]), (dc, { inputs: [a] }) => matmulNN([a, dc])],
});

/** Options of `linear`. */
export interface LinearOpOptions {
  /** Applied to the result. Default: none. */
  activation?: FusedActivation;
}
const tensorOrTensors = either(aTensor, someTensors);
const linearOptions: OptionChecks<LinearOpOptions> = { activation: oneOf('relu', 'tanh') };

/**
 * A linear layer, x Wᵀ + b: for x [..., in], weight [out, in] (PyTorch's layout) and bias [out], the result is
 * [..., out]. An `activation` is applied in the same pass; in the graph it is a separate op. Several x work as if concatenated
 * along the last axis, but they are not copied: each has a gradient of its own, from its columns of the weight.
 *
 * @throws ShapeError if the last axis of x is not in long, or the bias does not fit the weight.
 */
export function linear(
  x: Tensor | readonly Tensor[],
  weight: Tensor,
  bias?: Tensor,
  options: LinearOpOptions = {},
): Tensor {
  checkArgument('linear', 'x', x, tensorOrTensors);
  checkArgument('linear', 'weight', weight, aTensor);
  if (bias !== undefined) checkArgument('linear', 'bias', bias, aTensor);
  checkOptions('linear', options, linearOptions);
  const { activation } = options;
  if (!(x instanceof Tensor)) return linearOfParts(x, weight, bias, activation);
  const [out, into] = weight.shape;
  if (weight.rank !== 2 || x.shape.at(-1) !== into) {
    throw new ShapeError(
      `linear: x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}; ` +
        'the weight is [out, in], and the last axis of x must have length in',
    );
  }
  if (bias && !sameShape(bias.shape, [out])) {
    throw new ShapeError(
      `linear: bias ${formatShape(bias.shape)} for weight ${formatShape(weight.shape)}; give one number for each output`,
    );
  }
  const rows = x.rank === 2 ? x : reshape(x, [sizeOf(x.shape.slice(0, -1)), into]);
  const y = activation ? affineThenActivation(activation, rows, weight, bias) : affine(rows, weight, bias);
  return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), out]);
}

/** X Wᵀ + b = X_1 W_1ᵀ + b + X_2 W_2ᵀ + ..., where W_j are the columns of W that belong to X_j */
function linearOfParts(
  parts: readonly Tensor[],
  weight: Tensor,
  bias: Tensor | undefined,
  activation: FusedActivation | undefined,
): Tensor {
  const shapes = parts.map(({ shape }) => formatShape(shape)).join(', ');
  const rows = parts[0]?.shape.slice(0, -1);
  if (!rows) throw new ArgumentError('linear: x is an empty array; give at least one tensor');
  if (!parts.every(({ shape }) => sameShape(shape.slice(0, -1), rows))) {
    throw new ShapeError(`linear: x ${shapes}; give equal shapes except for the last axis`);
  }
  const widths = parts.map(({ shape }) => shape.at(-1) ?? 0);
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (weight.rank !== 2 || total !== weight.shape[1]) {
    throw new ShapeError(
      `linear: x ${shapes} and weight ${formatShape(weight.shape)}; ` +
        'the weight is [out, in], and the last axes of all x together must have length in',
    );
  }
  let start = 0;
  const columns = widths.map((width): Columns => {
    start += width;
    return { start: start - width, length: width };
  });
  const activate = activation ? fusable[activation] : (y: Tensor) => y;
  if (isKeepingValues()) {
    // Separately: what does each part add?
    const part = (j: number) => narrow(weight, 1, columns[j].start, columns[j].length);
    return activate(parts.map((x, j) => linear(x, part(j), j === 0 ? bias : undefined)).reduce(add));
  }
  const matrices = rows.length === 1 ? parts : parts.map((x, j) => reshape(x, [sizeOf(rows), widths[j]]));
  const inputs = bias ? [...matrices, weight, bias] : [...matrices, weight];
  const y = activate(partsOp(inputs, { columns }));
  return rows.length === 1 ? y : reshape(y, [...rows, weight.shape[0]]);
}

/** Some columns of a matrix: W_j in W. */
interface Columns {
  readonly start: number;
  readonly length: number;
}

/** Y = X_1 W_1ᵀ + b + X_2 W_2ᵀ + ...;  dX_j = dY W_j,  dW_j = dYᵀ X_j,  db = dY summed over the batch. Inputs: the X_j, W and b. */
const partsOp = defineOp<readonly Tensor[], { columns: readonly Columns[] }>('linearOfParts', {
  forward(inputs, { columns }) {
    const [weight, bias] = inputs.slice(columns.length);
    const y = multiply('nt', inputs[0], weight, { bias, columns: columns[0] });
    for (let j = 1; j < columns.length; j++) {
      const product = multiply('nt', inputs[j], weight, { columns: columns[j] });
      currentKernels().binary.add(y.values, product.values, y.values);
    }
    return y;
  },
  gradient:
    (index) =>
    (dy, { inputs, attrs: { columns } }) => {
      const count = columns.length;
      if (index < count) return timesColumns([dy, inputs[count]], columns[index]);
      if (index > count) return sumToSize(dy, inputs[index].shape);
      const gradients = columns.map((_, j) => matmulTN([dy, inputs[j]]));
      return concat(gradients, 1);
    },
});

/** C = A B_j, of some columns of B;  dA = dC B_jᵀ,  dB_j = Aᵀ dC */
const timesColumns: Op<Pair, Columns> = defineOp<Pair, Columns>('matmul', {
  forward: ([a, b], columns) => multiply('nn', a, b, { columns }),
  gradient: [
    (dc, { inputs: [, b], attrs: { start, length } }) => matmulNT([dc, narrow(b, 1, start, length)]),
    (dc, { inputs: [a, b], attrs: { start, length } }) =>
      putSlice([matmulTN([a, dc])], { axis: 1, start, step: 1, length, total: b.shape[1] }),
  ],
});

function affine(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return bias ? linearOp([x, weight, bias]) : matmulNT([x, weight]);
}

/**
 * One kernel in the forward pass, recorded as two ops: affine and activation. The value between the two is never stored,
 * because neither gradient needs it.
 */
function affineThenActivation(activation: FusedActivation, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const op = fusable[activation];
  if (isKeepingValues()) return op(affine(x, weight, bias)); // separately: which op gave a NaN, and what is in between?
  const y = multiply('nt', x, weight, { bias, activation });
  const between = y.withoutData();
  const z = bias
    ? linearOp.record([x, weight, bias], undefined, between)
    : matmulNT.record([x, weight], undefined, between);
  return op.record(z, y);
}

/** Y = X Wᵀ + b;  dX = dY W,  dW = dYᵀ X,  db = dY summed over the batch */
const linearOp = defineOp<[x: Tensor, weight: Tensor, bias: Tensor]>('linear', {
  forward: ([x, weight, bias]) => multiply('nt', x, weight, { bias }),
  gradient: [
    (dy, { inputs: [, weight] }) => matmulNN([dy, weight]),
    (dy, { inputs: [x] }) => matmulTN([dy, x]),
    (dy, { inputs: [, , bias] }) => sumToSize(dy, bias.shape),
  ],
});

interface ProductOptions {
  /** Added to every row, in the same pass. */
  bias?: Tensor | undefined;
  /** Applied after that, in the same pass. */
  activation?: FusedActivation | undefined;
  /** Multiplies only with these columns of b. */
  columns?: Columns | undefined;
}

/** Runs the kernel: once, or for each matrix of a batch. */
function multiply(form: MatmulForm, a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { bias, activation, columns } = options;
  const { m, k, n } = sizesOf(form, a, b, columns);
  const some = columns && { start: columns.start, total: b.shape[1] };
  const product: MatmulProduct = { form, m, k, n, bias: bias?.values, activation, columns: some };
  if (a.rank === 2) {
    const c = empty([m, n], a.dtype);
    currentKernels().matmul(product, a.values, b.values, c.values);
    return c;
  }
  const batch = batchOf(a);
  const c = empty([...batch, m, n], a.dtype);
  const nth = (x: Tensor, index: number, size: number) => x.values.subarray(index * size, (index + 1) * size);
  for (let i = 0; i < sizeOf(batch); i++) {
    currentKernels().matmul(product, nth(a, i, m * k), nth(b, i, k * n), nth(c, i, m * n));
  }
  return c;
}

/** For each form: the axis that is summed over, in A and in B, and the rule that an error explains. */
const SUMMED_AXES = {
  nn: { rule: 'the last axis of the left operand must equal the first of the right', inA: -1, inB: -2 },
  nt: { rule: 'the right operand is transposed, so the last axes of both must be equal', inA: -1, inB: -1 },
  tn: { rule: 'the left operand is transposed, so the first axes of both must be equal', inA: -2, inB: -2 },
} as const;

function sizesOf(
  form: MatmulForm,
  a: Tensor,
  b: Tensor,
  columns: Columns | undefined,
): { m: number; k: number; n: number } {
  if (columns) {
    // What calls with columns has checked the sizes.
    const [m, k] = a.shape;
    return { m, k, n: form === 'nt' ? b.shape[0] : columns.length };
  }
  const { rule, inA, inB } = SUMMED_AXES[form];
  const k = a.shape.at(inA)!;
  if (k !== b.shape.at(inB)) {
    throw new ShapeError(
      `matmul: inner sizes differ, ${formatShape(a.shape)} x ${formatShape(b.shape)}; ${rule}` +
        (a.rank > 2 ? ' (of the last two)' : ''),
    );
  }
  return { m: a.shape.at(-3 - inA)!, k, n: b.shape.at(-3 - inB)! };
}
