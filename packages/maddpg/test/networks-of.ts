/** Finds the networks of an algorithm that a gradient reaches, and those that a step changes, by name. */
import type { Module } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import { type Algorithm, Learner, type Maddpg, SpeakingActor } from '../src/index.js';

/** A network of an algorithm, such as the `targetActor` of `agent_0`. */
export interface NamedNetwork {
  readonly owner: string;
  readonly name: string;
  readonly network: Module<never>;
}

/** Every network and every target. A shared one is listed once, under its first owner. */
export function namedNetworks(algorithm: Algorithm): NamedNetwork[] {
  const listed = new Set<object>();
  return algorithm.namedParts().flatMap(([owner, parts]) =>
    Object.entries(parts).flatMap(([name, part]) => {
      if (!(part instanceof Learner) || listed.has(part)) return [];
      listed.add(part);
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
 * The parameters of every network, by name: 'agent_0 actor', 'agent_0 targetCritic', ... An actor that sends messages counts as
 * two networks: 'agent_0 actor' acts, and 'agent_0 encoder' makes the messages.
 */
export function parametersByName(maddpg: Maddpg): Map<string, readonly Tensor[]> {
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

/** The networks in which `backward` from this loss, without `inputs`, leaves a gradient that is not 0. */
export function networksReached(maddpg: Maddpg, loss: Tensor): string[] {
  clearGradients(maddpg);
  loss.backward();
  return namesWhere(maddpg, ({ grad }) => grad?.data.some((g) => g !== 0) ?? false);
}

/** The networks in which a step leaves any gradient, even 0. */
export function networksWithGradient(maddpg: Maddpg, step: () => void): string[] {
  clearGradients(maddpg);
  step();
  return namesWhere(maddpg, ({ grad }) => grad !== null);
}

/** The networks that a step changes. */
export function networksChanged(maddpg: Maddpg, step: () => void): string[] {
  const before = new Map([...parametersByName(maddpg).values()].flat().map((x) => [x, x.data.slice()]));
  step();
  return namesWhere(maddpg, (x) => x.data.some((value, k) => value !== before.get(x)![k]));
}

function namesWhere(maddpg: Maddpg, matches: (parameter: Tensor) => boolean): string[] {
  const all = [...parametersByName(maddpg)];
  return all.flatMap(([name, parameters]) => (parameters.some(matches) ? [name] : [])).sort();
}

function clearGradients(maddpg: Maddpg): void {
  for (const { network } of namedNetworks(maddpg)) network.zeroGrad();
}
