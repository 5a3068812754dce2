/** What flags of several commands accept. */
import { runSettings } from '@paragrad/maddpg';
import { InvalidArgumentError, Option } from 'commander';

export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give an integer of at least 1.');
  return value;
}

export function parseMinutes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of minutes above 0.');
  return value;
}

export function parseSeed(text: string): number {
  const { range } = runSettings.seed;
  const seed = range.parse(text);
  if (!range.accepts(seed)) throw new InvalidArgumentError(`Give ${range.inWords}.`);
  return seed;
}

/** Which checkpoint of a run acts. */
export function checkpointOption(): Option {
  return new Option(
    '--checkpoint <name>',
    'best, best-<team>, or the name of a folder in checkpoints/ (default: the last one)',
  );
}
