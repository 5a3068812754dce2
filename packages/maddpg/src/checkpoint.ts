import { readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import { type AlgorithmName, algorithmName, makeAlgorithm } from './algorithms.js';
import type { Maddpg } from './maddpg.js';
import type { MaddpgSettings } from './settings.js';

/** A checkpoint's files by name. Where they are kept (a folder, a browser's storage) is the caller's business. */
export interface CheckpointFiles {
  /** What the networks are: the algorithm, its settings and the agents' sizes. */
  'maddpg.json': string;
  /** Weights of actors, critics and their targets, `agent_0.actor.body.0.weight`, ..., and what observations and rewards are normalised by. */
  'networks.safetensors': Uint8Array;
  /** Their optimisers' states: `agent_0.actorOptimiser.lr`, `agent_0.actorOptimiser.0.mean`, ... */
  'optimisers.safetensors': Uint8Array;
}

export const checkpointFileNames = ['maddpg.json', 'networks.safetensors', 'optimisers.safetensors'] as const;

interface Description {
  format: typeof FORMAT;
  specs: readonly AgentSpec[];
  settings: MaddpgSettings;
  /** Absent from checkpoints made before there were others. */
  algorithm?: AlgorithmName;
  updates?: number;
}

const FORMAT = 'paragrad-maddpg-1';
const NETWORKS = ['actor', 'critic', 'targetActor', 'targetCritic', 'normaliser'] as const;
const OPTIMISERS = ['actorOptimiser', 'criticOptimiser'] as const;

/** Everything that an algorithm has learned, to act with or to go on training. */
export function saveCheckpoint(maddpg: Maddpg): CheckpointFiles {
  const networks: StateDict = {};
  const optimisers: StateDict = {};
  for (const [owner, agent] of maddpg.namedAgents()) {
    for (const name of NETWORKS) {
      Object.assign(networks, prefixed(`${owner}.${name}`, agent[name]?.stateDict() ?? {}));
    }
    for (const name of OPTIMISERS) {
      Object.assign(optimisers, prefixed(`${owner}.${name}`, agent[name]?.stateDict() ?? {}));
    }
  }
  const { specs, settings, updates } = maddpg;
  const algorithm = algorithmName(maddpg);
  const description: Description = { format: FORMAT, algorithm, specs, settings, updates };
  return {
    'maddpg.json': `${JSON.stringify(description, null, 2)}\n`,
    'networks.safetensors': writeSafetensors(networks, { format: FORMAT }),
    'optimisers.safetensors': writeSafetensors(optimisers, { format: FORMAT }),
  };
}

/** The algorithm as it was saved. Throws, naming the file, where one is damaged, cut short or of something else. */
export function loadCheckpoint(files: CheckpointFiles): Maddpg {
  const maddpg = inFile('maddpg.json', () => untrained(parseDescription(files['maddpg.json'])));
  const networks = inFile('networks.safetensors', () => readSafetensors(files['networks.safetensors']));
  const optimisers = inFile('optimisers.safetensors', () => readSafetensors(files['optimisers.safetensors']));

  for (const [owner, agent] of maddpg.namedAgents()) {
    inFile('networks.safetensors', () => {
      for (const name of NETWORKS) agent[name]?.loadStateDict(stripped(`${owner}.${name}`, networks));
    });
    inFile('optimisers.safetensors', () => {
      for (const name of OPTIMISERS) agent[name]?.loadStateDict(stripped(`${owner}.${name}`, optimisers));
    });
  }
  return maddpg;
}

function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT) {
    throw new Error(`format is ${JSON.stringify(description?.format)}; this version reads "${FORMAT}"`);
  }
  if (!description.specs || !description.settings) throw new Error('specs or settings are missing');
  return description as Description;
}

function untrained({ algorithm = 'maddpg', specs, settings, updates = 0 }: Description): Maddpg {
  const maddpg = makeAlgorithm(algorithm, specs, { ...settings, generator: new Generator(0) });
  maddpg.updates = updates;
  return maddpg;
}

function prefixed(prefix: string, tensors: StateDict): StateDict {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [`${prefix}.${name}`, x]));
}

function stripped(prefix: string, tensors: StateDict): StateDict {
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
