import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** The widest vector extension among the processor's flags, or '' if the system does not list them. */
  readonly vectors: string;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  readonly v8: string;
}

export function machine(): Machine {
  const { node, v8 } = process.versions;
  return {
    cpu: os.cpus()[0].model.trim(),
    cores: os.availableParallelism(),
    vectors: vectors(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    node,
    v8,
  };
}

/** The commit of a checkout, with '-dirty' if files differ from it. */
export function commit(folder = '.'): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  try {
    // Files that the benchmarks write do not count.
    const changed = git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      '.',
      ':!bench/results',
      ':!docs',
    );
    return git('rev-parse', '--short=10', 'HEAD') + (changed ? '-dirty' : '');
  } catch {
    return 'unknown';
  }
}

function vectors(): string {
  try {
    const flags = readFileSync('/proc/cpuinfo', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('flags'));
    return ['avx512f', 'avx2', 'avx', 'sse4_2'].find((name) => flags?.includes(` ${name} `)) ?? '';
  } catch {
    return '';
  }
}
