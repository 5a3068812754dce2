/** The numbers of a node as a small heat map and, on demand, in a table of those around one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../../model/formulas/call.js';
import { heatColors, matrixShape, windowStart } from '../../model/matrix.js';
import { number } from '../../numbers.js';
import { entry, pinned } from './flow.js';
import { shapeInWords } from './words.js';

/** Numbers in each direction of the table. */
const WINDOW = 6;
/** So many are shown at once. */
const FEW = 6;
/** The longest side of a heat map, and the side of its largest cells, in pixels. */
const SIDE = 260;
const CELL = 14;

interface MatrixProps {
  readonly title: string;
  /** The node of the whole graph. */
  readonly node: number;
  readonly of: Entry['of'];
  readonly numbers: ArrayLike<number>;
  readonly shape: readonly number[];
}

export function Matrix({ title, node, of, numbers, shape }: MatrixProps) {
  const { rows, columns } = matrixShape(shape);
  const chosen = entry.value?.node === node && entry.value.of === of ? entry.value.index : null;
  const [isOpen, open] = useState(numbers.length <= FEW);
  const choose = (row: number, column: number) => {
    entry.value = { node, of, index: row * columns + column };
    pinned.value = true; // the pointer may pass other boxes on its way
    open(true);
  };
  if (numbers.length === 1) {
    return (
      <figure class="matrix">
        <figcaption>
          {title} <span>{shapeInWords(shape)}</span>
        </figcaption>
        <button
          type="button"
          class="quiet"
          aria-pressed={chosen !== null}
          aria-label={`row 0, column 0: ${number(numbers[0])}`}
          onClick={() => choose(0, 0)}
        >
          {number(numbers[0])}
        </button>
      </figure>
    );
  }
  const cell = Math.max(1, Math.min(CELL, Math.floor(SIDE / Math.max(rows, columns))));
  return (
    <figure class="matrix">
      <figcaption>
        {title} <span>{shapeInWords(shape)}</span>
      </figcaption>
      <div class="heat">
        <Heat {...{ rows, columns, numbers, cell, title, choose }} />
        {chosen !== null && (
          <span
            class="chosen"
            style={{
              left: `${(chosen % columns) * cell}px`,
              top: `${Math.floor(chosen / columns) * cell}px`,
              width: `${cell}px`,
              height: `${cell}px`,
            }}
          />
        )}
      </div>
      <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        Numbers
      </button>
      {isOpen && <Numbers {...{ rows, columns, numbers, chosen, choose, title }} />}
    </figure>
  );
}

interface HeatProps {
  readonly rows: number;
  readonly columns: number;
  readonly numbers: ArrayLike<number>;
  readonly cell: number;
  readonly title: string;
  readonly choose: (row: number, column: number) => void;
}

function Heat({ rows, columns, numbers, cell, title, choose }: HeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && rows * columns > 0)
      context.putImageData(new ImageData(heatColors(numbers), columns, rows), 0, 0);
  }, [numbers, rows, columns]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`${title} as colors: orange above 0, blue below`}
      width={columns}
      height={rows}
      style={{ width: `${columns * cell}px`, height: `${rows * cell}px` }}
      onClick={(event) => {
        const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
        const [x, y] = [(event.clientX - left) / width, (event.clientY - top) / height];
        choose(Math.min(rows - 1, Math.floor(y * rows)), Math.min(columns - 1, Math.floor(x * columns)));
      }}
    />
  );
}

interface NumbersProps extends Omit<HeatProps, 'cell'> {
  readonly chosen: number | null;
}

function Numbers({ rows, columns, numbers, chosen, title, choose }: NumbersProps) {
  const table = useRef<HTMLTableElement>(null);
  const [row, column] = [Math.floor((chosen ?? 0) / columns), (chosen ?? 0) % columns];
  const [top, left] = [windowStart(row, WINDOW, rows), windowStart(column, WINDOW, columns)];
  const some = (start: number, length: number) =>
    Array.from({ length: Math.min(WINDOW, length) }, (_, k) => start + k);
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[
      event.key
    ] ?? [0, 0];
    if (down === 0 && right === 0) return;
    event.preventDefault();
    const next = [row + down, column + right] as const;
    if (next[0] < 0 || next[0] >= rows || next[1] < 0 || next[1] >= columns) return;
    choose(...next);
    requestAnimationFrame(() => table.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  };
  return (
    <table ref={table} class="number-table" onKeyDown={onKeyDown}>
      <caption class="hidden">{title}, around the chosen number</caption>
      <thead>
        <tr>
          <td />
          {some(left, columns).map((c) => (
            <th key={c} scope="col">
              {c}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {some(top, rows).map((r) => (
          <tr key={r}>
            <th scope="row">{r}</th>
            {some(left, columns).map((c) => (
              <td key={c}>
                <button
                  type="button"
                  tabIndex={r === row && c === column ? 0 : -1}
                  aria-pressed={r * columns + c === chosen}
                  aria-label={`row ${r}, column ${c}: ${number(numbers[r * columns + c])}`}
                  onClick={() => choose(r, c)}
                >
                  {number(numbers[r * columns + c])}
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
