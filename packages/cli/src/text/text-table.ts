/**
 * Rows of cells as lines of text, in columns. `align` has a letter for each column: l for left, r for right. The last letter
 * is also that of the columns after it.
 */
export function textTable(rows: readonly (readonly string[])[], align: string): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, k) =>
          (align[k] ?? align.at(-1)) === 'l' ? cell.padEnd(widths[k]) : cell.padStart(widths[k]),
        )
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
}
