import {
  ArgumentError,
  above0,
  checkArgument,
  checkOptions,
  from0To1,
  integer,
  type OptionChecks,
  oneOf,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { defineOp } from '../autograd/record.js';
import { ones, tensor } from '../create.js';
import { formatShape, type Shape, sameShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { softplus } from './activation.js';
import { add, clamp, div, exp, log, mul, neg, square, sub } from './arithmetic.js';
import { eq, where } from './compare.js';
import { gather, type Indices, type IndicesLike, indicesOf } from './indexing.js';
import { mean, sum } from './reduce.js';
import { logSoftmax } from './softmax.js';
import { broadcastTo, reshape } from './view.js';

/** Options of every loss. */
export interface LossOptions {
  /** How the losses of all elements are combined. Default 'mean'. */
  reduction?: 'mean' | 'sum' | 'none';
}

const lossOptions: OptionChecks<LossOptions> = { reduction: oneOf('mean', 'sum', 'none') };

/**
 * (prediction - target)², averaged over all elements.
 *
 * @throws ShapeError if the shapes differ, because broadcasting here is a bug.
 */
export function mseLoss(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions('mseLoss', options, lossOptions);
  return reduceLosses(square(difference('mseLoss', prediction, target)), options);
}

/**
 * With d = prediction - target: d² / (2 beta) where |d| is at most `beta`, else |d| - beta / 2. At beta (default 1) the
 * parabola turns into a line.
 *
 * @throws ShapeError if the shapes differ.
 */
export function smoothL1Loss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { beta?: number } = {},
): Tensor {
  checkOptions('smoothL1Loss', options, { ...lossOptions, beta: above0 });
  const { beta = 1 } = options;
  return reduceLosses(div(huber('smoothL1Loss', prediction, target, beta), beta), options);
}

/**
 * With d = prediction - target: d² / 2 where |d| is at most `delta`, else delta (|d| - delta / 2) (Huber 1964). Delta
 * (default 1) is the largest slope.
 *
 * @throws ShapeError if the shapes differ.
 */
export function huberLoss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { delta?: number } = {},
): Tensor {
  checkOptions('huberLoss', options, { ...lossOptions, delta: above0 });
  const { delta = 1 } = options;
  return reduceLosses(huber('huberLoss', prediction, target, delta), options);
}

/** y = c (d - c / 2), where c is d clamped to ±bend: a formula for both branches;  dd = dy c */
const huberOp = defineOp<[d: Tensor], { bend: number }>('huber', {
  forward([d], { bend }) {
    const c = clamp(d, { min: -bend, max: bend });
    return mul(c, sub(d, mul(c, 0.5)));
  },
  gradient: [(dy, { inputs: [d], attrs: { bend } }) => mul(dy, clamp(d, { min: -bend, max: bend }))],
});

const huber = (op: string, prediction: Tensor, target: Tensor, bend: number): Tensor =>
  huberOp([difference(op, prediction, target)], { bend });

/** Options of `binaryCrossEntropyWithLogits`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** A factor for each loss; broadcasts. Default 1. */
  weight?: Tensor;
  /** A factor for the part of each loss that belongs to the target 1; broadcasts. Default 1. */
  posWeight?: Tensor;
}

const binaryCrossEntropyOptions: OptionChecks<BinaryCrossEntropyOptions> = {
  ...lossOptions,
  weight: aTensor,
  posWeight: aTensor,
};

/**
 * With p = sigmoid(logit): -(posWeight target log p + (1 - target) log (1 - p)), precise also where p rounds to 0 or 1.
 * Targets are numbers from 0 to 1.
 *
 * @throws ShapeError if the shapes differ, or a weight does not broadcast.
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const op = 'binaryCrossEntropyWithLogits';
  checkOptions(op, options, binaryCrossEntropyOptions);
  checkSameShape(op, 'logits', logits, target);
  const { weight, posWeight, ...reduction } = options;
  const positive = posWeight ? mul(target, broadcastTo(posWeight, target.shape)) : target;
  const losses = add(
    mul(positive, minusLogSigmoid(logits)),
    mul(sub(1, target), minusLogSigmoid(neg(logits))),
  );
  return reduceLosses(weight ? mul(losses, broadcastTo(weight, losses.shape)) : losses, reduction);
}

/** log(1 + e^-x). Below -40 it is -x: the rest is less than the rounding of float64. */
const minusLogSigmoid = (x: Tensor): Tensor => softplus(neg(x), { threshold: 40 });

/** Options of `klDiv`. */
export interface KlDivOptions {
  /** 'batchmean': the sum divided by the length of the first axis. Default 'mean', over all elements. */
  reduction?: 'mean' | 'batchmean' | 'sum' | 'none';
  /** Whether the target consists of log-probabilities, too. Default false. */
  logTarget?: boolean;
}

const klDivOptions: OptionChecks<KlDivOptions> = {
  reduction: oneOf('mean', 'batchmean', 'sum', 'none'),
  logTarget: trueOrFalse,
};

/**
 * The parts of the divergence of the target from the input: target (log target - input). The input consists of
 * log-probabilities, the target of probabilities. At a target of 0 the loss is 0, and its gradient counts log target as 0.
 *
 * @throws ShapeError if the shapes differ.
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  checkOptions('klDiv', options, klDivOptions);
  checkSameShape('klDiv', 'input', input, target);
  const { reduction = 'mean', logTarget = false } = options;
  const losses = logTarget
    ? mul(exp(target), sub(target, input))
    : mul(target, sub(log(where(eq(target, 0), 1, target)), input));
  if (reduction !== 'batchmean') return reduceLosses(losses, { reduction });
  return div(sum(losses), losses.shape[0] ?? 1);
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
  /** [classes], a factor for the loss of each class. Default 1. */
  weight?: Tensor;
  /** Targets with this index are left out. Default -100. Only for targets that are indices. */
  ignoreIndex?: number;
  /** The share of each target that is spread evenly over all classes. Default 0. */
  labelSmoothing?: number;
}

const crossEntropyOptions: OptionChecks<CrossEntropyOptions> = {
  ...lossOptions,
  weight: aTensor,
  ignoreIndex: integer,
  labelSmoothing: from0To1,
};

/**
 * -log softmax(logits) at the target class. Logits are [batch, classes], [batch, classes, ...] or [classes]. The target
 * consists of class indices, in this shape without the classes; or it is a tensor of probabilities p in the whole shape, and
 * the loss is -Σ p log softmax(logits). As in PyTorch, 'mean' divides by the sum of the targets' weights if they are indices,
 * and by their number if they are probabilities.
 *
 * @throws ShapeError if the target or the weight does not fit the logits.
 * @throws ArgumentError if an index names no class, or `ignoreIndex` is given with probabilities.
 */
export function crossEntropy(
  logits: Tensor,
  target: IndicesLike | Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  checkArgument('crossEntropy', 'logits', logits, aTensor);
  checkOptions('crossEntropy', options, crossEntropyOptions);
  const { weight, ignoreIndex = -100, labelSmoothing = 0, ...reduction } = options;
  const axis = Math.min(logits.rank - 1, 1);
  const classes = logits.shape[axis];
  const perClass = logits.shape.map((length, other) => (other === axis ? length : 1));
  if (axis < 0 || (weight && !sameShape(weight.shape, [classes]))) {
    throw new ShapeError(
      `crossEntropy: logits ${formatShape(logits.shape)}${weight ? ` and weight ${formatShape(weight.shape)}` : ''}; ` +
        'give logits [batch, classes] or [classes], and a weight [classes]',
    );
  }
  const weights = reshape(weight ?? ones([classes], { dtype: logits.dtype }), perClass);
  const scores = mul(logSoftmax(logits, { axis }), weights);

  if (target instanceof Tensor) {
    if (!sameShape(target.shape, logits.shape)) throw wrongTarget(target.shape, logits.shape, axis);
    if (ignoreIndex >= 0) {
      throw new ArgumentError(
        `crossEntropy: ignoreIndex is ${ignoreIndex}, but the target consists of probabilities; give class indices, or a weight of 0`,
      );
    }
    const p = labelSmoothing ? add(mul(target, 1 - labelSmoothing), labelSmoothing / classes) : target;
    return reduceLosses(neg(sum(mul(p, scores), { axis })), reduction);
  }
  const { indices, counts } = classIndices(target, logits, axis, ignoreIndex);
  const atTarget = (x: Tensor) => where(counts, gather(x, axis, indices), 0); // a choice, because 0 · -∞ would be NaN
  const spread = () => where(counts, mean(scores, { axis, keepDim: true }), 0);
  const gains = labelSmoothing
    ? add(mul(atTarget(scores), 1 - labelSmoothing), mul(spread(), labelSmoothing))
    : atTarget(scores);
  const losses = neg(reshape(gains, logits.shape.toSpliced(axis, 1)));
  if ((reduction.reduction ?? 'mean') !== 'mean') return reduceLosses(losses, reduction);
  return div(sum(losses), sum(atTarget(broadcastTo(weights, logits.shape))));
}

/** The indices, with an axis of length 1 for the classes, and a mask that is 0 where an index is to be ignored. */
function classIndices(
  target: IndicesLike,
  logits: Tensor,
  axis: number,
  ignoreIndex: number,
): { indices: Indices; counts: Tensor } {
  const { data, shape } = indicesOf('crossEntropy', target);
  if (!sameShape(shape, logits.shape.toSpliced(axis, 1))) throw wrongTarget(shape, logits.shape, axis);
  const given = Array.from(data);
  const classes = logits.shape[axis];
  const wrong = given.find(
    (index) => index !== ignoreIndex && !(Number.isInteger(index) && index >= 0 && index < classes),
  );
  if (wrong !== undefined) {
    throw new ArgumentError(
      `crossEntropy: class ${wrong} of ${classes}; give integers from 0 to ${classes - 1}, or ignoreIndex`,
    );
  }
  const kept = logits.shape.with(axis, 1);
  const indices = { data: given.map((index) => (index === ignoreIndex ? 0 : index)), shape: kept };
  const counts = tensor(
    given.map((index) => (index === ignoreIndex ? 0 : 1)),
    { dtype: logits.dtype },
  );
  return { indices, counts: reshape(counts, kept) };
}

const wrongTarget = (target: Shape, logits: Shape, axis: number): Error =>
  new ShapeError(
    `crossEntropy: target ${formatShape(target)} for logits ${formatShape(logits)}; ` +
      `give class indices of shape ${formatShape(logits.toSpliced(axis, 1))}, or a tensor of probabilities of shape ${formatShape(logits)}`,
  );

function difference(op: string, prediction: Tensor, target: Tensor): Tensor {
  checkSameShape(op, 'prediction', prediction, target);
  return sub(prediction, target);
}

function checkSameShape(op: string, name: string, x: Tensor, target: Tensor): void {
  checkArgument(op, name, x, aTensor);
  checkArgument(op, 'target', target, aTensor);
  if (!sameShape(x.shape, target.shape)) {
    throw new ShapeError(
      `${op}: ${name} ${formatShape(x.shape)} and target ${formatShape(target.shape)}; ` +
        'give the same shape: broadcasting would average over pairs that do not belong together',
    );
  }
}

function reduceLosses(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  if (reduction === 'mean') return mean(losses);
  if (reduction === 'sum') return sum(losses);
  return losses;
}
