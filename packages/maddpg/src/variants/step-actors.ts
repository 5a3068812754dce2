import { clipGradNorm } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { ActorReport, AgentNetworks } from '../maddpg.js';

/**
 * θ_μi <- Adam(clip(d(-J_1 - ... - J_n) / dθ_μi)) for every agent at once, from all their losses: [n]. Where an actor is in no
 * loss but its own, that is its own gradient.
 */
export function stepActors(
  agents: readonly AgentNetworks[],
  losses: Tensor,
  maxGradNorm: number,
): ActorReport[] {
  for (const { actorOptimiser } of agents) actorOptimiser.zeroGrad();
  losses.sum().backward({ inputs: agents.flatMap(({ actor }) => actor.parameters()) });

  return agents.map(({ actor, actorOptimiser }, i) => {
    const actorGradNorm = clipGradNorm(actor.parameters(), maxGradNorm);
    actorOptimiser.step();
    return { actorLoss: losses.data[i], actorGradNorm };
  });
}
