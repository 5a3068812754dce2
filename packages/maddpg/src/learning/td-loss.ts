import { mseLoss, noGrad, sub, type Tensor } from '@paragrad/tensor';
import type { Batch } from './batch.js';

/**
 * y = r + γ (1 - done) Q', a constant: the Bellman target. There is no value beyond the end of an episode, where done is 1. All
 * tensors have one shape, such as [batch, 1].
 */
export function bellmanTarget(
  rewards: Tensor,
  terminations: Tensor,
  gamma: number,
  nextValue: () => Tensor,
): Tensor {
  return noGrad(() => rewards.add(nextValue().mul(sub(1, terminations)).mul(gamma)));
}

/**
 * The loss of a critic: mean w (q - y)², of q and y [batch, 1]. The weights w are 1, unless the batch was drawn by priority: then
 * they are its importance weights, and the replay memory gets the errors.
 */
export function tdLoss(q: Tensor, y: Tensor, { priority }: Batch): Tensor {
  if (!priority) return mseLoss(q, y);
  const squares = mseLoss(q, y, { reduction: 'none' });
  priority.report(squares.data);
  return squares.mul(priority.weights).mean();
}
