/** docs/ops.md against the code: every op that is exported is in a table there, and is in the file that the table says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as ops from '../packages/tensor/src/ops/index.js';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

/** A cell may hold an escaped bar. */
const rows = [...read('docs/ops.md').matchAll(/^\| `(\w+)` +\|(.*)\| (\S+\.ts) +\|$/gm)].map(
  ([, op, cells, file]) => ({ op, cells: cells.split(/(?<!\\)\|/).map((cell) => cell.trim()), file }),
);

test('every exported op is in the table once, and nothing else is', () => {
  expect(rows.map(({ op }) => op).sort()).toEqual(Object.keys(ops).sort());
});

test.each(rows)('$op has a definition, a gradient, and its file', ({ op, cells, file }) => {
  expect(cells).toHaveLength(2);
  expect(cells.every((cell) => cell.length > 0)).toBe(true);
  expect(read(`packages/tensor/src/ops/${file}`)).toMatch(
    new RegExp(`^export (const|function) ${op}\\b`, 'm'),
  );
});
