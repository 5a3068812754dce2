/**
 * Measures one subject on one set-up, in a process of its own, so that no measurement is disturbed by what another has
 * compiled or allocated. Prints the result as the last line: rows as JSON, or null where there is no such set-up.
 */
import { parseArgs } from 'node:util';
import { type KernelsName, type Threads, useEngine } from './engine.js';
import { subjects } from './subjects/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const [subject, kernels, threads] = positionals;

const engine = await useEngine(kernels as KernelsName, threads as Threads);
const measured = engine ? await subjects[subject as keyof typeof subjects](values) : null;
const runtime = `Node ${process.versions.node}`;
const rows = measured?.map((row) => ({ by: 'paragrad', runtime, ...row, ...engine })) ?? null;
process.stdout.write(`\n${JSON.stringify(rows)}\n`, () => process.exit(0)); // worker threads may be waiting for work
