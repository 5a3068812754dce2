import { type Module, Optimizer, readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import { type AlgorithmName, algorithmName, makeAlgorithm } from '../algorithms.js';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Algorithm } from '../learning/algorithm.js';
import { Learner } from '../learning/learner.js';
import { currentTensorName, withCurrentNames } from './old-names.js';

/**
 * A checkpoint's files by name. Where they are kept (a folder, a browser's storage) is the caller's business. Tensors are named
 * by owner, part and parameter. What several agents share is there once, under the first of them.
 */
export interface CheckpointFiles {
  /** What the networks are: the algorithm, its settings, the agents' sizes, and the number of updates. */
  'algorithm.json': string;
  /** Networks, targets, statistics: `agent_0.actor.body.0.weight`, `agent_0.targetActor.body.0.weight`, ... */
  'networks.safetensors': Uint8Array;
  /** Optimizers: `agent_0.actorOptimizer.lr`, `agent_0.actorOptimizer.0.mean`, ... */
  'optimizers.safetensors': Uint8Array;
}

/** The names of `CheckpointFiles`. */
export const checkpointFileNames = [
  'algorithm.json',
  'networks.safetensors',
  'optimizers.safetensors',
] as const;

/** Checkpoint files as they were named before. `loadCheckpoint` takes them, too. */
export interface OldCheckpointFiles {
  'maddpg.json': string;
  'networks.safetensors': Uint8Array;
  'optimisers.safetensors': Uint8Array;
}

interface Description {
  format: typeof FORMAT | typeof OLD_FORMAT;
  specs: readonly AgentSpec[];
  settings: object;
  /** Absent from checkpoints made before there were others. */
  algorithm?: AlgorithmName;
  updates?: number;
}

const FORMAT = 'paragrad-2';
const OLD_FORMAT = 'paragrad-maddpg-1';

/** Everything that an algorithm has learned, to act with or to go on training. */
export function saveCheckpoint(algorithm: Algorithm): CheckpointFiles {
  const { specs, settings, updates } = algorithm;
  const description: Description = {
    format: FORMAT,
    algorithm: algorithmName(algorithm),
    specs,
    settings,
    updates,
  };
  const { networks, optimizers } = storedParts(algorithm);
  return {
    'algorithm.json': `${JSON.stringify(description, null, 2)}\n`,
    'networks.safetensors': writeSafetensors(statesOf(networks), { format: FORMAT }),
    'optimizers.safetensors': writeSafetensors(statesOf(optimizers), { format: FORMAT }),
  };
}

/** The algorithm as it was saved. Throws, naming the file, where one is damaged, cut short or of something else. */
export function loadCheckpoint(files: CheckpointFiles | OldCheckpointFiles): Algorithm {
  const [description, networks, optimizers] =
    'maddpg.json' in files
      ? (['maddpg.json', 'networks.safetensors', 'optimisers.safetensors'] as const)
      : checkpointFileNames;
  const contents: Readonly<Record<string, string | Uint8Array>> = { ...files };
  const algorithm = inFile(description, () => untrained(parseDescription(contents[description] as string)));
  const parts = storedParts(algorithm);
  const read = (name: string) =>
    inFile(name, () => {
      const tensors = Object.entries(readSafetensors(contents[name] as Uint8Array));
      const isOld = description === 'maddpg.json';
      return Object.fromEntries(tensors.map(([name, x]) => [isOld ? currentTensorName(name) : name, x]));
    });
  const [networkStates, optimizerStates] = [read(networks), read(optimizers)];
  inFile(networks, () => loadStates(parts.networks, networkStates));
  inFile(optimizers, () => loadStates(parts.optimizers, optimizerStates));
  return algorithm;
}

/** What a checkpoint stores, by the names in its files: each part once, under the first of its owners. */
function storedParts(
  algorithm: Algorithm,
): Record<'networks' | 'optimizers', Map<string, Module<never> | Optimizer>> {
  const networks = new Map<string, Module<never>>();
  const optimizers = new Map<string, Optimizer>();
  const stored = new Set<object>();
  for (const [owner, parts] of algorithm.namedParts()) {
    for (const [name, part] of Object.entries(parts)) {
      if (stored.has(part)) continue;
      stored.add(part);
      if (part instanceof Learner) {
        networks.set(`${owner}.${name}`, part.network);
        networks.set(`${owner}.target${name[0].toUpperCase()}${name.slice(1)}`, part.target);
        optimizers.set(`${owner}.${name}Optimizer`, part.optimizer);
      } else if (part instanceof Optimizer) optimizers.set(`${owner}.${name}`, part);
      else networks.set(`${owner}.${name}`, part);
    }
  }
  return { networks, optimizers };
}

function statesOf(parts: ReadonlyMap<string, Module<never> | Optimizer>): StateDict {
  const states = [...parts].flatMap(([name, part]) =>
    Object.entries(part.stateDict()).map(([own, x]) => [`${name}.${own}`, x]),
  );
  return Object.fromEntries(states);
}

function loadStates(parts: ReadonlyMap<string, Module<never> | Optimizer>, states: StateDict): void {
  for (const [name, part] of parts) {
    const own = Object.entries(states).filter(([tensor]) => tensor.startsWith(`${name}.`));
    part.loadStateDict(Object.fromEntries(own.map(([tensor, x]) => [tensor.slice(name.length + 1), x])));
  }
}

function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT && description?.format !== OLD_FORMAT) {
    throw new Error(`format is ${JSON.stringify(description?.format)}; this version reads "${FORMAT}"`);
  }
  if (!description.specs || !description.settings) throw new Error('specs or settings are missing');
  return description as Description;
}

function untrained({ algorithm = 'maddpg', specs, settings, updates = 0 }: Description): Algorithm {
  const untrained = makeAlgorithm(algorithm, specs, {
    ...withCurrentNames(settings),
    generator: new Generator(0),
  });
  untrained.updates = updates;
  return untrained;
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
