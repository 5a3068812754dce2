/** The lines of source that made a node of an actor's loss. A bundle has no lines, so they are found in the real files by their text. */
import { Maddpg, Matd3, OpenaiMaddpg } from '@paragrad/maddpg';
import { fold, type Graph, type NodeGroup } from '@paragrad/tensor/inspect';
import actionPenalty from '../../../../packages/maddpg/src/learning/action-penalty.ts?raw';
import liveness from '../../../../packages/maddpg/src/learning/liveness.ts?raw';
import logitsPenalty from '../../../../packages/maddpg/src/learning/logits-penalty.ts?raw';
import meanOf from '../../../../packages/maddpg/src/learning/mean-of.ts?raw';
import maddpg from '../../../../packages/maddpg/src/maddpg.ts?raw';
import actor from '../../../../packages/maddpg/src/networks/actor.ts?raw';
import critics from '../../../../packages/maddpg/src/networks/critics.ts?raw';
import mapAction from '../../../../packages/maddpg/src/networks/map-action.ts?raw';
import layers from '../../../../packages/nn/src/layers.ts?raw';
import { type Penalty, penaltiesOf } from './penalties.js';

const files = {
  'layers.ts': layers,
  'actor.ts': actor,
  'map-action.ts': mapAction,
  'critics.ts': critics,
  'liveness.ts': liveness,
  'mean-of.ts': meanOf,
  'logits-penalty.ts': logitsPenalty,
  'action-penalty.ts': actionPenalty,
  'maddpg.ts': maddpg,
};

/** A line of a file; the next one in a list called it. */
export interface SourceLine {
  readonly file: keyof typeof files;
  readonly number: number;
  readonly text: string;
}

type Line = readonly [file: keyof typeof files, text: string];

const LAYER: Line = ['layers.ts', 'return linear(x, this.weight, this.bias, activation'];
const ACTOR: Line = ['actor.ts', 'return this.drawnFrom(this.body.forward(observation));'];
const TO_ACTION: Line = ['actor.ts', 'return this.#toAction(outputs, (logits)'];
const ACTION: Line = ['maddpg.ts', 'return this.agents[j].actor.network.forward(batch.observations[j]);'];
const CRITIC: Line = [
  'maddpg.ts',
  'const q = this.agents[i].critic.network.forward(batch.x, jointAction, i);',
];
const MEAN: Line = ['maddpg.ts', 'return meanWhileLive(q, batch, i).neg();'];
const MEAN_OF: Line = ['mean-of.ts', 'x.mean()'];
const LIVE_ROWS: Line = ['liveness.ts', 'meanOf(liveRows('];
/** The lines of each penalty: where it is added, and which outputs of the actor it is on. They are added in this order. */
const PENALTIES = {
  logits: {
    add: ['logits-penalty.ts', 'return loss.add('],
    outputs: ['actor.ts', 'return this.logitsIn(this.body.forward(observation));'],
    cut: ['actor.ts', 'return narrow(outputs, -1, numbers'],
  },
  numbers: {
    add: ['action-penalty.ts', 'return loss.add('],
    outputs: ['actor.ts', 'return this.beforeTanhIn(this.body.forward(observation));'],
    cut: ['actor.ts', 'return narrow(outputs, -1, 0'],
  },
} satisfies Record<Penalty, Record<string, Line>>;
const DRAW: readonly Line[] = [['actor.ts', 'return gumbelSoftmax('], TO_ACTION];

/** The actor's own lines, from the op to `action`. */
const ACTOR_LINES: Readonly<Record<string, readonly Line[]>> = {
  linear: [LAYER],
  relu: [LAYER],
  tanh: [['actor.ts', 'const bounded = '], TO_ACTION],
  mul: [['actor.ts', 'const bounded = '], TO_ACTION],
  narrow: [['map-action.ts', 'parts.push('], TO_ACTION],
  concat: [['map-action.ts', 'return concat(parts, -1);'], TO_ACTION],
  add: DRAW,
  div: DRAW,
  softmax: DRAW,
  straightThrough: DRAW,
};

/** These compute their losses in maddpg.ts. Other variants do it elsewhere, and nothing is said about their lines. */
const KNOWN: readonly unknown[] = [Maddpg, Matd3, OpenaiMaddpg];

/** For each node, the lines that called its op, innermost first; none for what no op made, and for other algorithms. */
export function opLines(
  algorithm: Maddpg,
  graph: Graph,
  groups: readonly NodeGroup[],
): (readonly SourceLine[])[] {
  if (!KNOWN.includes(algorithm.constructor)) return graph.nodes.map(() => []);
  const { nodes, ids } = fold(graph, groups);
  const groupOf = graph.nodes.map(({ id }) => nodes[ids.findIndex((some) => some.includes(id))].name);
  const q = groups.find(({ name }) => name.endsWith("'s critic"))!.outputs[0];
  const [beforeQ, afterQ] = [reachable(graph, q, 'from'), reachable(graph, q, 'to')];
  const { critic, parameterSharing } = algorithm.settings;
  const penaltyOf = penalties(algorithm, graph, groups, groupOf, afterQ);
  const seen = critic === 'independent' ? '[observationOf(' : parameterSharing ? '[concat(' : '[x, concat(';
  return graph.nodes.map(({ id, op, kind }) => {
    if (kind === 'detach') return [found(['maddpg.ts', 'action.detach()'])];
    if (op === null) return [];
    const part = groupOf[id].replace(/^.*'s /, '');
    if (part === 'critic') {
      const call: Line = ['critics.ts', `return this.body.forward(${seen}`];
      return (op === 'concat' ? [call, CRITIC] : [LAYER, call, CRITIC]).map(found);
    }
    if (part === 'actor' && beforeQ.has(id)) return [...(ACTOR_LINES[op] ?? []), ACTOR, ACTION].map(found);
    const { add, outputs, cut } = penaltyOf(id);
    if (part === 'actor') return [op === 'narrow' ? cut : LAYER, outputs, add].map(found);
    if (!afterQ.has(id) || op === 'add') return (op === 'mean' ? [MEAN_OF, add] : [add]).map(found);
    return (op === 'neg' ? [MEAN] : [MEAN_OF, LIVE_ROWS, MEAN]).map(found);
  });
}

/** Which penalty a node outside of Q belongs to: the first one that is added to the loss after it. */
function penalties(
  algorithm: Maddpg,
  graph: Graph,
  groups: readonly NodeGroup[],
  groupOf: readonly string[],
  afterQ: ReadonlySet<number>,
): (id: number) => (typeof PENALTIES)[keyof typeof PENALTIES] {
  const agent = groups.find(({ name }) => name.endsWith("'s critic"))!.name.replace(/'s critic$/, '');
  const i = algorithm.specs.findIndex(({ name }) => name === agent);
  const added = penaltiesOf(algorithm, i).map((penalty) => PENALTIES[penalty]);
  const adds = graph.nodes.filter(
    ({ id, op }) => op === 'add' && afterQ.has(id) && !/'s (actor|critic)$/.test(groupOf[id]),
  );
  const before = adds.map(({ id }) => reachable(graph, id, 'from')).sort((a, b) => a.size - b.size);
  return (id) => added[before.findIndex((ids) => ids.has(id))] ?? PENALTIES.logits;
}

/** The nodes that this one is computed from, or those that are computed from it; itself included. */
function reachable({ edges }: Graph, id: number, towards: 'from' | 'to'): Set<number> {
  const back = towards === 'from' ? 'to' : 'from';
  const reached = new Set([id]);
  for (const one of reached) {
    for (const edge of edges) if (edge[back] === one) reached.add(edge[towards]);
  }
  return reached;
}

function found([file, text]: Line): SourceLine {
  const lines = files[file].split('\n');
  const [number, ...more] = lines.flatMap((line, k) => (line.includes(text) ? [k + 1] : []));
  if (number === undefined || more.length > 0) throw new Error(`${file}: not exactly one line has ${text}`);
  return { file, number, text: lines[number - 1].trim() };
}
