/** Pages whose blocks of code are programs, with what each block prints below it. */

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
