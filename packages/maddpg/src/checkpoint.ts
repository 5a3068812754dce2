import { Module, Optimizer, readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import type { AgentSpec } from './agent-spec.js';
import type { Algorithm, Parts } from './algorithm.js';
import { type AlgorithmName, algorithmName, makeAlgorithm } from './algorithms.js';

/** A checkpoint's files by name. Where they are kept (a folder, a browser's storage) is the caller's business. */
export interface CheckpointFiles {
  /** What the networks are: the algorithm, its settings and the agents' sizes. */
  'maddpg.json': string;
  /** Weights of networks and their targets, `agent_0.actor.body.0.weight`, ..., and what observations and rewards are normalized by. */
  'networks.safetensors': Uint8Array;
  /** Their optimizers' states: `agent_0.actorOptimizer.lr`, `agent_0.actorOptimizer.0.mean`, ... */
  'optimizers.safetensors': Uint8Array;
}

/** The names of `CheckpointFiles`. */
export const checkpointFileNames = ['maddpg.json', 'networks.safetensors', 'optimizers.safetensors'] as const;

interface Description {
  format: typeof FORMAT;
  specs: readonly AgentSpec[];
  settings: object;
  /** Absent from checkpoints made before there were others. */
  algorithm?: AlgorithmName;
  updates?: number;
}

const FORMAT = 'paragrad-maddpg-1';

/** Everything that an algorithm has learned, to act with or to go on training. */
export function saveCheckpoint(algorithm: Algorithm): CheckpointFiles {
  const { specs, settings, updates } = algorithm;
  const name = algorithmName(algorithm);
  const description: Description = { format: FORMAT, algorithm: name, specs, settings, updates };
  return {
    'maddpg.json': `${JSON.stringify(description, null, 2)}\n`,
    'networks.safetensors': writeSafetensors(statesOf(algorithm, Module), { format: FORMAT }),
    'optimizers.safetensors': writeSafetensors(statesOf(algorithm, Optimizer), { format: FORMAT }),
  };
}

/** The algorithm as it was saved. Throws, naming the file, where one is damaged, cut short or of something else. */
export function loadCheckpoint(files: CheckpointFiles): Algorithm {
  const algorithm = inFile('maddpg.json', () => untrained(parseDescription(files['maddpg.json'])));
  const networks = inFile('networks.safetensors', () => readSafetensors(files['networks.safetensors']));
  const optimizers = inFile('optimizers.safetensors', () => readSafetensors(files['optimizers.safetensors']));

  inFile('networks.safetensors', () => {
    for (const [name, network] of partsOf(algorithm, Module)) network.loadStateDict(stripped(name, networks));
  });
  inFile('optimizers.safetensors', () => {
    for (const [name, optimizer] of partsOf(algorithm, Optimizer)) {
      optimizer.loadStateDict(stripped(name, optimizers));
    }
  });
  return algorithm;
}

/** Networks or optimizers, by the names of their owners and their own. */
function partsOf(algorithm: Algorithm, kind: typeof Module | typeof Optimizer): [string, Parts[string]][] {
  return algorithm.namedAgents().flatMap(([owner, parts]) =>
    Object.entries(parts)
      .filter(([, part]) => part instanceof kind)
      .map(([name, part]): [string, Parts[string]] => [`${owner}.${name}`, part]),
  );
}

function statesOf(algorithm: Algorithm, kind: typeof Module | typeof Optimizer): StateDict {
  return Object.assign(
    {},
    ...partsOf(algorithm, kind).map(([name, part]) => prefixed(name, part.stateDict())),
  );
}

function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT) {
    throw new Error(`format is ${JSON.stringify(description?.format)}; this version reads "${FORMAT}"`);
  }
  if (!description.specs || !description.settings) throw new Error('specs or settings are missing');
  return description as Description;
}

function untrained({ algorithm = 'maddpg', specs, settings, updates = 0 }: Description): Algorithm {
  const untrained = makeAlgorithm(algorithm, specs, { ...settings, generator: new Generator(0) });
  untrained.updates = updates;
  return untrained;
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
