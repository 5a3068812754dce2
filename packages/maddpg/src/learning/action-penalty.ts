import type { Tensor } from '@paragrad/tensor';
import { type AgentSpec, continuousSize } from '../environments/agent-spec.js';
import type { Actor } from '../networks/actor.js';
import { meanOf } from './mean-of.js';

/**
 * An actor's loss plus weight * mean(u²), where tanh of u are the numbers in its action. Without numbers, or with weight 0, the
 * loss itself.
 *
 * Where |u| is large, the slope of tanh is almost 0, so an actor that has gone to a bound too early hardly comes back. openai/maddpg
 * has this penalty for every kind of action, with weight 1e-3.
 */
export function withActionPenalty(
  loss: Tensor,
  spec: AgentSpec,
  actor: Actor,
  observations: Tensor,
  weight: number,
): Tensor {
  if (continuousSize(spec) === 0 || weight === 0) return loss;
  return loss.add(meanOf(actor.beforeTanh(observations).square()).mul(weight));
}
