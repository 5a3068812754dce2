import {
  ArgumentError,
  checkArgument,
  checkOptions,
  type OptionChecks,
  oneOf,
  ShapeError,
} from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { isKeepingValues, isRecording } from '../autograd/modes.js';
import { defineOp, type Op } from '../autograd/record.js';
import type { FusedActivation, MatmulForm } from '../kernels/kernel-set.js';
import { currentKernels } from '../kernels/select.js';
import { Storage } from '../memory/storage.js';
import { formatShape, sameShape, sizeOf } from '../shape.js';
import { empty, Tensor } from '../tensor.js';
import { fusable } from './activation.js';
import { matmul } from './matmul.js';
import { sum } from './reduce.js';
import { narrow } from './slicing.js';
import { reshape } from './view.js';

/** Options of `stackedLinear`. */
export interface StackedLinearOptions {
  /** Applied to the result. Default: none. */
  activation?: FusedActivation;
}
const stackedLinearOptions: OptionChecks<StackedLinearOptions> = { activation: oneOf('relu', 'tanh') };

/**
 * n linear layers of one shape side by side, y_k = x_k W_kᵀ + b_k, as `torch.vmap` of a linear layer. The n weights are
 * [out, in], and the n biases [out]. x is [n, batch, in], with a part for each layer, or [batch, in], which all layers
 * see. The result is [n, batch, out]. An `activation` is applied in the same pass; in the graph it is a separate op.
 *
 * @throws ShapeError if the weights differ in shape, or do not fit x or the biases.
 */
export function stackedLinear(
  x: Tensor,
  weights: readonly Tensor[],
  biases: readonly Tensor[] = [],
  options: StackedLinearOptions = {},
): Tensor {
  checkArgument('stackedLinear', 'x', x, aTensor);
  checkArgument('stackedLinear', 'weights', weights, someTensors);
  checkArgument('stackedLinear', 'biases', biases, someTensors);
  checkOptions('stackedLinear', options, stackedLinearOptions);
  checkShapes(x, weights, biases);
  const { activation } = options;
  const inputs = [x, ...weights, ...biases];
  const attrs = { n: weights.length };
  if (!activation) return affine(inputs, attrs);
  const op = fusable[activation];
  if (isKeepingValues()) return op(affine(inputs, attrs));
  const y = multiply('nt', inputs, attrs.n, activation);
  return op.record(affine.record(inputs, attrs, y.withoutData()), y);
}

/** x, n weights and, if there are any, n biases. */
type Inputs = readonly Tensor[];
type StackedOp = Op<Inputs, { readonly n: number }>;

/** Y_k = X_k W_kᵀ + b_k;  dX_k = dY_k W_k,  dW_k = dY_kᵀ X_k,  db_k = dY_k summed over the batch */
const affine: StackedOp = defineOp<Inputs, { readonly n: number }>('stackedLinear', {
  forward: (inputs, { n }) => multiply('nt', inputs, n),
  gradient(index) {
    if (index === 0) {
      return (dy, { inputs: [x, ...rest], attrs }) => {
        const dx = product([dy, ...rest.slice(0, attrs.n)], attrs);
        return x.rank === 3 ? dx : sum(dx, { axis: 0 });
      };
    }
    return (dy, { inputs: [x], attrs: { n } }) => {
      const k = (index - 1) % n;
      return index <= n ? transposedProduct(nth(dy, k), nth(x, k)) : sum(nth(dy, k), { axis: 0 });
    };
  },
});

/** Y_k = X_k W_k;  dX_k = dY_k W_kᵀ,  dW_k = X_kᵀ dY_k */
const product: StackedOp = defineOp<Inputs, { readonly n: number }>('stackedProduct', {
  forward: (inputs, { n }) => multiply('nn', inputs, n),
  gradient: (index) =>
    index === 0
      ? (dy, { inputs: [, ...weights], attrs }) => affine([dy, ...weights], attrs)
      : (dy, { inputs: [x] }) => transposedProduct(nth(x, index - 1), nth(dy, index - 1)),
});

const transposedProduct = (a: Tensor, b: Tensor) => matmul(a, b, { transposeA: true });

/** The part of x that layer k sees: [batch, in]. If nothing is recorded, it shares the numbers of x. */
function nth(x: Tensor, k: number): Tensor {
  if (x.rank === 2) return x;
  const shape = x.shape.slice(1);
  if (isRecording()) return reshape(narrow(x, 0, k, 1), shape);
  const size = sizeOf(shape);
  // Nothing keeps this tensor: a gradient multiplies with it at once. A record would keep it, and not notice that x changes.
  return new Tensor(new Storage(x.values.subarray(k * size, (k + 1) * size)), shape);
}

/** Runs the kernel once for each layer. */
function multiply(
  form: MatmulForm,
  [x, ...rest]: Inputs,
  count: number,
  activation?: FusedActivation,
): Tensor {
  const [m, k] = x.shape.slice(-2);
  const n = rest[0].shape[form === 'nt' ? 0 : 1];
  const y = empty([count, m, n], x.dtype);
  const [from, to] = [x.values, y.values];
  for (let i = 0; i < count; i++) {
    const part = x.rank === 2 ? from : from.subarray(i * m * k, (i + 1) * m * k);
    const bias = rest[count + i]?.values;
    const into = to.subarray(i * m * n, (i + 1) * m * n);
    currentKernels().matmul({ form, m, k, n, bias, activation }, part, rest[i].values, into);
  }
  return y;
}

function checkShapes(x: Tensor, weights: readonly Tensor[], biases: readonly Tensor[]): void {
  const n = weights.length;
  if (n === 0) throw new ArgumentError('stackedLinear: weights is an empty array; give one for each layer');
  const { rank, shape } = weights[0];
  const other = weights.find((weight) => !sameShape(weight.shape, shape));
  if (rank !== 2 || other) {
    throw new ShapeError(
      `stackedLinear: weights ${formatShape(shape)}${other ? ` and ${formatShape(other.shape)}` : ''}; all must have one shape, [out, in]`,
    );
  }
  const [out, into] = shape;
  if (!(x.rank === 2 || (x.rank === 3 && x.shape[0] === n)) || x.shape.at(-1) !== into) {
    throw new ShapeError(
      `stackedLinear: x ${formatShape(x.shape)} and ${n} weights ${formatShape(shape)}; give x [${n}, batch, ${into}], or [batch, ${into}] for all`,
    );
  }
  const wrong = biases.find((bias) => !sameShape(bias.shape, [out]));
  if (wrong || (biases.length > 0 && biases.length !== n)) {
    const given = wrong ? `a bias ${formatShape(wrong.shape)}` : `${biases.length} biases`;
    throw new ShapeError(
      `stackedLinear: ${given} for ${n} weights ${formatShape(shape)}; give ${n} biases [${out}], or none`,
    );
  }
}
