import { resolveAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { mul } from './elementwise.js';
import { reshape, sumTo } from './view.js';

export interface ReduceOptions {
  /** One axis or several; negative ones count from the back. Default: all. */
  axis?: number | readonly number[];
  /** Leave each summed axis in the shape, with length 1. Default false. */
  keepDim?: boolean;
}

/** The sum over the given axes;  dx = dy repeated along them. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options).total;
}

/** The mean over the given axes;  dx = dy / count, repeated along them. NaN over no elements. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { total, count } = reduce('mean', x, options);
  return mul(total, 1 / count);
}

function reduce(
  op: string,
  x: Tensor,
  { axis, keepDim = false }: ReduceOptions,
): { total: Tensor; count: number } {
  const all = x.shape.map((_, index) => index);
  const given = axis === undefined ? all : typeof axis === 'number' ? [axis] : axis;
  const axes = new Set(given.map((index) => resolveAxis(op, index, x.rank)));
  if (axes.size !== given.length) throw new Error(`${op}: axes [${given.join(', ')}] name one axis twice`);

  const kept = x.shape.map((length, index) => (axes.has(index) ? 1 : length));
  const total = sumTo(x, kept);
  const count = [...axes].reduce((product, index) => product * x.shape[index], 1);
  return {
    total: keepDim
      ? total
      : reshape(
          total,
          x.shape.filter((_, index) => !axes.has(index)),
        ),
    count,
  };
}
