import { mseLoss, type Tensor } from '@paragrad/tensor';
import type { Batch } from './batch.js';

/**
 * What a critic minimizes: mean w (q - y)², of q and y [batch, 1]. All weights w are 1, unless the batch was drawn by
 * priority: then they are its importance weights, and the replay memory is told the errors.
 */
export function tdLoss(q: Tensor, y: Tensor, { priority }: Batch): Tensor {
  if (!priority) return mseLoss(q, y);
  const squares = mseLoss(q, y, { reduction: 'none' });
  priority.report(squares.data);
  return squares.mul(priority.weights).mean();
}
