/** The files of the project that pages link to, such as sources and their folders: each becomes a page of the site, too. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { ROOT } from './contents.ts';

const LANGUAGES: Record<string, string> = {
  ts: 'ts',
  tsx: 'tsx',
  js: 'js',
  mjs: 'js',
  py: 'python',
  json: 'json',
  cff: 'yaml',
};
/** Larger files of JSON are data, which nobody reads in a page. */
const MOST_JSON = 20_000;
const SKIPPED = /^(\.|node_modules$|dist$|runs$|packed$|api$)/;

/** Paths of all Markdown files that were written by hand. */
export function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : markdownIn(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

/** What a link in a file leads to, as a path from the root of the project. Undefined: another site, or a place on the same page. */
export function targetOf(from: string, link: string): string | undefined {
  if (/^([a-z]+:|#|\/)/i.test(link)) return undefined;
  return join(dirname(from), decodeURI(link.replace(/[#?].*/, ''))).replace(/\/$/, '');
}

const isFolder = (path: string) => statSync(join(ROOT, path)).isDirectory();
const isShown = (path: string) =>
  isFolder(path) ||
  /\.(ts|tsx|js|mjs|py|cff)$|LICENSE$/.test(path) ||
  (path.endsWith('.json') && statSync(join(ROOT, path)).size <= MOST_JSON);

const inFolder = (path: string): string[] =>
  readdirSync(join(ROOT, path))
    .filter((name) => !SKIPPED.test(name))
    .map((name) => join(path, name));

/** Paths of all files and folders that have a page. A folder brings what is in it. */
export function sourcePaths(): string[] {
  const found = new Set<string>();
  const add = (path: string) => {
    if (found.has(path) || !isShown(path)) return;
    found.add(path);
    if (isFolder(path)) inFolder(path).forEach(add);
  };
  for (const page of markdownIn('.')) {
    const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const target = targetOf(page, link);
      if (target && !/\.(md|png|svg|gif)$/.test(target) && existsSync(join(ROOT, target))) add(target);
    }
  }
  return [...found];
}

/** The page of a file: its text. Of a folder: what is in it. */
export function sourcePage(path: string): string {
  const name = path.split('/').at(-1);
  const where = `\`${path}\` in the project.`;
  if (!isFolder(path)) {
    const language = LANGUAGES[/\.(\w+)$/.exec(path)?.[1] ?? ''] ?? 'text';
    const text = readFileSync(join(ROOT, path), 'utf8').trimEnd();
    return `# ${name}\n\n${where}\n\n\`\`\`\`\`${language}:line-numbers\n${text}\n\`\`\`\`\`\n`;
  }
  const lines = inFolder(path).map((inside) => {
    const title = `${inside.split('/').at(-1)}${isFolder(inside) ? '/' : ''}`;
    return isShown(inside) || title === 'README.md' ? `- [${title}](/${inside})` : `- ${title}`;
  });
  return `# ${name}/\n\n${where}\n\n${lines.join('\n')}\n`;
}
