// The kernels that can be cut into chunks, by number.

import { elementwiseChunk } from './elementwise';
import { multiplyChunk, packChunk, transposeChunk } from './matmul';
import { copyRowsChunk } from './rows';

export const ELEMENTWISE = 0;
export const PACK = 1;
export const MULTIPLY = 2;
export const COPY_ROWS = 3;
export const TRANSPOSE = 4;

/** Computes one chunk of the current job. */
export function runChunk(kernel: i32, chunk: usize): void {
  switch (kernel) {
    case ELEMENTWISE:
      elementwiseChunk(chunk);
      break;
    case PACK:
      packChunk(chunk);
      break;
    case MULTIPLY:
      multiplyChunk(chunk);
      break;
    case COPY_ROWS:
      copyRowsChunk(chunk);
      break;
    case TRANSPOSE:
      transposeChunk(chunk);
      break;
  }
}
