import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort, Measurement } from '../timing.js';

/** The last file of each part of the command. */
const PARTS = {
  'start of the command': 'config.json',
  training: 'checkpoint',
  evaluation: 'evaluation.json',
  pictures: 'episode.gif',
};

/** `npm start` as a process, and its parts. Everything is installed and built already. */
export function start({ quick, seed = 1 }: Effort): Measurement[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const out = join(folder, 'run');
    const started = Date.now();
    const options = ['--out', out, '--seed', `${seed}`, ...(quick ? ['--episodes', '500'] : [])];
    execFileSync('npm', ['start', '--', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = Date.now();
    let before = started;
    const parts = Object.entries(PARTS).map(([part, file]): Measurement => {
      const now = statSync(join(out, file)).mtimeMs;
      const value = now - before;
      before = now;
      return { work: `npm start: ${part}`, value, unit: 'ms' };
    });
    const { trained } = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8'));
    return [
      { work: 'npm start', value: ended - started, unit: 'ms' },
      ...parts,
      { work: 'npm start: return', value: trained.meanReturn, unit: 'return' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
