import { type Adam, type Module, readSafetensors, writeSafetensors } from '@paragrad/nn';
import { Generator, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import { type AgentNetworks, Maddpg, type MaddpgSettings } from './maddpg.js';

/** A checkpoint's files by name. Where they are kept (a folder, a browser's storage) is the caller's business. */
export interface CheckpointFiles {
  /** What the networks are: the agents' sizes and the algorithm's settings. */
  'maddpg.json': string;
  /** Weights of actors, critics and their targets: `agent_0.actor.body.0.weight`, ... */
  'networks.safetensors': Uint8Array;
  /** Adam's averages for each weight: `agent_0.actor.body.0.weight.mean` and `.meanSquare`. */
  'optimisers.safetensors': Uint8Array;
}

export const checkpointFileNames = ['maddpg.json', 'networks.safetensors', 'optimisers.safetensors'] as const;

interface Description {
  format: typeof FORMAT;
  specs: readonly AgentSpec[];
  settings: MaddpgSettings;
  /** How often each optimiser has stepped: one number for each of its parameters. */
  optimiserSteps: readonly { actor: number[]; critic: number[] }[];
}

const FORMAT = 'paragrad-maddpg-1';
const NETWORKS = ['actor', 'critic', 'targetActor', 'targetCritic'] as const;
const LEARNERS = ['actor', 'critic'] as const;

/** Everything that an algorithm has learned, to act with or to go on training. */
export function saveCheckpoint(maddpg: Maddpg): CheckpointFiles {
  const networks: Record<string, Tensor> = {};
  const averages: Record<string, Tensor> = {};
  maddpg.agents.forEach((agent, i) => {
    const owner = maddpg.specs[i].name;
    for (const network of NETWORKS)
      Object.assign(networks, prefixed(`${owner}.${network}`, agent[network].stateDict()));
    for (const network of LEARNERS)
      Object.assign(averages, prefixed(`${owner}.${network}`, averagesOf(agent, network)));
  });
  const description: Description = {
    format: FORMAT,
    specs: maddpg.specs,
    settings: maddpg.settings,
    optimiserSteps: maddpg.agents.map((agent) => ({
      actor: agent.actorOptimiser.moments.map(({ step }) => step),
      critic: agent.criticOptimiser.moments.map(({ step }) => step),
    })),
  };
  return {
    'maddpg.json': `${JSON.stringify(description, null, 2)}\n`,
    'networks.safetensors': writeSafetensors(networks, { format: FORMAT }),
    'optimisers.safetensors': writeSafetensors(averages, { format: FORMAT }),
  };
}

/** The algorithm as it was saved. Throws, naming the file, where one is damaged, cut short or of something else. */
export function loadCheckpoint(files: CheckpointFiles): Maddpg {
  const description = inFile('maddpg.json', () => parseDescription(files['maddpg.json']));
  const networks = inFile('networks.safetensors', () => readSafetensors(files['networks.safetensors']));
  const averages = inFile('optimisers.safetensors', () => readSafetensors(files['optimisers.safetensors']));

  const maddpg = new Maddpg(description.specs, { ...description.settings, generator: new Generator(0) });
  maddpg.agents.forEach((agent, i) => {
    const owner = description.specs[i].name;
    for (const network of NETWORKS) {
      inFile('networks.safetensors', () =>
        agent[network].loadStateDict(stripped(`${owner}.${network}`, networks)),
      );
    }
    for (const network of LEARNERS) {
      const steps = description.optimiserSteps[i][network];
      inFile('optimisers.safetensors', () =>
        restoreAverages(agent, network, stripped(`${owner}.${network}`, averages), steps),
      );
    }
  });
  return maddpg;
}

function optimiserOf(agent: AgentNetworks, network: 'actor' | 'critic'): [Module<never>, Adam] {
  return network === 'actor' ? [agent.actor, agent.actorOptimiser] : [agent.critic, agent.criticOptimiser];
}

function averagesOf(agent: AgentNetworks, network: 'actor' | 'critic'): Record<string, Tensor> {
  const [module, { moments }] = optimiserOf(agent, network);
  return Object.fromEntries(
    module.namedParameters().flatMap(([name, { shape }], p) => [
      [`${name}.mean`, new Tensor(moments[p].mean, shape)],
      [`${name}.meanSquare`, new Tensor(moments[p].meanSquare, shape)],
    ]),
  );
}

function restoreAverages(
  agent: AgentNetworks,
  network: 'actor' | 'critic',
  saved: Record<string, Tensor>,
  steps: readonly number[],
): void {
  const [module, { moments }] = optimiserOf(agent, network);
  module.namedParameters().forEach(([name, { size }], p) => {
    for (const average of ['mean', 'meanSquare'] as const) {
      const source = saved[`${name}.${average}`];
      if (source?.size !== size)
        throw new Error(`${network}.${name}.${average} is missing or of another size`);
      moments[p][average].set(source.data);
    }
    moments[p].step = steps[p];
  });
}

function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT) {
    throw new Error(`format is ${JSON.stringify(description?.format)}; this version reads "${FORMAT}"`);
  }
  if (
    !description.specs ||
    !description.settings ||
    description.optimiserSteps?.length !== description.specs.length
  ) {
    throw new Error('specs, settings or optimiserSteps are missing or do not match');
  }
  return description as Description;
}

function prefixed(prefix: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [`${prefix}.${name}`, x]));
}

function stripped(prefix: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, x]) => [name.slice(prefix.length + 1), x]),
  );
}

function inFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`checkpoint: ${name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
