import type { FloatArray } from './dtype.js';
import { type Shape, sizeOf, stridesOf } from './shape.js';

const MAX_COLUMNS = 10;
const MAX_ROWS = 10;
const MAX_DECIMALS = 4;

/**
 * Numbers in nested brackets, one line for each row, with columns below each other. Of long axes, the first and the last
 * indices are shown, with `...` between. As PyTorch, it shows up to 4 decimals, or powers of ten if the numbers are very
 * large, very small, or very different in size.
 */
export function formatNumbers(values: FloatArray, shape: Shape): string {
  if (values.length === 0) return '[]';
  const strides = stridesOf(shape);
  const rank = shape.length;
  const fewRows = sizeOf(shape.slice(0, -1)) <= MAX_ROWS;
  const shown = shape.map((length, axis) => {
    const ends = axis === rank - 1 || rank === 2 ? 3 : 1;
    const all = axis === rank - 1 ? length <= MAX_COLUMNS : fewRows || length <= 2 * ends;
    return Array.from({ length: all ? length : 2 * ends + 1 }, (_, k) => {
      if (all || k < ends) return k;
      return k === ends ? null : length - 2 * ends - 1 + k;
    });
  });

  const positions = shown.reduce<number[]>(
    (starts, indices, axis) =>
      starts.flatMap((start) =>
        indices.flatMap((index) => (index === null ? [] : start + index * strides[axis])),
      ),
    [0],
  );
  const format = formatOf(positions.map((position) => values[position]));
  const width = Math.max(...positions.map((position) => format(values[position]).length));

  const render = (axis: number, start: number): string => {
    if (axis === rank) return format(values[start]).padStart(rank === 0 ? 0 : width);
    const items = shown[axis].map((index) =>
      index === null ? '...' : render(axis + 1, start + index * strides[axis]),
    );
    return `[${items.join(axis === rank - 1 ? ', ' : `,\n${' '.repeat(axis + 1)}`)}]`;
  };
  return render(0, 0);
}

/** One format for all numbers, so that they can be compared. */
function formatOf(numbers: readonly number[]): (x: number) => string {
  const finite = numbers.filter(Number.isFinite);
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  const largest = Math.max(...sizes, 0);
  const smallest = Math.min(...sizes);
  const whole = finite.every(Number.isInteger);
  if (largest >= 1e8 || (!whole && (smallest < 1e-4 || largest / smallest > 1000))) {
    return (x) => (Number.isFinite(x) ? x.toExponential(MAX_DECIMALS) : String(x));
  }
  let decimals = whole ? 0 : 1;
  while (decimals < MAX_DECIMALS && finite.some((x) => +x.toFixed(decimals) !== +x.toFixed(MAX_DECIMALS))) {
    decimals++;
  }
  return (x) => (Number.isFinite(x) ? x.toFixed(decimals) : String(x));
}
