/** The file algorithm.json of a checkpoint: what it holds, and its check. */
import {
  type Check,
  checkOptions,
  describe,
  FileError,
  integerFrom0,
  listOf,
  type OptionChecks,
  object,
  oneOf,
} from '@paragrad/check';
import { algorithmNames } from '../algorithms.js';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkSpecs } from '../environments/check-specs.js';
import { crc32 } from './crc32.js';

/** The content of algorithm.json. */
export interface Description {
  readonly format: typeof FORMAT | typeof OLD_FORMAT;
  readonly specs: readonly AgentSpec[];
  readonly settings: object;
  /** A name in `algorithms`, or `class <name>`. Missing in the oldest checkpoints, which are all of MADDPG. */
  readonly algorithm?: string;
  readonly updates?: number;
  /** The CRC-32 of every file, by its name. That of algorithm.json is without this field. Missing in older checkpoints. */
  readonly crc32?: Readonly<Record<string, string>>;
}

export const FORMAT = 'paragrad-2';
const OLD_FORMAT = 'paragrad-maddpg-1';

/** How a checkpoint names a class that is not in `algorithms`. */
export const OWN_CLASS = 'class ';
const known = oneOf(...algorithmNames);
const aDescribedAlgorithm: Check<string> = {
  ...known,
  accepts: (value): value is string =>
    known.accepts(value) || (typeof value === 'string' && value.startsWith(OWN_CLASS)),
};

const checks: OptionChecks<Description> = {
  format: oneOf(FORMAT, OLD_FORMAT),
  specs: listOf(object) as Check<readonly AgentSpec[]>,
  settings: object,
  algorithm: aDescribedAlgorithm,
  updates: integerFrom0,
  crc32: object as Check<Readonly<Record<string, string>>>,
};

/** The content of a file's text. Throws if something is missing, unknown or out of range, with the field's name. */
export function parseDescription(json: string): Description {
  const description = JSON.parse(json) as Partial<Description> | null;
  if (description?.format !== FORMAT && description?.format !== OLD_FORMAT) {
    throw new FileError(
      `the format is ${describe(description?.format)}, but this version reads "${FORMAT}" and "${OLD_FORMAT}"; ` +
        'give the files of a checkpoint that Paragrad saved',
    );
  }
  const whole = description as Description;
  checkOptions('the description', whole, checks, ['specs', 'settings']);
  checkSpecs('the description', whole.specs);
  return whole;
}

/** The checksum of algorithm.json: of its content, so that other spaces do not matter. */
export function checksumOf({ crc32: _, ...description }: Description): string {
  return crc32(new TextEncoder().encode(JSON.stringify(description)));
}
