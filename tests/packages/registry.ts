import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { manifestOf, PACKED } from './packed.js';

/**
 * A registry that has these tarballs, as npm's will once they are published, and no other package. Without any, it is npm's
 * before that, for packages that need no others.
 */
export async function startRegistry(published: readonly string[]): Promise<{ url: string; stop(): void }> {
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url).slice(1);
    if (path.endsWith('.tgz')) return response.end(readFileSync(join(PACKED, basename(path))));
    const tarball = published.find((one) => manifestOf(one).name === path);
    if (!tarball) return response.writeHead(404).end('{}');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(tarball, address())));
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: address(), stop: () => server.close() };
}

/** What a registry says about a package. */
function packument(tarball: string, registry: string) {
  const manifest = manifestOf(tarball);
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const dist = { tarball: `${registry}${basename(tarball)}`, integrity };
  const time = { [version]: '2020-01-01T00:00:00.000Z' }; // yarn 4 takes no version that is younger than a day
  return { name, time, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
