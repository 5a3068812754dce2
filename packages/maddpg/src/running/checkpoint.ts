import { type Module, Optimizer, readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import { type AlgorithmName, algorithmName, makeAlgorithm } from '../algorithms.js';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Algorithm } from '../learning/algorithm.js';
import { Learner } from '../learning/learner.js';
import { currentTensorName, withCurrentNames } from './old-names.js';

/**
 * A checkpoint's files by name, for you to store in a folder or anywhere else. Tensors are named by owner, part and
 * parameter. A network that agents share is stored once, under the first of them.
 */
export interface CheckpointFiles {
  /** The algorithm's name and settings, the agents' specs, and the number of updates. */
  'algorithm.json': string;
  /** Networks, targets and running statistics: `agent_0.actor.body.0.weight`, `agent_0.targetActor.body.0.weight`, ... */
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

/** A checkpoint of an earlier version. `loadCheckpoint` reads it, too. */
export interface OldCheckpointFiles {
  'maddpg.json': string;
  'networks.safetensors': Uint8Array;
  'optimisers.safetensors': Uint8Array;
}

/** The content of algorithm.json. */
interface Description {
  format: typeof FORMAT | typeof OLD_FORMAT;
  specs: readonly AgentSpec[];
  settings: object;
  /** Missing in the oldest checkpoints, which are all of MADDPG. */
  algorithm?: AlgorithmName;
  updates?: number;
}

const FORMAT = 'paragrad-2';
const OLD_FORMAT = 'paragrad-maddpg-1';

/** A checkpoint of everything that an algorithm has learned: enough to act, and to continue training. */
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

/**
 * The algorithm as it was saved. Throws if a file is damaged, incomplete, or of another network; the message names the
 * file.
 */
export function loadCheckpoint(files: CheckpointFiles | OldCheckpointFiles): Algorithm {
  const [description, networks, optimizers] =
    'maddpg.json' in files
      ? (['maddpg.json', 'networks.safetensors', 'optimisers.safetensors'] as const)
      : checkpointFileNames;
  const contents: Readonly<Record<string, string | Uint8Array>> = { ...files };
  const algorithm = namingFile(description, () =>
    makeUntrained(parseDescription(contents[description] as string)),
  );
  const parts = storedParts(algorithm);
  const read = (name: string) =>
    namingFile(name, () => {
      const tensors = Object.entries(readSafetensors(contents[name] as Uint8Array));
      const isOld = description === 'maddpg.json';
      return Object.fromEntries(tensors.map(([name, x]) => [isOld ? currentTensorName(name) : name, x]));
    });
  const [networkStates, optimizerStates] = [read(networks), read(optimizers)];
  namingFile(networks, () => loadStates(parts.networks, networkStates));
  namingFile(optimizers, () => loadStates(parts.optimizers, optimizerStates));
  return algorithm;
}

/**
 * Everything a checkpoint stores, by the names in its files. A part with several owners is there once, under the first
 * of them.
 */
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
    Object.entries(part.stateDict()).map(([parameter, x]) => [`${name}.${parameter}`, x]),
  );
  return Object.fromEntries(states);
}

function loadStates(parts: ReadonlyMap<string, Module<never> | Optimizer>, states: StateDict): void {
  for (const [name, part] of parts) {
    const ofPart = Object.entries(states).filter(([tensor]) => tensor.startsWith(`${name}.`));
    part.loadStateDict(Object.fromEntries(ofPart.map(([tensor, x]) => [tensor.slice(name.length + 1), x])));
  }
}

function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT && description?.format !== OLD_FORMAT) {
    throw new Error(
      `the format is ${JSON.stringify(description?.format)}, but this version reads "${FORMAT}" and "${OLD_FORMAT}"; ` +
        'give the files of a checkpoint that Paragrad saved',
    );
  }
  if (!description.specs || !description.settings) {
    throw new Error('specs or settings are missing; give the file as saveCheckpoint returned it');
  }
  return description as Description;
}

function makeUntrained({ algorithm = 'maddpg', specs, settings, updates = 0 }: Description): Algorithm {
  const untrained = makeAlgorithm(algorithm, specs, {
    ...withCurrentNames(settings),
    generator: new Generator(0),
  });
  untrained.updates = updates;
  return untrained;
}

/** Returns what `read` returns. Its errors get the file's name. */
function namingFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`checkpoint: ${name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
