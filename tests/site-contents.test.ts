/** The sidebar of the site has every page, and its links lead somewhere. `npm run test:site` tests the site itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkContents, contents, pathOf } from '../site/contents.js';
import { checkLinks } from '../site/links.js';
import { pagePaths } from './markdown.js';

test('every page of docs/ and every package has a place in the sidebar of the site', () => {
  checkContents(pagePaths);
});

test('a page without a place is named, and so is a place without a page', () => {
  expect(() => checkContents([...pagePaths, 'docs/new.md'])).toThrow(
    'has no docs/new.md: add it to a group in site/contents.ts',
  );
  const [{ pages }] = contents;
  const first = pathOf(pages[0]);
  expect(() => checkContents(pagePaths.filter((path) => path !== first))).toThrow(first);
});

test('a link to a page or a place that is not there is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-site-'));
  const page = (name: string, text: string) => writeFileSync(join(folder, name), text);
  page(
    'a.html',
    '<h1 id="top">A</h1><a href="/base/b.html#there">b</a><a href="#top">top</a><a href="https://x.org">x</a>',
  );
  page('b.html', '<h1 id="there">B</h1>');
  checkLinks(folder, '/base/');
  page('b.html', '<a href="#nowhere">1</a><a href="/a.html">2</a><img src="/base/none.png">');
  expect(() => checkLinks(folder, '/base/')).toThrow(
    'These links lead nowhere:\na.html: /base/b.html#there\nb.html: #nowhere\nb.html: /a.html\nb.html: /base/none.png',
  );
  mkdirSync(join(folder, 'folder'));
  page('b.html', '<a href="/base/folder">a server has no page for it</a><a href="/base/50%.html">50%</a>');
  expect(() => checkLinks(folder, '/base/')).toThrow('b.html: /base/folder\nb.html: /base/50%.html');
  rmSync(folder, { recursive: true });
});
