/** No package declares `any` to its users: it would switch off their type checking without notice. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What the libraries name in their exports. */
const ENTRIES = ['check', 'tensor', 'nn', 'mpe', 'maddpg'].flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'));
  return Object.keys(exports).map((entry) => entry.replace('.', `@paragrad/${name}`));
});

/** The lines in which `any` is a type, not a word in a comment or a string. */
function linesWithAny(declarations: string): string[] {
  return declarations
    .replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\*[\s\S]*?\*\/|\/\/.*/g, (_, quoted) =>
      quoted ? "''" : '',
    )
    .split('\n')
    .filter((line) => /\bany\b/.test(line));
}

test('the search finds `any` only where it is a type', () => {
  expect(linesWithAny('declare const a: any;\ntype B = Record<string, any>;')).toHaveLength(2);
  expect(linesWithAny('/** any\n * any */ // any\ndeclare const many: "any" | \'// any\'; // any')).toEqual(
    [],
  );
  expect(linesWithAny("declare const a: '/*', b: any; /* '*/")).toHaveLength(1);
});

describe.each(readdirSync(join(ROOT, 'packages')))('%s', (name) => {
  const dist = join(ROOT, 'packages', name, 'dist'); // the build; `npm test` makes it first
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );

  test('was built', () => {
    expect(files).toContain(name === 'cli' ? 'main.d.ts' : 'index.d.ts');
  });

  test.each(files)('%s has no `any`', (file) => {
    expect(linesWithAny(readFileSync(join(dist, file), 'utf8'))).toEqual([]);
  });
});

// Everything that an op, a layer, an environment, an algorithm and so on of one's own needs has a public name: else its
// declarations could not be written (TS2742, TS4023).
test('somebody else can publish parts of their own, with declarations', () => {
  const out = join(ROOT, 'node_modules/.cache/publishing');
  rmSync(out, { recursive: true, force: true });
  execFileSync(process.execPath, [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...['-p', join(ROOT, 'tests/publishing'), '--outDir', out],
  ]);
  const declared = readdirSync(out).filter((file) => file.endsWith('.d.ts'));
  expect(declared).toHaveLength(4);
  for (const file of declared) {
    const names = readFileSync(join(out, file), 'utf8').matchAll(/(?:from |import\()["']([^"']+)["']/g);
    expect(
      Array.from(names, ([, name]) => name).filter((name) => ![...ENTRIES, 'fast-check'].includes(name)),
    ).toEqual([]);
  }
});
