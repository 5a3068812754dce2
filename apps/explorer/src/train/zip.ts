import { unzipSync, zipSync } from 'fflate';

/** A zip of these files, in a folder of this name. Weights do not get smaller, so nothing is compressed. */
export function zipOf(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Uint8Array<ArrayBuffer> {
  const named = Object.entries(files).map(([path, file]) => [
    `${folder}/${path}`,
    typeof file === 'string' ? new TextEncoder().encode(file) : file,
  ]);
  return zipSync(Object.fromEntries(named), { level: 0 }) as Uint8Array<ArrayBuffer>;
}

/** The files of a zip, by path. Throws if it is none. */
export function unzip(zip: Uint8Array): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(zip)));
  } catch (error) {
    throw new Error(`This zip cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
