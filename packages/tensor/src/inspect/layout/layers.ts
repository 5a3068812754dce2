import type { Graph, GraphEdge } from '../graph.js';

/** In which layers the nodes are, and in which order. Layer 0 is the last: that of the output. */
export interface Layers {
  /** The items of each layer, in order. */
  readonly layers: readonly (readonly number[])[];
  /** For each item its layer. Items from `nodes.length` on are bends of edges that pass a layer. */
  readonly layerOf: readonly number[];
  /** For each item, the items of the neighboring layers that an edge connects it to. */
  readonly after: readonly (readonly number[])[];
  readonly before: readonly (readonly number[])[];
  /** For each edge, the items on its way, both ends included; null for the edge of a satellite. */
  readonly ways: readonly (readonly number[] | null)[];
  /** For each node, the nodes that are drawn beside it. They are in no layer. */
  readonly satellites: readonly (readonly number[])[];
}

/** How many times all layers are sorted by the positions of their neighbors. */
const SWEEPS = 12;

export function layersOf(graph: Graph): Layers {
  const { nodes, edges } = graph;
  const satellites = satellitesOf(graph);
  const isSatellite = nodes.map(() => false);
  for (const id of satellites.flat()) isSatellite[id] = true;
  const layerOf = layerOfEach(graph);

  const after = nodes.map((): number[] => []);
  const before = nodes.map((): number[] => []);
  const connect = (from: number, to: number): void => {
    after[from].push(to);
    before[to].push(from);
  };
  const ways = edges.map(({ from, to }): number[] | null => {
    if (isSatellite[from]) return null;
    const way = [from];
    for (let layer = layerOf[from] - 1; layer > layerOf[to]; layer--) {
      const bend = layerOf.push(layer) - 1;
      after.push([]);
      before.push([]);
      connect(way.at(-1)!, bend);
      way.push(bend);
    }
    connect(way.at(-1)!, to);
    return [...way, to];
  });

  const layers: number[][] = Array.from({ length: largest(layerOf) + 1 }, () => []);
  for (const item of inOrderOfVisit(before)) {
    if (!isSatellite[item]) layers[layerOf[item]].push(item);
  }
  return { layers: withFewCrossings(layers, before, after), layerOf, after, before, ways, satellites };
}

/**
 * Parameters and unnamed constants that a single op uses are drawn beside it. Two of them at most: there is one on each
 * side.
 */
function satellitesOf({ nodes, edges }: Graph): number[][] {
  const satellites = nodes.map((): number[] => []);
  const uses = nodes.map(() => 0);
  const inputs = nodes.map(() => 0);
  for (const { from, to } of edges) {
    uses[from]++;
    inputs[to]++;
  }
  for (const { from, to } of edges) {
    const { kind, name } = nodes[from];
    const isSmall = inputs[from] === 0 && (kind === 'leaf' || (kind === 'constant' && name === ''));
    const hasOther = inputs[to] > satellites[to].length + 1; // an op is computed from something in the layer before
    if (isSmall && uses[from] === 1 && hasOther && satellites[to].length < 2) satellites[to].push(from);
  }
  return satellites;
}

/**
 * A node is as close as possible to those that use it. But what comes in from outside (constants) is in the first layer, and a group
 * comes right after what it is computed from. So the networks of several agents are in one layer, although a detach follows some.
 */
function layerOfEach({ nodes, edges }: Graph): number[] {
  const inputsOf = nodes.map((): GraphEdge[] => []);
  const usersOf = nodes.map((): GraphEdge[] => []);
  for (const edge of edges) {
    inputsOf[edge.to].push(edge);
    usersOf[edge.from].push(edge);
  }
  const order = inOrder(nodes.length, edges);
  const layerOf = nodes.map(() => 0);
  for (const id of order.toReversed()) {
    for (const { to } of usersOf[id]) layerOf[id] = Math.max(layerOf[id], layerOf[to] + 1);
  }
  const first = largest(layerOf);
  for (const id of order) {
    const { kind } = nodes[id];
    if (kind === 'constant' && usersOf[id].length > 0) layerOf[id] = first;
    if (kind === 'group') layerOf[id] = Math.min(first, ...inputsOf[id].map(({ from }) => layerOf[from] - 1));
  }
  return layerOf;
}

/** The nodes, each after all that it is computed from. */
function inOrder(count: number, edges: readonly GraphEdge[]): number[] {
  const waiting = new Array<number>(count).fill(0);
  const following = waiting.map((): number[] => []);
  for (const { from, to } of edges) {
    waiting[to]++;
    following[from].push(to);
  }
  const order: number[] = [];
  const open = [...waiting.keys()].filter((id) => waiting[id] === 0);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    order.push(id);
    open.push(...following[id].filter((next) => --waiting[next] === 0));
  }
  return order;
}

/** All items, from the output backwards, each input's own inputs before the next input. */
function inOrderOfVisit(before: readonly (readonly number[])[]): number[] {
  const visited = new Set<number>();
  const open = [...before.keys()].toReversed();
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (visited.has(item)) continue;
    visited.add(item);
    open.push(...before[item].toReversed());
  }
  return [...visited];
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, one) => Math.max(most, one), 0);
}

type Neighbors = readonly (readonly number[])[];

/** Sorts each layer by the mean position of its neighbors, back and forth, and keeps the order with the fewest crossings. */
function withFewCrossings(layers: number[][], before: Neighbors, after: Neighbors): number[][] {
  const position: number[] = [];
  const number = (layer: readonly number[]): void =>
    layer.forEach((item, index) => {
      position[item] = index;
    });
  const sort = (layer: number[], neighbors: Neighbors): number[] => {
    const wanted = new Map(
      layer.map((item) => {
        const those = neighbors[item];
        const sum = those.reduce((total, other) => total + position[other], 0);
        return [item, those.length > 0 ? sum / those.length : position[item]];
      }),
    );
    return layer.toSorted((a, b) => wanted.get(a)! - wanted.get(b)!);
  };
  layers.forEach(number);
  let best = layers;
  let fewest = crossingsOf(layers, before, position);
  let current = layers;
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const backwards = sweep % 2 === 0; // from the output to the inputs
    current = current.slice();
    for (let step = 1; step < current.length; step++) {
      const layer = backwards ? step : current.length - 1 - step;
      current[layer] = sort(current[layer], backwards ? after : before);
      number(current[layer]);
    }
    const crossings = crossingsOf(current, before, position);
    if (crossings < fewest) [best, fewest] = [current, crossings];
  }
  return best;
}

/** How many pairs of edges cross between neighboring layers. */
function crossingsOf(
  layers: readonly (readonly number[])[],
  before: Neighbors,
  position: readonly number[],
): number {
  let crossings = 0;
  for (const layer of layers) {
    const ends = layer.flatMap((item) => before[item].map((other) => position[other]).sort((a, b) => a - b));
    // An edge crosses the earlier ones that end further along. Counted from the sorted list of their ends.
    const sorted: number[] = [];
    for (const end of ends) {
      let low = 0;
      for (let high = sorted.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (sorted[middle] <= end) low = middle + 1;
        else high = middle;
      }
      crossings += sorted.length - low;
      sorted.splice(low, 0, end);
    }
  }
  return crossings;
}
