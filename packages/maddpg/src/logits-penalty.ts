import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { Actor } from './networks.js';

/**
 * An actor's loss with penalty * mean(logits²) added, over the logits of its choices, if it has any. Without it an actor makes up
 * its mind before its critic knows what is good: softmax's gradient vanishes where one logit is far above the others, and there is
 * no way back. Both openai/maddpg and Iqbal's maddpg-pytorch do this, with 1e-3; the paper does not mention it.
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
