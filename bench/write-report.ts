/**
 * `npm run bench:report`: writes docs/performance.md and its pictures from bench/results. With `-- runs/bench` it writes
 * performance.md and pictures for another folder into that folder.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './processes.js';
import { pictures, report } from './report.js';
import type { Results } from './results.js';

const folder = process.argv[2];
const read = (name: string): Results | undefined => {
  const file = `${folder ?? `${ROOT}bench/results`}/${name}`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};
const measurements = { bench: read('bench.json'), peers: read('peers.json') };
const out = folder ?? `${ROOT}docs`;
writeFileSync(`${out}/performance.md`, report(measurements, readFileSync(`${ROOT}bench/tried.md`, 'utf8')));
mkdirSync(`${out}/images`, { recursive: true });
for (const [name, picture] of Object.entries(pictures(measurements))) {
  writeFileSync(`${out}/images/${name}`, picture);
}
