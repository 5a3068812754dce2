/** Random draws of settings. The file's seed decides them, so a sweep is the same each time. */
import {
  ArgumentError,
  type Check,
  checkOptions,
  finite,
  integerBelow2To32,
  integerFrom1,
  type OptionChecks,
  object,
  oneOf,
} from '@paragrad/check';
import { Generator } from '@paragrad/tensor';
import { type Axes, type Axis, type Change, changeOf, leavesOf, tableOf } from './axes.js';

export interface Draws {
  /** How many. */
  readonly draws: number;
  /** Default: 1. */
  readonly seed?: number;
  /** For each setting a `Range`, or a list of values. In the form of a configuration. */
  readonly ranges: Axes;
}

/** Numbers between two others. */
interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** `log`: each power of ten is as likely as the others. Default: linear. */
  readonly scale?: 'linear' | 'log';
}

const checks: OptionChecks<Draws> = {
  draws: integerFrom1,
  seed: integerBelow2To32,
  ranges: object as Check<Axes>,
};
const rangeChecks: OptionChecks<NumberRange> = { from: finite, to: finite, scale: oneOf('linear', 'log') };

/** The draws. More draws begin with the same ones, and another setting does not change those of the others. */
export function drawsOf(given: Draws, source: string): Change[] {
  checkOptions(source, given, checks, ['draws', 'ranges']);
  const { draws, seed = 1, ranges } = given;
  const columns = leavesOf(ranges, `${source}.ranges`).map((axis) => {
    const path = ['ranges', axis.group, axis.name].filter(Boolean).join('.');
    const draw = drawerOf(axis, `${source}.${path}`);
    const generator = new Generator(seed).fork(path);
    return Array.from({ length: draws }, () => ({ ...axis, values: draw(generator) }));
  });
  return Array.from({ length: draws }, (_, k) => changeOf(columns.map((column) => column[k])));
}

function drawerOf({ group, name, values }: Axis<unknown>, source: string): (generator: Generator) => unknown {
  if (Array.isArray(values) && values.length > 0)
    return (generator) => values[generator.integer(values.length)];
  if (!object.accepts(values)) {
    throw new ArgumentError(
      `${source}: give a list of values, or { "from": ..., "to": ..., "scale": "log" }`,
    );
  }
  checkOptions(source, values as NumberRange, rangeChecks, ['from', 'to']);
  const { from, to, scale = 'linear' } = values as NumberRange;
  if (from > to || (scale === 'log' && from <= 0)) {
    throw new ArgumentError(
      `${source}: from is ${from}, to is ${to}; give from below to${scale === 'log' ? ', and both above 0' : ''}`,
    );
  }
  const schema = tableOf(group, name)?.[name].range.schema as { type?: string } | undefined;
  const isWhole = schema?.type === 'integer' || (group === 'env' && [from, to].every(Number.isInteger));
  return (generator) => {
    const end = isWhole ? to + 1 : to;
    const exact =
      scale === 'log'
        ? Math.exp(generator.uniform(Math.log(from), Math.log(end)))
        : generator.uniform(from, end);
    // Three digits, so that the name has the exact number.
    const rounded = isWhole ? Math.floor(exact) : Number(exact.toPrecision(3));
    return Math.min(to, Math.max(from, rounded));
  };
}
