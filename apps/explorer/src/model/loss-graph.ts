/** The graph of an actor's loss with mistakes in it. */
import { type Batch, inspectActorLoss, type Maddpg } from '@paragrad/maddpg';
import type { Tensor } from '@paragrad/tensor';
import { type FoldedGraph, fold } from '@paragrad/tensor/inspect';
import { type Mistake, movedInActorStep } from './mistakes.js';

/** All weights that a gradient of agent i's actor loss may flow into: those of every actor, and of what else its step moves. */
export function weightsToReach({ agents }: Maddpg, i: number, made: readonly Mistake[]): Tensor[] {
  const learners = new Set([...agents.map(({ actor }) => actor), ...movedInActorStep(agents, i, made)]);
  return [...learners].flatMap(({ optimizer }) => optimizer.parameters);
}

/** Agent i's actor loss, network by network. `algorithm` has these mistakes. */
export function networksOfLoss(
  algorithm: Maddpg,
  i: number,
  batch: Batch,
  mistakes: readonly Mistake[],
): FoldedGraph {
  const inputs = weightsToReach(algorithm, i, mistakes);
  const { graph, groups } = inspectActorLoss(algorithm, i, batch, { inputs });
  return fold(graph, groups);
}

/** The networks whose weights get a gradient: `agent_0's actor`. */
export function networksReached({ nodes }: FoldedGraph): string[] {
  return nodes.flatMap(({ name, group }) =>
    name && group && group.parametersNorm !== null && group.parametersNorm > 0 ? [name] : [],
  );
}
