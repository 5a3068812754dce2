import {
  ArgumentError,
  type Check,
  checkArgument,
  describe,
  FileError,
  object,
  PlatformError,
  text,
} from '@paragrad/check';
import { type Module, Optimizer, readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator } from '@paragrad/tensor';
import { type AlgorithmName, algorithmNames, algorithms, makeAlgorithm } from '../algorithms.js';
import { type Algorithm, anAlgorithm } from '../learning/algorithm.js';
import { Learner } from '../learning/learner.js';
import { defaultsOf, type SettingsTable } from '../settings/setting.js';
import { checkSame } from '../state/stateful.js';
import { checkNumbers, checkStates } from './check-states.js';
import { crc32 } from './crc32.js';
import { checksumOf, type Description, FORMAT, OWN_CLASS, parseDescription } from './description.js';
import { toJson } from './json.js';
import { currentTensorName, withCurrentNames } from './old-names.js';

/**
 * A checkpoint's files by name, for you to store in a folder or anywhere else. Tensors are named by owner, part and
 * parameter. A network that agents share is stored once, under the first of them.
 */
export interface CheckpointFiles {
  /** The algorithm's name and settings, the agents' specs, the number of updates, and a checksum of each file. */
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
  /** The content of `algorithm.json`, under its old name. */
  'maddpg.json': string;
  /** Networks, targets and running statistics. */
  'networks.safetensors': Uint8Array;
  /** The content of `optimizers.safetensors`, under its old name. */
  'optimisers.safetensors': Uint8Array;
}

const OLD_NAMES = ['maddpg.json', 'networks.safetensors', 'optimisers.safetensors'] as const;

const someBytes: Check<Uint8Array> = {
  inWords: 'the bytes of the file',
  accepts: (value): value is Uint8Array => value instanceof Uint8Array,
};

/**
 * A checkpoint of everything that an algorithm has learned: enough to act, and to continue training.
 *
 * @throws ArgumentError if a number is not finite: training has diverged.
 */
export function saveCheckpoint(algorithm: Algorithm): CheckpointFiles {
  checkArgument('saveCheckpoint', 'algorithm', algorithm, anAlgorithm);
  const description = descriptionOf(algorithm);
  const parts = storedParts(algorithm);
  const [networks, optimizers] = [parts.networks, parts.optimizers].map((some) => {
    const states = statesOf(some);
    checkNumbers('saveCheckpoint', states);
    return writeSafetensors(states, { format: FORMAT });
  });
  const checksums = {
    'algorithm.json': checksumOf(description),
    'networks.safetensors': crc32(networks),
    'optimizers.safetensors': crc32(optimizers),
  };
  return {
    'algorithm.json': toJson('saveCheckpoint', { ...description, crc32: checksums }),
    'networks.safetensors': networks,
    'optimizers.safetensors': optimizers,
  };
}

function descriptionOf(algorithm: Algorithm): Description {
  const { specs, settings, updates } = algorithm;
  const name = algorithmNames.find((name) => algorithm.constructor === algorithms[name]);
  return {
    format: FORMAT,
    algorithm: name ?? `${OWN_CLASS}${algorithm.constructor.name}`,
    specs,
    settings,
    updates,
  };
}

/**
 * The algorithm as it was saved. For an algorithm of a class of your own there is `restoreCheckpoint`.
 *
 * @throws FileError if a file is missing, damaged, or of another checkpoint, and if a number in it is not finite; the message
 * names the file.
 */
export function loadCheckpoint(files: CheckpointFiles | OldCheckpointFiles): Algorithm {
  return readCheckpoint(files, makeUntrained);
}

/**
 * Gives an algorithm what a checkpoint has. It may be of a class of your own, made as the saved one was.
 *
 * @throws FileError like `loadCheckpoint`, and ArgumentError if the checkpoint is of another algorithm, of other agents or with
 * other settings; then nothing has changed.
 */
export function restoreCheckpoint(algorithm: Algorithm, files: CheckpointFiles): void {
  checkArgument('restoreCheckpoint', 'algorithm', algorithm, anAlgorithm);
  readCheckpoint(files, (saved) => {
    const { settings: table = {} } = algorithm.constructor as { settings?: SettingsTable };
    // A setting that did not exist then was what its default is.
    const complete = { ...saved, settings: { ...defaultsOf(table), ...saved.settings } };
    checkSame('the algorithm', describedBy(complete), describedBy(descriptionOf(algorithm)));
    return algorithm;
  });
}

/** What must be equal for training to go on. */
function describedBy({ algorithm, specs, settings }: Description) {
  return { algorithm, specs, settings };
}

/** The algorithm that `algorithmFor` returns, with what the checkpoint has. */
function readCheckpoint(
  files: CheckpointFiles | OldCheckpointFiles,
  algorithmFor: (description: Description) => Algorithm,
): Algorithm {
  checkArgument('loadCheckpoint', 'files', files, object);
  const isOld = 'maddpg.json' in files;
  const [description, networks, optimizers] = isOld ? OLD_NAMES : checkpointFileNames;
  const contents = new Map<string, unknown>(Object.entries(files));
  const [json, ...binaries] = [contents.get(description), contents.get(networks), contents.get(optimizers)];
  checkArgument('loadCheckpoint', description, json, text);
  const described = namingFile(description, () => parseDescription(json));
  const algorithm = namingFile(description, () => algorithmFor(described));
  const parts = storedParts(algorithm);

  const loads = [networks, optimizers].map((name, k) => {
    const bytes = binaries[k];
    checkArgument('loadCheckpoint', name, bytes, someBytes);
    return namingFile(name, () => {
      const tensors = readSafetensors(bytes, { onLeftOut });
      const states = isOld ? currentStates(tensors, parts.repeated) : tensors;
      const ofKind = k === 0 ? parts.networks : parts.optimizers;
      checkStates(statesOf(ofKind), states);
      checkChecksum(name, described, crc32(bytes));
      return () => loadStates(ofKind, states);
    });
  });
  // After what is more precise: which tensors do not fit, and which are damaged.
  namingFile(description, () => checkChecksum(description, described, checksumOf(described)));
  for (const load of loads) load();
  algorithm.updates = described.updates ?? 0;
  return algorithm;
}

function onLeftOut(name: string, why: string): never {
  throw new FileError(`${name}: ${why}`);
}

/** The tensors of an old file under their current names, each once. */
function currentStates(tensors: StateDict, repeated: readonly string[]): StateDict {
  const renamed = Object.entries(tensors).map(([name, x]) => [currentTensorName(name), x] as const);
  const isRepeated = (name: string) => repeated.some((part) => name.startsWith(`${part}.`));
  return Object.fromEntries(renamed.filter(([name]) => !isRepeated(name)));
}

function checkChecksum(file: string, { crc32: checksums }: Description, actual: string): void {
  const expected = checksums?.[file];
  if (checksums === undefined || expected === actual) return;
  throw new FileError(
    `its CRC-32 is ${actual}, but algorithm.json says ${describe(expected)}: it was damaged or changed, or is of another ` +
      'checkpoint; give the files as they were saved, or remove crc32 from algorithm.json to load them all the same',
  );
}

/**
 * Everything a checkpoint stores, by the names in its files. A part with several owners is there once, under the first
 * of them.
 */
function storedParts(algorithm: Algorithm): StoredParts {
  const stored = {
    networks: new Map(),
    optimizers: new Map(),
    repeated: [] as string[],
  } satisfies StoredParts;
  const seen = new Set<object>();
  for (const [owner, parts] of algorithm.namedParts()) {
    for (const [name, part] of Object.entries(parts)) {
      const put = (kind: 'networks' | 'optimizers', name: string, piece: Module<never> | Optimizer) => {
        const full = `${owner}.${name}`;
        if (seen.has(part)) {
          stored.repeated.push(full);
          return;
        }
        if (stored[kind].has(full))
          throw new ArgumentError(`checkpoint: two parts are named ${full}; rename an agent`);
        stored[kind].set(full, piece);
      };
      if (part instanceof Learner) {
        put('networks', name, part.network);
        put('networks', `target${name[0].toUpperCase()}${name.slice(1)}`, part.target);
        put('optimizers', `${name}Optimizer`, part.optimizer);
      } else put(part instanceof Optimizer ? 'optimizers' : 'networks', name, part);
      seen.add(part);
    }
  }
  return stored;
}

type Parts = ReadonlyMap<string, Module<never> | Optimizer>;

interface StoredParts {
  readonly networks: Parts;
  readonly optimizers: Parts;
  /** The further names of parts with several owners. Earlier versions stored such a part under each. */
  readonly repeated: readonly string[];
}

function statesOf(parts: Parts): StateDict {
  const states = [...parts].flatMap(([name, part]) =>
    Object.entries(part.stateDict()).map(([parameter, x]) => [`${name}.${parameter}`, x]),
  );
  return Object.fromEntries(states);
}

function loadStates(parts: Parts, states: StateDict): void {
  for (const [name, part] of parts) {
    const names = Object.keys(part.stateDict());
    part.loadStateDict(Object.fromEntries(names.map((tensor) => [tensor, states[`${name}.${tensor}`]])));
  }
}

function makeUntrained({ algorithm = 'maddpg', specs, settings }: Description): Algorithm {
  if (algorithm.startsWith(OWN_CLASS)) {
    throw new FileError(
      `it is of the ${algorithm}; make one as it was made, and give it to restoreCheckpoint`,
    );
  }
  return makeAlgorithm(algorithm as AlgorithmName, specs, {
    ...withCurrentNames(settings, 'settings'),
    generator: new Generator(0),
  });
}

/** Returns what `read` returns. Its errors get the file's name. */
function namingFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlatformError) throw error; // not the file's fault
    throw new FileError(`checkpoint: ${name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
