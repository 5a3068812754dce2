const ROWS_PER_BLOCK = 4096;

/** Bytes of the blocks that hold so many rows. A queue that drops rows has a block that is not full at both ends. */
export function bytesOfRows(rows: number, dropsRows: boolean, bytesPerRow: number): number {
  return (Math.ceil(rows / ROWS_PER_BLOCK) + Number(dropsRows)) * ROWS_PER_BLOCK * bytesPerRow;
}

/**
 * A queue of rows of equal width: pushed at the end, dropped at the beginning, read anywhere between. A row keeps the
 * index it got when it was pushed. Storage is in blocks that are allocated when reached and used again when dropped.
 */
export class RowQueue<Numbers extends Float32Array | Float64Array> {
  /** Index of the oldest row. */
  begin = 0;
  /** Index that the next row will get. */
  end = 0;
  readonly #allocate: (length: number) => Numbers;
  /** #blocks[0] holds the row with index #firstRow first. */
  readonly #blocks: Numbers[] = [];
  #firstRow = 0;

  constructor(
    readonly width: number,
    allocate: (length: number) => Numbers,
  ) {
    this.#allocate = allocate;
  }

  get byteLength(): number {
    return this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
  }

  /** Returns the index of the new row. */
  push(row: Numbers): number {
    const index = this.end++;
    if (index - this.#firstRow === this.#blocks.length * ROWS_PER_BLOCK) {
      this.#blocks.push(this.#allocate(ROWS_PER_BLOCK * this.width));
    }
    this.#block(index).set(row, this.#offset(index));
    return index;
  }

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

  equals(index: number, row: Numbers): boolean {
    const block = this.#block(index);
    const offset = this.#offset(index);
    return row.every((value, column) => value === block[offset + column]);
  }

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
