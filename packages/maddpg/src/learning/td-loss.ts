import { aFunction, atLeast0, checkArgument, from0To1, object } from '@paragrad/check';
import { aTensor, mseLoss, noGrad, sub, type Tensor } from '@paragrad/tensor';
import type { Batch } from './batch.js';
import { meanWhileLive, zeroWhereNot } from './liveness.js';
import { rescale, unscale } from './value-rescaling.js';

/**
 * The Bellman target, a constant: y = r + γ (1 - done) Q'. Where done is 1 the episode is over, and the next value does not
 * count. All tensors have the same shape, such as [batch, 1]. With value rescaling, y and Q' are rescaled:
 * y = h(r + γ (1 - done) h^-1(Q')), with the h of learning/value-rescaling.ts.
 *
 * @param settings γ, and the scale k of value rescaling; 0, the default, is without.
 */
export function bellmanTarget(
  rewards: Tensor,
  terminations: Tensor,
  settings: { readonly gamma: number; readonly valueRescaling?: number },
  nextValue: () => Tensor,
): Tensor {
  for (const [name, x] of Object.entries({ rewards, terminations }))
    checkArgument('bellmanTarget', name, x, aTensor);
  checkArgument('bellmanTarget', 'settings', settings, object);
  const { gamma, valueRescaling = 0 } = settings;
  checkArgument('bellmanTarget', 'gamma', gamma, from0To1);
  checkArgument('bellmanTarget', 'valueRescaling', valueRescaling, atLeast0);
  checkArgument('bellmanTarget', 'nextValue', nextValue, aFunction);
  return noGrad(() => {
    const next = unscale(nextValue(), valueRescaling);
    const y = rewards.add(sub(1, terminations).mul(next).mul(gamma));
    return rescale(y, valueRescaling);
  });
}

/**
 * The loss of agent i's critic: mean w (q - y)², where q and y are [batch, 1], over the rows in which the agent was live. The
 * weights w are 1. In a batch of prioritized replay they are its importance weights, and the memory gets the squared errors; 0
 * where the agent was not live. Without an i, for the value of a team, all rows count.
 */
export function tdLoss(q: Tensor, y: Tensor, batch: Batch, i?: number): Tensor {
  checkArgument('tdLoss', 'batch', batch, object);
  const { priority, liveness } = batch;
  const squares = mseLoss(q, y, { reduction: 'none' });
  if (priority) {
    const errors = liveness && i !== undefined ? zeroWhereNot(liveness.live[i], squares) : squares;
    // Otherwise `descend` says which critic diverged.
    const rows = priority.weights.size;
    if (errors.data.every(Number.isFinite)) {
      for (let from = 0; from < errors.size; from += rows)
        priority.report(errors.data.subarray(from, from + rows));
    }
  }
  const weighted = priority ? squares.mul(priority.weights) : squares;
  return i === undefined ? weighted.mean() : meanWhileLive(weighted, batch, i);
}
