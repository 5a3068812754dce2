import {
  ArgumentError,
  above0,
  checkArgument,
  checkOptions,
  integer,
  type OptionChecks,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aGenerator, aTensor, someAxes } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { ones, uniform } from '../create.js';
import type { Generator } from '../random.js';
import { formatShape, reducedShape, resolveAxes, resolveAxis, type Shape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, clamp, div, exp, log, mul, neg, sub } from './arithmetic.js';
import { eq, where } from './compare.js';
import { scatterAdd } from './indexing.js';
import { amaxTo, argmax, type ReduceOptions, reduce } from './reduce.js';
import { sumToSize } from './view.js';

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions {
  /** One axis or several, over which the results sum to 1; negative axes count from the back. Default: the last. */
  axis?: number | readonly number[];
}

interface SoftmaxAttrs {
  /** The shape of x, with 1 for the axes that are summed over. */
  kept: Shape;
}

/**
 * e^x / sum e^x: positive numbers that sum to 1 over the axes. NaN if the largest x is infinite, as in PyTorch.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function softmax(x: Tensor, options: SoftmaxOptions = {}): Tensor {
  return softmaxOp([x], { kept: keptShape('softmax', x, options) });
}

/** dx = y (dy - sum dy y) */
const softmaxOp = defineOp<[x: Tensor], SoftmaxAttrs>('softmax', {
  forward([x], { kept }) {
    const e = exp(sub(x, amaxTo(x, kept))); // at most 1, so nothing overflows
    return div(e, sumToSize(e, kept));
  },
  gradient: [(dy, { output: y, attrs: { kept } }) => mul(y, sub(dy, sumToSize(mul(dy, y), kept)))],
});

/**
 * log(softmax(x)), precise even where softmax is too small for a float.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function logSoftmax(x: Tensor, options: SoftmaxOptions = {}): Tensor {
  return logSoftmaxOp([x], { kept: keptShape('logSoftmax', x, options) });
}

/** dx = dy - e^y sum dy */
const logSoftmaxOp = defineOp<[x: Tensor], SoftmaxAttrs>('logSoftmax', {
  forward([x], { kept }) {
    const shifted = sub(x, amaxTo(x, kept));
    return sub(shifted, log(sumToSize(exp(shifted), kept)));
  },
  gradient: [(dy, { output: y, attrs: { kept } }) => sub(dy, mul(exp(y), sumToSize(dy, kept)))],
});

const softmaxOptions: OptionChecks<SoftmaxOptions> = { axis: someAxes };

function keptShape(op: string, x: Tensor, options: SoftmaxOptions): Shape {
  checkArgument(op, 'x', x, aTensor);
  checkOptions(op, options, softmaxOptions);
  return reducedShape(x.shape, resolveAxes(op, options.axis ?? -1, x.rank));
}

/**
 * log sum e^x over the given axes.
 *
 * @throws ArgumentError if there is no such axis.
 */
export function logsumexp(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('logsumexp', x, options, (kept) => logsumexpOp([x], { kept }));
}

/** dx = dy softmax(x) */
const logsumexpOp = defineOp<[x: Tensor], SoftmaxAttrs>('logsumexp', {
  forward([x], { kept }) {
    const largest = amaxTo(x, kept);
    const shift = where(eq(sub(largest, largest), 0), largest, 0); // finite, because ∞ - ∞ would be NaN
    return add(shift, log(sumToSize(exp(sub(x, shift)), kept)));
  },
  gradient: [(dy, { inputs: [x], attrs: { kept } }) => mul(dy, softmaxOp([x], { kept }))],
});

/** Options of `gumbelSoftmax`. Either `generator` or `noise` must be given. */
export interface GumbelSoftmaxOptions {
  /** Gumbel(0, 1) draws with the shape of the logits. Default: drawn from `generator`. */
  noise?: Tensor;
  /** Draws the noise. */
  generator?: Generator;
  /** The temperature: the lower, the closer to one-hot. Default 1. */
  tau?: number;
  /** Return the one-hot choice, with the gradient of the soft one (straight-through). Default false. */
  hard?: boolean;
  /** The axis of the categories. Default: the last. */
  axis?: number;
}

const gumbelOptions: OptionChecks<GumbelSoftmaxOptions> = {
  noise: aTensor,
  generator: aGenerator,
  tau: above0,
  hard: trueOrFalse,
  axis: integer,
};

/**
 * A differentiable sample from the categorical distribution with these logits: softmax((logits + noise) / tau) (Jang et
 * al. 2017, "Categorical reparameterization with Gumbel-softmax"; Maddison et al. 2017).
 *
 * @throws ArgumentError if there is neither noise nor a generator, or no such axis.
 * @throws ShapeError if the noise has another shape than the logits.
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions): Tensor {
  checkArgument('gumbelSoftmax', 'logits', logits, aTensor);
  checkOptions('gumbelSoftmax', options, gumbelOptions);
  const { noise, generator, tau = 1, hard = false, axis = -1 } = options;
  const draws = noise ?? (generator && gumbel(logits, generator));
  if (!draws)
    throw new ArgumentError('gumbelSoftmax: no random numbers; give noise, or a generator to draw it from');
  if (!sameShape(draws.shape, logits.shape)) {
    throw new ShapeError(
      `gumbelSoftmax: logits ${formatShape(logits.shape)} and noise ${formatShape(draws.shape)}; give one draw for each logit`,
    );
  }
  const soft = softmax(div(add(logits, draws), tau), { axis });
  return hard ? straightThrough([soft], { axis: resolveAxis('gumbelSoftmax', axis, logits.rank) }) : soft;
}

/** y = 1 at the first maximum of x along the axis, else 0; NaN where x is NaN, which is no choice;  dx = dy, as if y were x */
const straightThrough = defineOp<[x: Tensor], { axis: number }>('straightThrough', {
  forward([x], { axis }) {
    const indices = argmax(x, { axis, keepDim: true });
    const choice = scatterAdd(ones(indices.shape, { dtype: x.dtype }), axis, indices, x.shape[axis]);
    return add(choice, mul(x, 0)); // x is from 0 to 1, or NaN
  },
  gradient: [(dy) => dy],
});

/** -log(-log u) for uniform u. u is clamped away from 0 and 1, where this would be infinite. */
function gumbel({ shape, dtype }: Tensor, generator: Generator): Tensor {
  const u = clamp(uniform(shape, generator, { dtype }), { min: 2 ** -33, max: 1 - 2 ** -24 });
  return neg(log(neg(log(u))));
}
