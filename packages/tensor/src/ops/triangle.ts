import { checkArgument, checkNoMore, integer, ShapeError } from '@paragrad/check';
import { aTensor } from '../argument-checks.js';
import { arange } from '../create.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add } from './arithmetic.js';
import { greater, where } from './compare.js';
import { reshape } from './view.js';

// Triangles of matrices: the last two axes of x. Diagonal 0 is the main one, 1 the one above it, -1 the one below.

/**
 * y = x on and below the given diagonal, 0 above it;  dx = the same triangle of dy. As `torch.tril`.
 *
 * @throws ShapeError if there are fewer than two axes.
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  checkNoMore('tril', arguments, 2);
  const { rows, columns } = indicesOf('tril', x, diagonal);
  return where(greater(add(rows, diagonal + 1), columns), x, 0);
}

/**
 * y = x on and above the given diagonal, 0 below it;  dx = the same triangle of dy. As `torch.triu`.
 *
 * @throws ShapeError if there are fewer than two axes.
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  checkNoMore('triu', arguments, 2);
  const { rows, columns } = indicesOf('triu', x, diagonal);
  return where(greater(columns, add(rows, diagonal - 1)), x, 0);
}

/** The index of each row as a column, and of each column as a row, so that comparing them gives a matrix. */
function indicesOf(op: string, x: Tensor, diagonal: number) {
  checkArgument(op, 'x', x, aTensor);
  checkArgument(op, 'diagonal', diagonal, integer);
  const { shape, rank, dtype } = x;
  if (rank < 2) throw new ShapeError(`${op}: shape ${formatShape(shape)}; give a matrix, or a batch of them`);
  return {
    rows: reshape(arange(shape.at(-2)!, { dtype }), [-1, 1]),
    columns: arange(shape.at(-1)!, { dtype }),
  };
}
