/** Pages whose blocks of code are programs, with what each block prints below it. */
import { programPages, read } from './markdown.js';

/** A block of code, and the output that the page shows below it. */
export interface PrintingBlock {
  readonly code: string;
  readonly output: string;
}

/** The blocks in one language, in order. */
export function printingBlocks(page: string, language: 'ts' | 'js'): PrintingBlock[] {
  const pattern = new RegExp(
    `\`\`\`${language}\\n([\\s\\S]*?)\`\`\`(?:\\n\\n\`\`\`text\\n([\\s\\S]*?)\`\`\`)?`,
    'g',
  );
  return [...page.matchAll(pattern)].map(([, code, output = '']) => ({ code, output }));
}

/** A line that the program prints before each block. */
const MARK = '@@ next block';

/** The blocks as one program. */
export function programOf(blocks: readonly PrintingBlock[]): string {
  return `${blocks.map(({ code }) => `console.log('${MARK}');\n${code}`).join('\n')}\nexport {};\n`;
}

/** What each block has printed, from what the program has printed. */
export function outputsIn(printed: string): string[] {
  return printed.split(`${MARK}\n`).slice(1);
}

/** The sections that quote the source instead, as docs-quotes.test.ts checks. */
const QUOTES: Record<string, string> = { 'docs/tour.md': '## From here to MADDPG' };

/** The pages that are one program each, in TypeScript. */
export const pagePrograms = programPages.map((path) => {
  const [text] = read(path).split(QUOTES[path] ?? '\u0000');
  return { path, name: path.replace(/^docs\/(.*)\.md$/, '$1'), text, blocks: printingBlocks(text, 'ts') };
});

const HELPERS = 'helpers.mjs';

/** The files of docs/gradient-flow.md, by name: a program for each chapter, and what they import. */
export function gradientFlow(): { files: Map<string, string>; chapters: Map<string, PrintingBlock[]> } {
  const chapters = new Map<string, PrintingBlock[]>();
  const helpers: string[] = [];
  for (const block of printingBlocks(read('docs/gradient-flow.md'), 'js')) {
    const name = /^\/\/ (\S+\.mjs)\n/.exec(block.code)?.[1]; // a program begins with a line such as `// one-number.mjs`
    if (name === HELPERS) helpers.push(block.code);
    else if (name) chapters.set(name, [block]);
    else [...chapters.values()].at(-1)!.push(block);
  }
  const programs = [...chapters].map(([name, blocks]) => [name, programOf(blocks)] as const);
  return { files: new Map([[HELPERS, helpers.join('\n')], ...programs]), chapters };
}
