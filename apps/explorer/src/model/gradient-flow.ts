/** An agent's actor loss as the graph that is recorded now, for the view that follows its gradient. */
import { inspectActorLoss, type Maddpg } from '@paragrad/maddpg';
import { type FoldedGraph, fold, type Graph, type NodeGroup } from '@paragrad/tensor/inspect';
import { weightsToReach } from './loss-graph.js';
import type { Mistake } from './mistakes.js';
import { opLines, type SourceLine } from './op-lines.js';
import type { Session } from './session.js';

/** Rows of a batch. */
export const BATCH_ROWS = 32;

export interface GradientFlow {
  readonly graph: Graph;
  readonly parts: readonly FlowPart[];
  /** For each node, the lines of source that made it, innermost first. */
  readonly lines: readonly (readonly SourceLine[])[];
}

/** A network, or what makes the loss of Q. It can be folded. */
export interface FlowPart {
  /** Its name in an address; the same for every agent that is followed, if it is the agent's own. */
  readonly key: string;
  readonly group: NodeGroup;
}

/**
 * The loss of agent i for this moment, or for a batch of episodes that the policy played. `algorithm`: the policy's, or a copy with
 * these mistakes.
 */
export function gradientFlow(
  session: Session,
  i: number,
  kind: 'moment' | 'batch',
  algorithm: Maddpg = session.algorithm,
  mistakes: readonly Mistake[] = [],
): GradientFlow {
  const batch = kind === 'moment' ? session.batchOfMoment() : session.batchOfEpisodes(BATCH_ROWS);
  const { graph, groups } = inspectActorLoss(algorithm, i, batch, {
    values: true,
    inputs: weightsToReach(algorithm, i, mistakes),
  });
  const own = `${algorithm.specs[i].name}'s `;
  const parts = groups.map((group): FlowPart => {
    const { name } = group;
    return { key: (name.startsWith(own) ? name.slice(own.length) : name).replaceAll(' ', '_'), group };
  });
  return { graph, parts, lines: opLines(algorithm, graph, groups) };
}

/** The graph with all parts folded but these. */
export function foldFlow({ graph, parts }: GradientFlow, unfolded: readonly string[]): FoldedGraph {
  return fold(
    graph,
    parts.filter(({ key }) => !unfolded.includes(key)).map(({ group }) => group),
  );
}
