/** Checks docs/ops.md: every exported op has a row in its tables, and the row names the file of the op. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as ops from '../packages/tensor/src/ops/index.js';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

/** The rows of the tables. A cell may contain an escaped bar. */
const rows = [...read('docs/ops.md').matchAll(/^\| `(\w+)` +\|(.*)\| (\S+\.ts) +\|$/gm)].map(
  ([, op, cells, file]) => ({ op, cells: cells.split(/(?<!\\)\|/).map((cell) => cell.trim()), file }),
);

test('every exported op has one row, and there are no other rows', () => {
  expect(rows.map(({ op }) => op).sort()).toEqual(Object.keys(ops).sort());
});

test.each(rows)('the row of $op has a definition, a gradient, and the right file', ({ op, cells, file }) => {
  expect(cells).toHaveLength(2);
  expect(cells.every((cell) => cell.length > 0)).toBe(true);
  expect(read(`packages/tensor/src/ops/${file}`)).toMatch(
    new RegExp(`^export (const|function) ${op}\\b`, 'm'),
  );
});
