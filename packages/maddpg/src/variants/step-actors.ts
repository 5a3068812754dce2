import type { Tensor } from '@paragrad/tensor';
import type { AgentNetworks } from '../learning/actor-critic.js';
import type { ActorReport } from '../learning/algorithm.js';
import { descendEach } from '../learning/descend.js';

/**
 * θ_μi <- Adam(clip(d(-J_1 - ... - J_n) / dθ_μi)) for every actor at once, from all agents' losses: [n]. Where an actor is only in
 * its own loss, that is its own gradient. An actor that several agents share takes one step.
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
