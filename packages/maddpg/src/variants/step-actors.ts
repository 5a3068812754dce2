import type { Tensor } from '@paragrad/tensor';
import type { AgentNetworks } from '../learning/actor-critic.js';
import type { ActorReport } from '../learning/algorithm.js';
import { descendEach } from '../learning/descend.js';

/**
 * θ_μi <- Adam(clip(d(-J_1 - ... - J_n) / dθ_μi)) for all actors at once. `losses` returns -J_i for every agent: [n].
 * If an actor influences only its own loss, this is the gradient of that loss. An actor that several agents share takes
 * one step.
 */
export function stepActorsTogether(
  agents: readonly AgentNetworks[],
  losses: () => Tensor,
  clip: (parameters: readonly Tensor[]) => number,
): ActorReport[] {
  const actors = [...new Set(agents.map(({ actor }) => actor))];
  const step = descendEach(actors, losses, clip);
  return agents.map(({ actor }, i) => ({
    actorLoss: step.losses[i],
    actorGradNorm: step.gradNorms[actors.indexOf(actor)],
  }));
}
