/** A finished run's small files as bytes, for the way through Redis. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { makeFolder, replaceFile } from '../run/write-files.js';

/** What stays where the run was trained: what only going on needs. */
const STAYS = ['checkpoints', 'running.lock'];
const NAME = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

export function pack(path: string): Buffer {
  const files = filesIn(path)
    .map((file) => relative(path, file).split(sep).join('/'))
    .filter((name) => !STAYS.includes(name.split('/')[0]));
  const contents = files.map((name) => [name, readFileSync(join(path, name)).toString('base64')]);
  return gzipSync(JSON.stringify(Object.fromEntries(contents)));
}

/** Writes the files into a new folder. Throws if a name leads out of it. */
export function unpack(bytes: Uint8Array, path: string): void {
  const contents = Object.entries(JSON.parse(gunzipSync(bytes).toString('utf8')) as Record<string, string>);
  const wrong = contents.find(([name]) => !NAME.test(name));
  if (wrong) throw new Error(`the result of ${path} has a file ${wrong[0]}, which is not within its folder`);
  for (const [name, content] of contents) {
    const file = join(path, name);
    makeFolder(dirname(file));
    replaceFile(file, Buffer.from(content, 'base64'));
  }
}

function filesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory() ? filesIn(inner) : [inner];
  });
}
