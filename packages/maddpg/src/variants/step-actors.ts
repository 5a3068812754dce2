import { clipGradNorm } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { ActorReport, AgentNetworks } from '../maddpg.js';
import { withoutSharers } from '../sharing.js';

/**
 * θ_μi <- Adam(clip(d(-J_1 - ... - J_n) / dθ_μi)) for every actor at once, from all agents' losses: [n]. Where an actor is in
 * no loss but its own, that is its own gradient. An actor that several agents share takes one step.
 */
export function stepActors(
  agents: readonly AgentNetworks[],
  losses: Tensor,
  maxGradNorm: number,
): ActorReport[] {
  const actors = withoutSharers(agents);
  for (const { actorOptimizer } of actors) actorOptimizer.zeroGrad();
  losses.sum().backward({ inputs: actors.flatMap(({ actor }) => actor.parameters()) });

  const norms = new Map(
    actors.map(({ actor, actorOptimizer }) => {
      const norm = clipGradNorm(actor.parameters(), maxGradNorm);
      actorOptimizer.step();
      return [actor, norm];
    }),
  );
  return agents.map(({ actor }, i) => ({ actorLoss: losses.data[i], actorGradNorm: norms.get(actor)! }));
}
