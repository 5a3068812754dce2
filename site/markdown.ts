/** How the site differs from plain Markdown: links into the project lead to pages of the site, and parts of the explorer run. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path/posix';
import type { MarkdownRenderer } from 'vitepress';
import { pageOf, ROOT } from './contents.ts';
import { targetOf } from './sources.ts';

/** `<!-- explorer: part=stage run=simple -->` before a picture: on the site, this part of the explorer is in its place. */
const PART = /^<!-- explorer: (.*) -->\s*$/;

export function useProject(md: MarkdownRenderer): void {
  md.core.ruler.push('project', ({ tokens, env }) => {
    if (!env.path) return; // a title
    const page = relative(ROOT, env.realPath ?? env.path);
    for (const token of tokens) {
      for (const child of token.children ?? []) {
        const link = child.type === 'link_open' ? child.attrGet('href') : null;
        if (link) child.attrSet('href', siteLink(page, link));
      }
    }
    tokens.forEach((token, k) => {
      // In a cell, a number stays whole, and so does its interval: a line may break only between them.
      if (token.type === 'td_open') {
        for (const child of tokens[k + 1].children ?? []) child.content = wholeNumbers(child.content);
      }
      // Indented code looks as other code does.
      if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: 'text' });
      // An empty corner of a table heads nothing.
      if (token.type === 'th_open' && tokens[k + 1].content === '') {
        token.tag = 'td';
        tokens[k + 2].tag = 'td';
      }
      const [, fields] = (token.type === 'html_block' && PART.exec(token.content)) || [];
      if (!fields) return;
      const attributes = fields.replaceAll(/(\w+)=(\S+)/g, '$1="$2"');
      token.content = `<paragrad-gradient-flow ${attributes}>`;
      const end = tokens.findIndex(({ type }, j) => j > k && type === 'paragraph_close');
      const close = new (token.constructor as new (...values: unknown[]) => typeof token)(
        'html_block',
        '',
        0,
      );
      close.content = '</paragrad-gradient-flow>';
      tokens.splice(end + 1, 0, close);
    });
  });
  // A wide table scrolls by itself, also with the keyboard.
  md.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  md.renderer.rules.table_close = () => '</table></div>\n';
}

/** `56 % [49, 61]` with spaces that do not break, except for that before the bracket. */
const wholeNumbers = (text: string) => text.replaceAll(/(?<=\d,?) (?=%|-?\d)/g, '\u00a0');

function siteLink(page: string, link: string): string {
  const [, hash = ''] = /(#.*)$/.exec(link) ?? [];
  // Pages of sources name files by their paths from the root.
  const target = link.startsWith('/') ? link.slice(1) : targetOf(page, link);
  if (!target || !existsSync(join(ROOT, target))) return link;
  const to = target.endsWith('.md') ? pageOf(target) : `source/${target}.html`;
  return `/${to}${hash}`;
}
