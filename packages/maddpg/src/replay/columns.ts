/** Rows with a column for each number of each agent, and tensors made of them. */
import { filled, narrow, type Tensor } from '@paragrad/tensor';
import type { RowQueue } from './row-queue.js';

/** All these numbers in one row. */
export function sideBySide(parts: readonly ArrayLike<number>[], width: number): Float32Array {
  const row = new Float32Array(width);
  let at = 0;
  for (const part of parts) {
    row.set(part, at);
    at += part.length;
  }
  return row;
}

/** The given rows of a queue as a tensor: [rows, width] */
export function gather(queue: RowQueue<Float32Array>, rows: readonly number[]): Tensor {
  return filled([rows.length, queue.width], (data) => {
    rows.forEach((row, index) => {
      queue.copy(row, data as Float32Array, index * queue.width);
    });
  });
}

/** Splits the columns, [rows, sum of widths], into one tensor [rows, width] for each width. */
export function split(rows: Tensor, widths: readonly number[]): Tensor[] {
  let start = 0;
  return widths.map((width) => {
    const part = narrow(rows, 1, start, width);
    start += width;
    return part;
  });
}
