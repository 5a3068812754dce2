import {
  type Check,
  checkArgument,
  describe,
  FileError,
  instanceOf,
  object,
  PlatformError,
  text,
} from '@paragrad/check';
import { readSafetensors, writeSafetensors } from '@paragrad/nn';
import { currentKernels } from '@paragrad/tensor';
import { decodeState, encodeState } from '../state/encode.js';
import {
  type CheckpointFiles,
  checkpointFileNames,
  restoreCheckpoint,
  saveCheckpoint,
} from './checkpoint.js';
import { crc32 } from './crc32.js';
import { Trainer } from './train.js';
import type { Training } from './training.js';

/**
 * The files of a training that can go on, by name: a checkpoint, and everything else that the next steps depend on. Most of their
 * size is the replay memory.
 */
export interface TrainingFiles extends CheckpointFiles {
  /** Counts, generators, the episode that is not over, the kernel set, and a checksum of each file. */
  'training.json': string;
  /** The replay memory, and other arrays. */
  'training.safetensors': Uint8Array;
}

/** The names of `TrainingFiles`. */
export const trainingFileNames = [...checkpointFileNames, 'training.json', 'training.safetensors'] as const;

const FORMAT = 'paragrad-training-1';

/** The content of training.json. */
interface Content {
  readonly format: typeof FORMAT;
  /** The kernel set. Sets differ in the last bits of a product. */
  readonly kernels: string;
  readonly state: unknown;
}

const aTrainer: Check<Trainer> = instanceOf(Trainer, 'what train(...) returned');
const someBytes: Check<Uint8Array> = instanceOf(Uint8Array, 'the bytes of the file');

/**
 * Saves a training between two steps, so that it can go on later. `loadTraining` of these files and then N steps give the same as N
 * steps now, bit for bit, on the same kernel set.
 *
 * @throws ArgumentError if a number of the networks or optimizers is not finite, and if a part cannot be saved: an exploration
 * without `getState`, or within an episode an environment without it. StateError after a step that failed.
 */
export function saveTraining(trainer: Trainer): TrainingFiles {
  checkArgument('saveTraining', 'trainer', trainer, aTrainer);
  const { json, tensors } = encodeState(trainer.getState());
  const files = {
    ...saveCheckpoint(trainer.training.algorithm),
    'training.safetensors': writeSafetensors(tensors, { format: FORMAT }),
  };
  const content: Content = { format: FORMAT, kernels: currentKernels().name, state: json };
  const checksums = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, checksumOf(file)]));
  const crc = { ...checksums, 'training.json': checksumOf(JSON.stringify(content)) };
  return { ...files, 'training.json': `${JSON.stringify({ ...content, crc32: crc })}\n` };
}

/**
 * Goes on with a training that was saved. `training` is made as it was for the first part, by `prepareRun` or by hand; everything
 * in it gets the state that was saved. It may have another number of episodes. Warns if it was saved on another kernel set,
 * because then the last bits differ.
 *
 * @throws FileError if a file is missing, damaged or of another training, with the file's name; ArgumentError if `training`
 * differs from the one that was saved, with the name of what differs.
 */
export function loadTraining(files: TrainingFiles, training: Training): Trainer {
  checkArgument('loadTraining', 'files', files, object);
  const trainer = new Trainer(training);
  const { kernels, state } = checkedContent(files);
  const tensors = naming('training.safetensors', () => readSafetensors(files['training.safetensors']));
  const decoded = naming('training.json', () => decodeState({ json: state, tensors }));
  restoreCheckpoint(training.algorithm, files);
  naming('training.json', () => trainer.setState(decoded as ReturnType<Trainer['getState']>));
  const now = currentKernels().name;
  if (kernels !== now) {
    const { onWarning = console.warn } = training;
    onWarning(
      `Warning: this training was saved on the kernel set ${kernels}, and goes on on ${now}, so its numbers will differ in ` +
        'their last bits from those of a training in one piece.',
    );
  }
  return trainer;
}

/** The content of training.json, after the checksums of all files were compared. */
function checkedContent(files: TrainingFiles): Content {
  const json = files['training.json'];
  checkArgument('loadTraining', 'training.json', json, text);
  const { crc32: checksums, ...content } = naming('training.json', () => {
    const parsed: unknown = JSON.parse(json);
    const { format } = (parsed ?? {}) as Partial<Content>;
    if (format === FORMAT) return parsed as Content & { crc32?: Readonly<Record<string, string>> };
    throw new FileError(
      `the format is ${describe(format)}, but this version reads "${FORMAT}"; give the files of saveTraining`,
    );
  });
  for (const name of trainingFileNames) {
    const file = files[name];
    const isText = name.endsWith('.json');
    if (isText) checkArgument('loadTraining', name, file as string, text);
    else checkArgument('loadTraining', name, file as Uint8Array, someBytes);
    const actual = checksumOf(name === 'training.json' ? JSON.stringify(content) : file);
    if (checksums?.[name] === actual) continue;
    throw new FileError(
      `loadTraining: ${name}: its CRC-32 is ${actual}, but training.json says ${describe(checksums?.[name])}: it was damaged or ` +
        'changed, or is of another training; give all files as they were saved',
    );
  }
  return content;
}

function checksumOf(file: string | Uint8Array): string {
  return crc32(typeof file === 'string' ? new TextEncoder().encode(file) : file);
}

/** Returns what `read` returns. Its errors get the file's name. */
function naming<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlatformError) throw error; // not the file's fault
    throw new FileError(`loadTraining: ${name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
