import { anArray, integerFrom0 } from '@paragrad/check';
import { checkState } from '../state/stateful.js';

const ROWS_PER_BLOCK = 4096;

/**
 * Bytes of the blocks for so many rows. A queue that drops rows may need one more: its first and last blocks are partly
 * empty.
 */
export function bytesOfRows(rows: number, dropsRows: boolean, bytesPerRow: number): number {
  return (Math.ceil(rows / ROWS_PER_BLOCK) + Number(dropsRows)) * ROWS_PER_BLOCK * bytesPerRow;
}

/** The rows of a queue. */
export type RowQueueState<Numbers> = {
  /** The index of the oldest row. */
  readonly begin: number;
  /** The rows from the oldest one on, row-major, in some blocks of whole rows. */
  readonly blocks: readonly Numbers[];
};

/**
 * A queue of rows of equal width. Rows are added at the end and dropped at the beginning. A row keeps the index that it
 * got when it was added. Storage comes in blocks: a block is allocated when the first of its rows is added, and reused
 * after its last row was dropped.
 */
export class RowQueue<Numbers extends Float32Array | Float64Array> {
  /** The index of the oldest row. */
  begin = 0;
  /** The index that the next row will get. */
  end = 0;
  readonly #allocate: (length: number) => Numbers;
  /** #blocks[0] starts with the row of index #firstRow. */
  readonly #blocks: Numbers[] = [];
  #firstRow = 0;

  /** @param width numbers in a row. */
  constructor(
    readonly width: number,
    allocate: (length: number) => Numbers,
  ) {
    this.#allocate = allocate;
  }

  /** The rows, without copying them: the next push may change them. */
  getState(): RowQueueState<Numbers> {
    const { begin, end, width } = this;
    const first = this.#firstRow;
    const blocks = this.#blocks.map((block, k) => {
      const row = first + k * ROWS_PER_BLOCK;
      return block.subarray(Math.max(0, begin - row) * width, Math.max(0, end - row) * width) as Numbers;
    });
    return { begin, blocks: blocks.filter(({ length }) => length > 0) };
  }

  setState(state: RowQueueState<Numbers>): void {
    checkState(state, { begin: integerFrom0, blocks: anArray });
    const { begin, blocks } = state;
    this.#blocks.length = 0;
    this.begin = begin;
    this.end = begin;
    this.#firstRow = begin;
    for (const block of blocks) {
      for (let at = 0; at < block.length; at += this.width)
        this.push(block.subarray(at, at + this.width) as Numbers);
    }
  }

  get byteLength(): number {
    return this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /** Adds a row at the end: the numbers of `from` from `at` on. Returns its index. */
  push(from: ArrayLike<number>, at = 0): number {
    const index = this.end++;
    if (index - this.#firstRow === this.#blocks.length * ROWS_PER_BLOCK) {
      this.#blocks.push(this.#allocate(ROWS_PER_BLOCK * this.width));
    }
    const block = this.#block(index);
    const offset = this.#offset(index);
    for (let column = 0; column < this.width; column++) block[offset + column] = from[at + column];
    return index;
  }

  /** Drops all rows with a smaller index. */
  dropBefore(index: number): void {
    this.begin = Math.max(this.begin, index);
    while (this.begin - this.#firstRow >= ROWS_PER_BLOCK) {
      this.#blocks.push(this.#blocks.shift()!);
      this.#firstRow += ROWS_PER_BLOCK;
    }
  }

  get(index: number, column: number): number {
    return this.#block(index)[this.#offset(index) + column];
  }

  set(index: number, column: number, value: number): void {
    this.#block(index)[this.#offset(index) + column] = value;
  }

  /** Whether the row with this index has the same numbers as `other` from `at` on. */
  equals(index: number, other: ArrayLike<number>, at = 0): boolean {
    const block = this.#block(index);
    const offset = this.#offset(index);
    for (let column = 0; column < this.width; column++) {
      if (block[offset + column] !== other[at + column]) return false;
    }
    return true;
  }

  /** Copies a row to position `at` of `to`. */
  copy(index: number, to: Numbers, at: number): void {
    const block = this.#block(index);
    const offset = this.#offset(index);
    for (let column = 0; column < this.width; column++) to[at + column] = block[offset + column];
  }

  #block(index: number): Numbers {
    return this.#blocks[Math.floor((index - this.#firstRow) / ROWS_PER_BLOCK)];
  }

  #offset(index: number): number {
    return ((index - this.#firstRow) % ROWS_PER_BLOCK) * this.width;
  }
}
