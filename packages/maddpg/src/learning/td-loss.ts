import { mseLoss, noGrad, sub, type Tensor } from '@paragrad/tensor';
import type { Batch } from './batch.js';

/**
 * The Bellman target, a constant: y = r + γ (1 - done) Q'. Where done is 1 the episode is over, and the next value does not
 * count. All tensors have the same shape, such as [batch, 1].
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
 * A critic's loss: mean w (q - y)², where q and y are [batch, 1]. The weights w are 1. In a batch of prioritized replay
 * they are its importance weights, and the memory gets the squared errors.
 */
export function tdLoss(q: Tensor, y: Tensor, { priority }: Batch): Tensor {
  if (!priority) return mseLoss(q, y);
  const squares = mseLoss(q, y, { reduction: 'none' });
  priority.report(squares.data);
  return squares.mul(priority.weights).mean();
}
