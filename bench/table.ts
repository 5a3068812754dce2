import type { Row } from './results.js';

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column].length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A table with a row for each work and a column for each set-up. */
export function pivot(rows: readonly Row[], cell: (row: Row) => string): string {
  const setUps = [...new Set(rows.map(setUp))];
  const label = ({ work, by }: Row) => (by === 'paragrad' ? work : `${work}, ${by}`);
  const works = [...new Set(rows.map(label))];
  const find = (work: string, column: string) =>
    rows.find((row) => label(row) === work && setUp(row) === column);
  const lines = works.map((work) => [
    work,
    ...setUps.map((column) => {
      const row = find(work, column);
      return row ? cell(row) : '';
    }),
  ]);
  return table(['', ...setUps], lines);
}

function setUp({ runtime, kernels, threads }: Row): string {
  return `${kernels}, ${threads === 1 ? '1 thread' : `${threads} threads`}, ${runtime.split('.')[0]}`;
}
