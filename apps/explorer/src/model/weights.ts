/** All weights of an algorithm at some time, to show them, to compare them and to go back to them. */
import type { Maddpg } from '@paragrad/maddpg';
import type { FloatArray, Tensor } from '@paragrad/tensor';
import { storedParts } from './copy.js';

/**
 * Everything learned, by name: `agent_0.critic.body.0.weight`. Parameters of networks and targets, and statistics; what agents share
 * is there once, under the first of them. An array that did not change from one time to the next is the same object.
 */
export type Weights = ReadonlyMap<string, FloatArray>;

/** A number before and after. null: there is none. */
export type Change = readonly [before: number | null, after: number | null];

/** What became of a network's gradient, or of its weights. */
export interface NetworkChange {
  /** `agent_0.critic` */
  readonly network: string;
  readonly change: Change;
}

/** The weights as they are now. `before`: those of an earlier time. */
export function weightsOf(algorithm: Maddpg, before: Weights = new Map()): Weights {
  return new Map(
    [...learned(algorithm)].map(([name, { data }]) => {
      const known = before.get(name);
      return [name, known && isSame(known, data) ? known : data.slice()];
    }),
  );
}

/** Gives an algorithm these weights. */
export function setWeights(algorithm: Maddpg, weights: Weights): void {
  for (const [name, x] of learned(algorithm)) {
    const numbers = weights.get(name)!;
    if (!isSame(numbers, x.data)) x.update((data) => data.set(numbers));
  }
}

/** How far each network moved: ‖θ_after - θ_before‖. Those that did not are left out. */
export function distancesMoved(before: Weights, after: Weights): NetworkChange[] {
  const sums = new Sums();
  for (const [name, numbers] of after) {
    const from = before.get(name)!;
    if (from !== numbers) sums.add(networkOf(name), squaredDistance(from, numbers));
  }
  return sums.list((square) => [0, Math.sqrt(square)]);
}

/** How far each network is from its target, before and after. */
export function distancesToTargets(before: Weights, after: Weights): NetworkChange[] {
  const [first, second] = [before, after].map((weights) => {
    const sums = new Sums();
    for (const [name, numbers] of weights) {
      const target = weights.get(nameInTarget(name));
      if (target) sums.add(networkOf(name), squaredDistance(numbers, target));
    }
    return sums;
  });
  return second.list((square, network) => [Math.sqrt(first.get(network)), Math.sqrt(square)]);
}

/** Sums of squares, network by network. */
class Sums {
  readonly #sums = new Map<string, number>();

  add(network: string, square: number): void {
    this.#sums.set(network, this.get(network) + square);
  }

  get(network: string): number {
    return this.#sums.get(network) ?? 0;
  }

  list(changeOf: (square: number, network: string) => Change): NetworkChange[] {
    return [...this.#sums].map(([network, square]) => ({ network, change: changeOf(square, network) }));
  }
}

function learned(algorithm: Maddpg): Map<string, Tensor> {
  const names = new Map<Tensor, string>();
  for (const [name, part] of storedParts(algorithm)) {
    if (name.endsWith('Optimizer')) continue;
    for (const [parameter, x] of Object.entries(part.stateDict())) {
      if (!names.has(x)) names.set(x, `${name}.${parameter}`);
    }
  }
  return new Map([...names].map(([x, name]) => [name, x]));
}

function isSame(a: FloatArray, b: FloatArray): boolean {
  return a.length === b.length && a.every((value, k) => Object.is(value, b[k]));
}

function squaredDistance(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
  return sum;
}

/** agent_0.critic.body.0.weight -> agent_0.critic */
function networkOf(name: string): string {
  return name.split('.', 2).join('.');
}

/** agent_0.critic.body.0.weight -> agent_0.targetCritic.body.0.weight */
function nameInTarget(name: string): string {
  const [owner, part, ...rest] = name.split('.');
  return [owner, `target${part[0].toUpperCase()}${part.slice(1)}`, ...rest].join('.');
}
