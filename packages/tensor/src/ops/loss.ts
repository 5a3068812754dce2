import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { square, sub } from './elementwise.js';
import { mean, sum } from './reduce.js';

export interface LossOptions {
  /** Over all elements. Default 'mean'. */
  reduction?: 'mean' | 'sum' | 'none';
}

/** (prediction - target)², averaged over all elements. Throws on shapes that differ: broadcasting here is a bug. */
export function mseLoss(
  prediction: Tensor,
  target: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  if (!sameShape(prediction.shape, target.shape)) {
    throw new Error(
      `mseLoss: prediction ${formatShape(prediction.shape)} and target ${formatShape(target.shape)}; ` +
        'give the same shape: broadcasting would average over pairs that do not belong together',
    );
  }
  const squares = square(sub(prediction, target));
  return reduction === 'mean' ? mean(squares) : reduction === 'sum' ? sum(squares) : squares;
}
