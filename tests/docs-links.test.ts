/** Every link of every Markdown page leads to a file that exists, and to a heading that is there. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { slugify } from '../site/slugify.js';
import { pagePaths, proseOf, ROOT, read } from './markdown.js';

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, title]) => {
    const anchor = slugify(title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

const linksOf = (text: string) =>
  [
    ...proseOf(text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g),
  ].map(([link, file, anchor]) => ({ link, file, anchor }));

test('headings have the anchors that GitHub gives them', () => {
  const page =
    "# Settings\n## `settings`\n## Others' actions: current or replay\n```sh\n# no heading\n```\n### 1. What?";
  expect(anchorsOf(page)).toEqual(['settings', 'settings-1', 'others-actions-current-or-replay', '1-what']);
});

test.each(pagePaths)('%s names no tarball of ours by a version, which the next release changes', (path) => {
  expect(read(path)).not.toMatch(/paragrad[\w-]*-\d+\.\d+\.\d+\S*\.tgz/);
});

test('there are links', () => {
  expect(pagePaths.flatMap((path) => linksOf(read(path))).length).toBeGreaterThan(200);
});

// Packages are published with their README, but not with docs/, and no address of a repository is known yet.
test.each(pagePaths.filter((path) => path.startsWith('packages/')))(
  '%s says where its links lead',
  (path) => {
    const lead = linksOf(read(path)).some(({ file }) => file.startsWith('../'));
    expect(read(path).includes('links out of this folder lead nowhere')).toBe(lead);
  },
);

test.each(pagePaths)('links of %s lead somewhere', (path) => {
  const dead = linksOf(read(path)).filter(({ file, anchor }) => {
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(dead.map(({ link }) => link)).toEqual([]);
});
