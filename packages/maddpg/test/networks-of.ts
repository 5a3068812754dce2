/** Which networks of an algorithm a gradient reaches, and which ones a step moves: by their names. */
import type { Module } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import { type Algorithm, Learner, type Maddpg, SpeakingActor } from '../src/index.js';

/** A network of an algorithm: agent_0's targetActor, say. */
export interface NamedNetwork {
  readonly owner: string;
  readonly name: string;
  readonly network: Module<never>;
}

/** Every network and every target. One that several owners share is listed once, as the first one's. */
export function namedNetworks(algorithm: Algorithm): NamedNetwork[] {
  const seen = new Set<object>();
  return algorithm.namedParts().flatMap(([owner, parts]) =>
    Object.entries(parts).flatMap(([name, part]) => {
      if (!(part instanceof Learner) || seen.has(part)) return [];
      seen.add(part);
      return [
        { owner, name, network: part.network },
        { owner, name: targetOf(name), network: part.target },
      ];
    }),
  );
}

/** The name of a network's target: actor -> targetActor. */
function targetOf(name: string): string {
  return `target${name[0].toUpperCase()}${name.slice(1)}`;
}

/**
 * The parameters of every network: 'agent_0 actor', 'agent_0 targetCritic', ... Those who speak have two: 'agent_0 actor' is
 * what acts, and 'agent_0 encoder' is what speaks.
 */
export function networksOf(maddpg: Maddpg): Map<string, readonly Tensor[]> {
  const networks = new Map<string, readonly Tensor[]>();
  for (const { owner, name, network } of namedNetworks(maddpg)) {
    if (network instanceof SpeakingActor) {
      networks.set(`${owner} ${name}`, network.body.parameters());
      networks.set(
        `${owner} ${name === 'actor' ? 'encoder' : 'targetEncoder'}`,
        network.encoder.parameters(),
      );
    } else networks.set(`${owner} ${name}`, network.parameters());
  }
  return networks;
}

/** Where `backward` from a loss, unrestricted, leaves a gradient that is not zero. */
export function reached(maddpg: Maddpg, loss: Tensor): string[] {
  clear(maddpg);
  loss.backward();
  return namesWhere(maddpg, ({ grad }) => grad?.data.some((g) => g !== 0) ?? false);
}

/** Where a step leaves a gradient at all. */
export function computed(maddpg: Maddpg, step: () => void): string[] {
  clear(maddpg);
  step();
  return namesWhere(maddpg, ({ grad }) => grad !== null);
}

/** What a step changes. */
export function moved(maddpg: Maddpg, step: () => void): string[] {
  const before = new Map([...networksOf(maddpg).values()].flat().map((x) => [x, x.data.slice()]));
  step();
  return namesWhere(maddpg, (x) => x.data.some((value, k) => value !== before.get(x)![k]));
}

function namesWhere(maddpg: Maddpg, is: (parameter: Tensor) => boolean): string[] {
  const all = [...networksOf(maddpg)];
  return all.flatMap(([name, parameters]) => (parameters.some(is) ? [name] : [])).sort();
}

function clear(maddpg: Maddpg): void {
  for (const { network } of namedNetworks(maddpg)) network.zeroGrad();
}
