import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { clamp, div, mul, square, sub } from './arithmetic.js';
import { mean, sum } from './reduce.js';

export interface LossOptions {
  /** How the losses of all elements are combined. Default 'mean'. */
  reduction?: 'mean' | 'sum' | 'none';
}

/** (prediction - target)², averaged over all elements. Throws if the shapes differ, because broadcasting here is a bug. */
export function mseLoss(prediction: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return reduceLosses(square(difference('mseLoss', prediction, target)), options);
}

/**
 * With d = prediction - target: d² / (2 beta) where |d| is at most `beta`, else |d| - beta / 2. At beta (default 1) the
 * parabola turns into a line. Throws if the shapes differ.
 */
export function smoothL1Loss(
  prediction: Tensor,
  target: Tensor,
  { beta = 1, ...options }: LossOptions & { beta?: number } = {},
): Tensor {
  return reduceLosses(div(huber('smoothL1Loss', prediction, target, { beta }), beta), options);
}

/**
 * With d = prediction - target: d² / 2 where |d| is at most `delta`, else delta (|d| - delta / 2) (Huber 1964). Delta
 * (default 1) is the largest slope. Throws if the shapes differ.
 */
export function huberLoss(
  prediction: Tensor,
  target: Tensor,
  { delta = 1, ...options }: LossOptions & { delta?: number } = {},
): Tensor {
  return reduceLosses(huber('huberLoss', prediction, target, { delta }), options);
}

/** c (d - c / 2), where c is d clamped to ±bend. This formula covers both branches, and its gradient is c. */
function huber(op: string, prediction: Tensor, target: Tensor, namedBend: Record<string, number>): Tensor {
  const [[name, bend]] = Object.entries(namedBend);
  if (!(bend > 0)) throw new Error(`${op}: ${name} ${bend}; give a number above 0`);
  const d = difference(op, prediction, target);
  const c = clamp(d, { min: -bend, max: bend });
  return mul(c, sub(d, mul(c, 0.5)));
}

function difference(op: string, prediction: Tensor, target: Tensor): Tensor {
  if (!sameShape(prediction.shape, target.shape)) {
    throw new Error(
      `${op}: prediction ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}; ` +
        'give the same shape: broadcasting would average over pairs that do not belong together',
    );
  }
  return sub(prediction, target);
}

function reduceLosses(losses: Tensor, { reduction = 'mean' }: LossOptions): Tensor {
  if (reduction === 'mean') return mean(losses);
  if (reduction === 'sum') return sum(losses);
  if (reduction === 'none') return losses;
  throw new Error(`loss: reduction '${reduction}'; give 'mean', 'sum' or 'none'`);
}
