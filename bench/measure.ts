/**
 * Measures one subject on one set-up. This is a process of its own, so that nothing that another measurement compiled or
 * allocated disturbs it. The last line of output is the result: rows as JSON, or null if this machine does not have the set-up.
 */
import { parseArgs } from 'node:util';
import { type KernelsName, type Threads, useEngine } from './engine.js';
import { subjects } from './subjects/index.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
  },
});
const [subject, kernels, threads] = positionals;

const engine = await useEngine(kernels as KernelsName, threads as Threads);
const measured = engine
  ? await subjects[subject as keyof typeof subjects]({ ...values, seed: Number(values.seed ?? 1) })
  : null;
const runtime = `Node ${process.versions.node}`;
const rows = measured?.map((row) => ({ by: 'paragrad', runtime, ...row, ...engine })) ?? null;
process.stdout.write(`\n${JSON.stringify(rows)}\n`, () => process.exit(0)); // ends waiting worker threads, too
