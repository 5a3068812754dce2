/** `npm run bench:report`: writes docs/performance.md from bench/results. With `-- runs/bench` it prints the page for another folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './processes.js';
import { report } from './report.js';
import type { Results } from './results.js';

const folder = process.argv[2];
const read = (name: string): Results | undefined => {
  const file = `${folder ?? `${ROOT}bench/results`}/${name}`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};
const measurements = { bench: read('bench.json'), peers: read('peers.json') };
const text = report(measurements, readFileSync(`${ROOT}bench/tried.md`, 'utf8'));
if (folder) console.log(text);
else writeFileSync(`${ROOT}docs/performance.md`, text);
