import type { Tensor } from '@paragrad/tensor';

/** The mean of what belongs to an agent: [batch, k] -> []. For a group, the mean of each: [agents, batch, k] -> [agents]. */
export function meanOf(x: Tensor): Tensor {
  return x.rank === 3 ? x.mean({ axis: [1, 2] }) : x.mean();
}
