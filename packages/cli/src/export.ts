import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx, exportPyTorch, loadCheckpoint } from '@paragrad/maddpg';
import { RunFolder } from './run/run-folder.js';
import { makeFolder } from './run/write-files.js';

export const exportFormats = ['onnx', 'pytorch'] as const;

/** How `export` writes. */
export interface ExportOptions {
  readonly to: (typeof exportFormats)[number];
  /** Default: a folder in the run's folder, named as the format. */
  readonly out?: string;
  /** Such as best. Default: the last one. */
  readonly checkpoint?: string;
  /** Whether to print JSON. */
  readonly json?: boolean;
}

/** The Python that loads an actor. It lies beside the actors. */
const PYTHON = 'paragrad_actor.py';

/** Writes each actor of a finished run to a file of its own. Files of the same names are replaced. */
export function exportCommand(
  path: string,
  { to, out = join(path, to), checkpoint, json = false }: ExportOptions,
): void {
  const algorithm = loadCheckpoint(RunFolder.open(path).readCheckpoint(checkpoint));
  const [actors, extension] =
    to === 'onnx' ? [exportOnnx(algorithm), 'onnx'] : [exportPyTorch(algorithm), 'safetensors'];
  const contents = Object.entries(actors).map(([name, bytes]) => [`${name}.${extension}`, bytes] as const);
  const python =
    to === 'pytorch'
      ? [[PYTHON, readFileSync(new URL(`../pytorch/${PYTHON}`, import.meta.url))] as const]
      : [];
  const files = [...contents, ...python];
  try {
    makeFolder(out);
    for (const [name, bytes] of files) writeFileSync(join(out, name), bytes);
  } catch (error) {
    throw new Error(`can't write to ${out}: ${(error as Error).message}; choose another folder with --out`);
  }
  const names = files.map(([name]) => name);
  if (json) console.log(JSON.stringify({ run: path, format: to, folder: out, files: names }));
  else console.log(`Written to ${out}: ${names.join(', ')}`);
}
