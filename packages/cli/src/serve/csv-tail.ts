import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;

/** Reads what is added to a CSV file of numbers. */
export class CsvTail {
  columns: readonly string[] = [];
  #offset = 0;
  #identity = '';

  /**
   * Gives each whole line that was not read yet to `onLine`; NaN where a cell is empty. A file that is another one than before is
   * read from its beginning: then `onHeader` comes first.
   */
  async read(
    path: string,
    onHeader: (columns: readonly string[]) => void,
    onLine: (numbers: number[]) => void,
  ): Promise<void> {
    const file = await open(path);
    try {
      const { ino, birthtimeMs, size } = await file.stat();
      const identity = `${ino} ${birthtimeMs}`;
      if (identity !== this.#identity || size < this.#offset) {
        this.#identity = identity;
        this.#offset = 0;
      }
      let rest = Buffer.alloc(0);
      const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(0, size - this.#offset)));
      for (let at = this.#offset; at < size; ) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) break;
        at += bytesRead;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(10) + 1; // the rest of a line is not written yet
        rest = bytes.subarray(end);
        for (const line of bytes.toString('utf8', 0, end).split('\n').slice(0, -1)) {
          if (this.#offset === 0) {
            this.columns = line.split(',');
            onHeader(this.columns);
          } else {
            onLine(line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))));
          }
          this.#offset += Buffer.byteLength(line) + 1;
        }
      }
    } finally {
      await file.close();
    }
  }
}
