import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Actor } from '../networks/actor.js';
import { meanOf } from './mean-of.js';

/**
 * An actor's loss plus weight * mean(logits²), over the logits of its choices. Without choices, or with weight 0, the
 * loss itself.
 *
 * Without the penalty an actor can become certain of a choice before its critic knows which choices are good. If one
 * logit is far above the others, the gradient of softmax vanishes, and the actor can never change again. Both
 * openai/maddpg and Iqbal's maddpg-pytorch have this penalty, with weight 1e-3. The paper does not mention it.
 */
export function withLogitsPenalty(
  loss: Tensor,
  { choices = [] }: AgentSpec,
  actor: Actor,
  observations: Tensor,
  weight: number,
): Tensor {
  if (choices.length === 0 || weight === 0) return loss;
  return loss.add(meanOf(actor.logits(observations).square()).mul(weight));
}
