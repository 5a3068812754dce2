import { scaleLinear } from 'd3-scale';
import { svgPicture, text } from '../pictures/svg.js';

export interface MatrixPicture {
  readonly measure: string;
  /** Whose players are in the rows, and whose in the columns. */
  readonly rows: string;
  readonly columns: string;
  readonly players: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  /** A value as text. */
  readonly format: (value: number) => string;
}

const LEFT = 190;
const TOP = 96;
const CELL = { width: 116, height: 34 };

/** A measure of each pair of players, as numbers in cells that are darker for larger ones. */
export function matrixPicture({ measure, rows, columns, players, matrix, format }: MatrixPicture): string {
  const all = matrix.flat();
  const shade = scaleLinear([Math.min(...all), Math.max(...all)], [0.04, 0.75]);
  const cells = matrix.flatMap((row, i) =>
    row.map((value, j) => {
      const x = LEFT + j * CELL.width;
      const y = TOP + i * CELL.height;
      const opacity = shade(value);
      return (
        `<rect x="${x}" y="${y}" width="${CELL.width - 2}" height="${CELL.height - 2}" fill="#0072b2" fill-opacity="${opacity.toFixed(2)}"/>` +
        text(x + CELL.width / 2, y + 21, format(value), 'text-anchor="middle"')
      );
    }),
  );
  const labels = players.flatMap((player, k) => [
    text(LEFT - 10, TOP + k * CELL.height + 21, player, 'text-anchor="end"'),
    text(LEFT + (k + 0.5) * CELL.width - 1, TOP - 10, player, 'text-anchor="middle" font-size="11"'),
  ]);
  const title = `${measure}: ${rows} of the row against ${columns} of the column`;
  const width = Math.max(LEFT + players.length * CELL.width + 20, 520);
  return svgPicture({ width, height: TOP + players.length * CELL.height + 16, title }, [
    text(20, 24, title, 'font-size="15" font-weight="600"'),
    text(LEFT - 10, TOP - 34, `${rows} ↓   ${columns} →`, 'text-anchor="end" fill="#666"'),
    ...labels,
    ...cells,
  ]);
}
