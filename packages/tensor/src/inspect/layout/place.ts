import type { Layers } from './layers.js';

/** What an item needs across the layers, on both sides of its middle. */
export interface Extent {
  readonly before: number;
  readonly after: number;
}

/** How many times the items of all layers are moved towards their neighbors. */
const SWEEPS = 40;

/**
 * Where the middle of each item is across the layers: as close as possible to the mean of its neighbors. In each layer the order
 * stays, and items keep a distance. `isHeavy`: items that pull more, so that the lines between them are straight.
 */
export function place(
  { layers, before, after }: Layers,
  extents: readonly Extent[],
  distance: number,
  isHeavy: readonly boolean[],
): number[] {
  const middles: number[] = [];
  const apart = (a: number, b: number): number => extents[a].after + distance + extents[b].before;
  for (const layer of layers) {
    layer.forEach((item, index) => {
      middles[item] = index === 0 ? 0 : middles[layer[index - 1]] + apart(layer[index - 1], item);
    });
  }
  const pull = (a: number, b: number): number => (isHeavy[a] && isHeavy[b] ? 8 : 1);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? layers : layers.toReversed();
    for (const layer of order) {
      const wanted = layer.map((item) => {
        let [weight, sum] = [0, 0];
        for (const other of [...before[item], ...after[item]]) {
          weight += pull(item, other);
          sum += pull(item, other) * middles[other];
        }
        return weight > 0 ? { weight, at: sum / weight } : { weight: 0.01, at: middles[item] };
      });
      const gaps = layer.map((item, index) => (index === 0 ? 0 : apart(layer[index - 1], item)));
      closest(wanted, gaps).forEach((middle, index) => {
        middles[layer[index]] = middle;
      });
    }
  }
  const least = layers
    .flat()
    .reduce((min, item) => Math.min(min, middles[item] - extents[item].before), Infinity);
  return middles.map((middle) => middle - least);
}

/**
 * The positions with the least sum of weighted squared distances from the wanted ones, each at least its gap after the one before.
 * Without the gaps this is isotonic regression: neighbors in the wrong order move to their common mean (pool adjacent violators).
 */
function closest(wanted: readonly { at: number; weight: number }[], gaps: readonly number[]): number[] {
  let offset = 0;
  const offsets = gaps.map((gap) => {
    offset += gap;
    return offset;
  });
  const pools: { at: number; weight: number; count: number }[] = [];
  wanted.forEach(({ at, weight }, index) => {
    let pool = { at: at - offsets[index], weight, count: 1 };
    for (let last = pools.at(-1); last && last.at > pool.at; last = pools.at(-1)) {
      pools.pop();
      const sum = last.weight + pool.weight;
      pool = {
        at: (last.at * last.weight + pool.at * pool.weight) / sum,
        weight: sum,
        count: last.count + pool.count,
      };
    }
    pools.push(pool);
  });
  const positions = pools.flatMap(({ at, count }) => new Array<number>(count).fill(at));
  return positions.map((position, index) => position + offsets[index]);
}
