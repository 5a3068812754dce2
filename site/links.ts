/** Every link of the built site leads to a file that is there, and to a place on it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';

/** Throws if links of the built pages lead nowhere. */
export function checkLinks(folder: string, base: string): void {
  const pages = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.html') && !name.startsWith('explore/'));
  const texts = new Map(pages.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const ids = new Map(
    [...texts].map(([name, text]) => [
      name,
      new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
    ]),
  );
  const dead = [...texts].flatMap(([name, text]) =>
    [...text.matchAll(/ (?:href|src)="([^"]+)"/g)]
      .map(([, link]) => link.replaceAll('&amp;', '&'))
      .filter((link) => !leads(link, name))
      .map((link) => `${name}: ${link}`),
  );
  if (dead.length > 0) throw new Error(`These links lead nowhere:\n${dead.join('\n')}`);

  function leads(link: string, from: string): boolean {
    const { origin, pathname, hash, protocol } = new URL(link, `http://site${base}${from}`);
    if (origin !== 'http://site') return protocol !== 'file:';
    if (!pathname.startsWith(base)) return false;
    const path = decodeURI(pathname.slice(base.length).replaceAll(/%(?![\da-f]{2})/gi, '%25'));
    const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
    if (!statSync(join(folder, file), { throwIfNoEntry: false })?.isFile()) return false;
    return hash === '' || !ids.has(file) || ids.get(file)!.has(decodeURIComponent(hash.slice(1)));
  }
}
