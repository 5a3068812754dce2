import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Actor } from '../networks/actor.js';

/**
 * An actor's loss plus penalty * mean(logits²), over the logits of its choices, if it has any. Without the penalty an actor can
 * settle on a choice before its critic knows what is good: softmax's gradient vanishes where one logit is far above the others,
 * and there is no way back. Both openai/maddpg and Iqbal's maddpg-pytorch do this, with 1e-3. The paper does not mention it.
 */
export function penalized(
  loss: Tensor,
  { choices = [] }: AgentSpec,
  actor: Actor,
  observations: Tensor,
  penalty: number,
): Tensor {
  if (choices.length === 0 || penalty === 0) return loss;
  return loss.add(actor.logits(observations).square().mean().mul(penalty));
}
