import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { manifestOf } from './packed.js';

/**
 * A registry that has these tarballs, as npm's will once they are published. Without any, it is npm's before that, for packages
 * that need no others. Other packages are those of the registry `others`, if one is named. `npm publish` adds to it, with any token.
 */
export async function startRegistry(tarballs: readonly string[], others?: string): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-registry-'));
  const published = [...tarballs];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url!).slice(1);
    if (request.method === 'PUT') {
      published.push(await received(request, folder));
      return response.writeHead(201).end('{}');
    }
    const tarball = published.find((one) =>
      path.endsWith('.tgz') ? basename(one) === basename(path) : manifestOf(one).name === path,
    );
    if (!tarball && others)
      return response.writeHead(302, { location: new URL(request.url!, others).href }).end();
    if (!tarball) return response.writeHead(404).end('{}');
    if (path.endsWith('.tgz')) return response.end(readFileSync(tarball));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(tarball, address())));
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: address(),
    published,
    stop() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export interface Registry {
  readonly url: string;
  /** Paths of the tarballs that it has, in the order in which they came. */
  readonly published: readonly string[];
  stop(): void;
}

/** The tarball in what `npm publish` sends, as a file. */
async function received(request: IncomingMessage, folder: string): Promise<string> {
  const { _attachments } = (await json(request)) as { _attachments: Record<string, { data: string }> };
  const [[name, { data }]] = Object.entries(_attachments) as [[string, { data: string }]];
  const path = join(folder, name.replace('@', '').replace('/', '-'));
  writeFileSync(path, Buffer.from(data, 'base64'));
  return path;
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
