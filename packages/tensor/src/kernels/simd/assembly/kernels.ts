// The kernels by number: what a thread that has taken a chunk of a job is to run.

import { elementwiseChunk } from './elementwise';
import { multiplyChunk, packChunk, turnChunk } from './matmul';
import { copyRowsChunk } from './rows';

export const ELEMENTWISE = 0;
export const PACK = 1;
export const MULTIPLY = 2;
export const COPY_ROWS = 3;
export const TURN = 4;

export function run(kernel: i32, chunk: usize): void {
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
    case TURN:
      turnChunk(chunk);
      break;
  }
}

export { elementwise } from './elementwise';
export { fail, prepare, serve, stop } from './jobs';
export { matmul } from './matmul';
export { copyRows, sumColumns } from './rows';
