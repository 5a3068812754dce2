/** Reads the Markdown pages of the project, for the tests that compare them with the code. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../site/contents.js';
import { markdownIn } from '../site/sources.js';

export { ROOT };

/** A file's text, by its path from the root of the project. */
export const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Paths of all Markdown pages, from the root of the project. */
export const pagePaths: readonly string[] = markdownIn('.');

/** Pages whose TypeScript blocks are one program, which builds up over the page: program-pages.test.ts runs it. */
export const programPages: readonly string[] = [
  'docs/tour.md',
  'docs/own-gradients.md',
  'docs/from-pytorch.md',
  'docs/from-pettingzoo.md',
  'docs/own-environment.md',
];

/** The code blocks of a page in one language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === language)
    .map(([, , code]) => code);
}

/** The first block of a page in this language that has its output below it, and the output. */
export function outputBelow(text: string, language: string): { code: string; output: string } {
  const pattern = new RegExp(
    `^\`\`\`${language}\\n((?:(?!\`\`\`).*\\n)*)\`\`\`\\n\\n\`\`\`text\\n([\\s\\S]*?)\`\`\``,
    'm',
  );
  const [, code, output] = pattern.exec(text) ?? [];
  if (code === undefined) throw new Error(`no block of ${language} with an output`);
  return { code, output };
}

/** A page without its code blocks. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** What stands under a heading of the second level. Throws if the page does not have it. */
export function sectionOf(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`no heading "## ${heading}"`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end);
}

/** The cells of each row of the tables in a text, without headers. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n');
  return lines
    .filter((line, k) => line.startsWith('|') && !/^\| :?-/.test(line) && !/^\| :?-/.test(lines[k + 1] ?? ''))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** Checks the types of the TypeScript files in a folder. Throws if they do not compile, and prints why. */
export function compile(folder: string): void {
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      noEmit: true,
      noUnusedLocals: false, // an example may end with a value
      types: ['node'],
      declarationMap: false,
      declaration: false,
    },
    include: ['*.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    stdio: 'inherit',
  });
}
