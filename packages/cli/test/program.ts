/** The built program, in processes of its own, in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Saves all the time, so that kills meet writes. */
export const OFTEN = ['--save-every', '0.0005'];

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

export class Program {
  constructor(readonly folder: string = mkdtempSync(join(tmpdir(), 'paragrad-'))) {}

  readonly #running = new Set<ChildProcess>();

  start = (...args: string[]): { process: ChildProcess; ended: Promise<Ended> } => {
    const child = spawn('node', [PROGRAM, ...args], { cwd: this.folder });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        output += data;
      });
    }
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code, signal) => {
        this.#running.delete(child);
        resolve({ code, signal, output });
      });
    });
    return { process: child, ended };
  };

  run = (...args: string[]): Promise<Ended> => this.start(...args).ended;

  /** Ends what a failed test has left, and removes the folder. */
  close = (): void => {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  };

  /** A digest of every result that training decides. */
  results = (run: string): Record<string, string> => {
    const checkpoints = ['checkpoint', 'best'].filter((name) => existsSync(join(this.folder, run, name)));
    const names = checkpoints.flatMap((name) => [
      `${name}/networks.safetensors`,
      `${name}/optimizers.safetensors`,
    ]);
    const measured = ['metrics.csv', 'evaluations.csv', 'best/evaluation.json'].filter((name) =>
      existsSync(join(this.folder, run, name)),
    );
    const drawn = ['curve.svg', 'episode.gif'].filter((name) => existsSync(join(this.folder, run, name)));
    return Object.fromEntries(
      [...names, ...measured, ...drawn, 'evaluation.json', 'config.json'].map((name) => [
        name,
        createHash('sha1')
          .update(readFileSync(join(this.folder, run, name)))
          .digest('hex'),
      ]),
    );
  };

  status = (run: string) => JSON.parse(readFileSync(join(this.folder, run, 'status.json'), 'utf8'));

  /** Waits until the run has so many steps at its last save, or has ended. */
  untilSteps = async (run: string, steps: number): Promise<void> => {
    for (;;) {
      if (existsSync(join(this.folder, run, 'status.json'))) {
        const { steps: done, state } = this.status(run);
        if (done >= steps || state !== 'running') return;
      }
      await setTimeout(5);
    }
  };
}
