/** The source contains all code that a page quotes. A quote is a TypeScript block whose first line names its file in a comment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf, pagePaths, programPages, ROOT, read, sectionOf } from './markdown.js';

/** Pages in which every TypeScript block is a quote or an example that runs (docs-examples.test.ts). */
const strictPages = pagePaths.filter(
  (path) => /^docs\/(algorithms\/)?[\w-]+\.md$/.test(path) && !programPages.includes(path),
);

const FILE = /^\/\/ ((?:packages|examples)\/\S+\.ts)\n/;
const quotes = pagePaths.flatMap((path) =>
  blocksOf(read(path), 'ts').flatMap((code, k) => {
    const [, file] = FILE.exec(code) ?? [];
    return file ? [{ name: `${path}, block ${k + 1}`, file, code: code.replace(FILE, '') }] : [];
  }),
);

/** The lines of a text, trimmed, without blank ones. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const isComment = (line: string) => /^(\/\/|\/\*|\*)/.test(line);
const codeOf = (text: string) =>
  `\n${linesOf(text)
    .filter((line) => !isComment(line))
    .join('\n')}\n`;

/** The parts of a quote, separated by blank lines, whose lines do not follow each other in the source. */
function missingFrom(source: string, quote: string): string[] {
  const comments = new Set(linesOf(source).filter(isComment));
  const code = codeOf(source);
  return [
    ...quote.split(/\n\s*\n/).filter((part) => !code.includes(codeOf(part))),
    ...linesOf(quote).filter((line) => isComment(line) && !comments.has(line)),
  ];
}

test('the pages of all algorithms quote', () => {
  expect(quotes.length).toBeGreaterThanOrEqual(50);
});

test.each(quotes)('$name is in $file', ({ file, code }) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  expect(linesOf(code).length).toBeGreaterThan(0);
  expect(missingFrom(read(file), code)).toEqual([]);
});

test('the check notices a quote that differs', () => {
  const source = 'a();\n\n/** Says b. */\nb(1); // one\nc();\n';
  expect(missingFrom(source, 'a();\nb(1); // one\n')).toEqual([]);
  expect(missingFrom(source, 'a();\n\nc();\n')).toEqual([]);
  expect(missingFrom(source, 'a();\nc();\n')).toEqual(['a();\nc();\n']);
  expect(missingFrom(source, 'b(1);\n')).toEqual(['b(1);\n']);
  expect(missingFrom(source, '// Says c.\nc();\n')).toEqual(['// Says c.']);
});

test.each(strictPages)('every TypeScript block of %s is a quote or runs', (path) => {
  const neither = blocksOf(read(path), 'ts').filter((code) => !FILE.test(code) && !code.includes('import '));
  expect(neither).toEqual([]);
});

test("the lines of the algorithm that the README shows are the source's", () => {
  const [shown] = blocksOf(sectionOf(read('README.md'), 'The heart of it'), 'ts');
  expect(linesOf(shown).length).toBeGreaterThan(10);
  const code = linesOf(shown).filter((line) => !line.startsWith('/**'));
  expect(missingFrom(read('packages/maddpg/src/maddpg.ts'), code.join('\n'))).toEqual([]);
});
