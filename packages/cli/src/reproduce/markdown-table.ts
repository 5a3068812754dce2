/** The anchor of a heading. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

/** A table in Markdown, as the formatter writes it. The first row is the header. Columns with numbers are on the right. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, k) => Math.max(3, ...rows.map((row) => row[k].length)));
  const isText = widths.map((_, k) => k === 0 || rows.every((row) => /[a-z]{2}/i.test(row[k])));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, k) => (isText[k] ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, k) => (isText[k] ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return `${[line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')}\n`;
}
