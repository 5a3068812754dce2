import { concat, narrow, type Tensor } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';

/** x [batch, act_i] with its numbers put through one function, and each of the agent's choices through another. */
export function mapAction(
  spec: AgentSpec,
  x: Tensor,
  numbers: (part: Tensor) => Tensor,
  choice: (part: Tensor) => Tensor,
): Tensor {
  let start = continuousSize(spec);
  if (start === spec.actionSize) return numbers(x);
  const parts = start > 0 ? [numbers(narrow(x, 1, 0, start))] : [];
  for (const size of spec.choices ?? []) {
    parts.push(choice(narrow(x, 1, start, size)));
    start += size;
  }
  return concat(parts, 1);
}
