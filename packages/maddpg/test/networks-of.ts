/** Which networks of an algorithm a gradient reaches, and which ones a step moves: by their names. */
import type { Tensor } from '@paragrad/tensor';
import { type Maddpg, SpeakingActor } from '../src/index.js';

/**
 * The parameters of every network: 'agent_0 actor', 'agent_0 targetCritic', ... One that several share is listed once, as the
 * first one's; of those who speak 'agent_0 actor' is what acts, and 'agent_0 encoder' what speaks.
 */
export function networksOf(maddpg: Maddpg): Map<string, readonly Tensor[]> {
  const networks = new Map<string, readonly Tensor[]>();
  const seen = new Set<Tensor>();
  const add = (name: string, parameters: readonly Tensor[]) => {
    if (!seen.has(parameters[0])) networks.set(name, parameters);
    for (const parameter of parameters) seen.add(parameter);
  };
  for (const [owner, agent] of maddpg.namedAgents()) {
    for (const part of ['actor', 'critic', 'targetActor', 'targetCritic'] as const) {
      const network = agent[part];
      if (network instanceof SpeakingActor) {
        add(`${owner} ${part}`, network.body.parameters());
        add(`${owner} ${part === 'actor' ? 'encoder' : 'targetEncoder'}`, network.encoder.parameters());
      } else if (network) add(`${owner} ${part}`, network.parameters());
    }
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
  for (const [, agent] of maddpg.namedAgents()) {
    for (const part of ['actor', 'critic', 'targetActor', 'targetCritic'] as const) agent[part]?.zeroGrad();
  }
}
