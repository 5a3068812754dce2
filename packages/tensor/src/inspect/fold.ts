import {
  ArgumentError,
  anArray,
  type Check,
  checkArgument,
  integerFrom0,
  listOf,
  text,
} from '@paragrad/check';
import { sizeOf } from '../shape.js';
import { aGraph } from './a-graph.js';
import type { Graph, GraphEdge, GraphNode, GroupContents } from './graph.js';
import { nodeLabel } from './labels.js';

/**
 * A part of a graph: all that its outputs are computed from, back to its inputs. The inputs are not in it. The parameters on
 * the way are, unless something outside uses them, too.
 */
export interface NodeGroup {
  /** What the group is called in pictures. */
  readonly name: string;
  /** The ids of the nodes whose values the rest of the graph uses. */
  readonly outputs: readonly number[];
  /** The ids of the nodes that it is computed from. */
  readonly inputs: readonly number[];
}

/** A graph in which groups are nodes. */
export interface FoldedGraph extends Graph {
  /** For each node, the ids that it stands for in the graph that was folded. */
  readonly ids: readonly (readonly number[])[];
}

/**
 * The graph with each group as a single node of kind 'group'. Edges between two nodes that stay apart are kept, in their order and
 * with their gradient norms; edges inside a group are gone. To unfold a group, leave it out. With no groups, the graph is as before.
 *
 * @throws ArgumentError if two groups overlap, or if a group would be computed from itself.
 */
export function fold(graph: Graph, groups: readonly NodeGroup[]): FoldedGraph {
  checkArgument('fold', 'graph', graph, aGraph);
  checkArgument('fold', 'groups', groups, listOf(groupOf(graph)));
  checkNames(groups);
  const owners = ownersOf(graph, groups);

  // Ids in the order of the first node that each new node stands for. So the output is node 0 again.
  const ids: number[][] = [];
  const newId: number[] = [];
  const idOfGroup = new Map<number, number>();
  for (const { id } of graph.nodes) {
    const group = owners[id];
    const known = group === null ? undefined : idOfGroup.get(group);
    newId[id] = known ?? ids.length;
    if (known === undefined) {
      if (group !== null) idOfGroup.set(group, ids.length);
      ids.push([id]);
    } else ids[known].push(id);
  }

  const nodes = ids.map((members, id): GraphNode => {
    const group = owners[members[0]];
    return group === null
      ? { ...graph.nodes[members[0]], id }
      : foldedNode(
          id,
          groups[group],
          members.map((member) => graph.nodes[member]),
        );
  });
  const inputs = nodes.map(() => 0);
  const edges: GraphEdge[] = [];
  for (const edge of graph.edges) {
    const [from, to] = [newId[edge.from], newId[edge.to]];
    if (from === to) continue;
    edges.push({ ...edge, from, to, input: nodes[to].group ? inputs[to]++ : edge.input });
  }
  checkNoCircle(nodes, edges);
  return { nodes, edges, ids };
}

/** For each node, the index of its group; null if it is in none. */
function ownersOf({ nodes, edges }: Graph, groups: readonly NodeGroup[]): (number | null)[] {
  const inputsOf = nodes.map((): number[] => []);
  const usersOf = nodes.map((): number[] => []);
  for (const { from, to } of edges) {
    inputsOf[to].push(from);
    usersOf[from].push(to);
  }
  const owners = nodes.map((): number | null => null);
  groups.forEach(({ name, outputs, inputs }, group) => {
    const members = new Set<number>();
    const outside = new Set(inputs);
    const open = outputs.filter((id) => !outside.has(id));
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (members.has(id)) continue;
      members.add(id);
      open.push(...inputsOf[id].filter((input) => !outside.has(input)));
    }
    const isShared = (id: number) =>
      inputsOf[id].length === 0 && !outputs.includes(id) && !usersOf[id].every((user) => members.has(user));
    const shared = [...members].filter(isShared);
    for (const id of shared) members.delete(id);
    for (const id of members) {
      const other = owners[id];
      if (other !== null) {
        throw new ArgumentError(
          `fold: node ${id}, ${nodeLabel(nodes[id])}, is in two groups, '${groups[other].name}' and '${name}'; ` +
            "give one group's outputs as the other's inputs",
        );
      }
      owners[id] = group;
    }
  });
  return owners;
}

function foldedNode(id: number, { name, outputs }: NodeGroup, members: readonly GraphNode[]): GraphNode {
  const first = outputs.flatMap((id) => members.filter((member) => member.id === id))[0];
  const { attributes: _attributes, lines: _lines, ...output } = first;
  return { ...output, id, kind: 'group', op: null, name, group: contentsOf(members) };
}

function contentsOf(members: readonly GraphNode[]): GroupContents {
  let [ops, parameters, weights, squares] = [0, 0, 0, 0];
  let reached = false;
  for (const { kind, group, shape, gradientNorm } of members) {
    const norm = group ? group.parametersNorm : kind === 'leaf' ? gradientNorm : null;
    ops += group?.ops ?? (kind === 'op' || kind === 'detach' ? 1 : 0);
    parameters += group?.parameters ?? (kind === 'leaf' ? 1 : 0);
    weights += group?.weights ?? (kind === 'leaf' ? sizeOf(shape) : 0);
    if (norm === null) continue;
    squares += norm ** 2;
    reached = true;
  }
  return { ops, parameters, weights, parametersNorm: reached ? Math.sqrt(squares) : null };
}

const someIds = listOf(integerFrom0);

function groupOf({ nodes }: Graph): Check<NodeGroup> {
  return {
    inWords: `{ name, outputs, inputs }, with ids from 0 to ${nodes.length - 1} and at least one output`,
    accepts(value): value is NodeGroup {
      const { name, outputs, inputs } = (value ?? {}) as Partial<NodeGroup>;
      return (
        text.accepts(name) &&
        [outputs, inputs].every((ids) => someIds.accepts(ids) && ids.every((id) => id < nodes.length)) &&
        anArray.accepts(outputs) &&
        outputs.some((id) => !inputs!.includes(id))
      );
    },
  };
}

function checkNames(groups: readonly NodeGroup[]): void {
  const names = groups.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new ArgumentError(`fold: two groups have the name '${twice}'; give each its own`);
}

/** Throws if nodes are computed from each other. That happens if something outside a group is between two parts of it. */
function checkNoCircle(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): void {
  const backwards = edges.map(({ from, to }) => ({ from: to, to: from }));
  const after = notReachedInOrder(nodes.length, edges);
  if (after.size === 0) return;
  const before = notReachedInOrder(nodes.length, backwards);
  const names = nodes.filter(({ id, group }) => group && after.has(id) && before.has(id));
  throw new ArgumentError(
    `fold: with ${names.map(({ name }) => `'${name}'`).join(', ')} as a single node, something would be computed from itself, ` +
      'because other nodes are between two parts of a group; give the group fewer inputs, or other outputs',
  );
}

/** The nodes that never come, if each comes after all nodes with an edge to it: those in circles, and what follows them. */
function notReachedInOrder(count: number, edges: readonly { from: number; to: number }[]): Set<number> {
  const waiting = new Array<number>(count).fill(0);
  const following = waiting.map((): number[] => []);
  for (const { from, to } of edges) {
    waiting[to]++;
    following[from].push(to);
  }
  const left = new Set(waiting.keys());
  const open = [...left].filter((id) => waiting[id] === 0);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    left.delete(id);
    open.push(...following[id].filter((next) => --waiting[next] === 0));
  }
  return left;
}
