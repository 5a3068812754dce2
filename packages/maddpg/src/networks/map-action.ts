import { concat, narrow, type Tensor } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';

/** Applies one function to the numbers in an action and another to each of its choices: x [batch, act_i] -> [batch, act_i] */
export function mapAction(
  spec: AgentSpec,
  x: Tensor,
  mapNumbers: (part: Tensor) => Tensor,
  mapChoice: (part: Tensor) => Tensor,
): Tensor {
  let start = continuousSize(spec);
  if (start === spec.actionSize) return mapNumbers(x);
  const parts = start > 0 ? [mapNumbers(narrow(x, -1, 0, start))] : [];
  for (const size of spec.choices ?? []) {
    parts.push(mapChoice(narrow(x, -1, start, size)));
    start += size;
  }
  return concat(parts, -1);
}
