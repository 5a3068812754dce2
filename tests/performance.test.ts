/** docs/performance.md: what the generator writes for some measurements, and that the page is up to date. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { report } from '../bench/report.js';
import type { Results, Row } from '../bench/results.js';

const MLP = 'MLP step';
const UPDATE = 'MADDPG update, 3 agents of 18/2';

const results = (rows: readonly Row[], more: Partial<Results> = {}): Results => ({
  machine: { cpu: 'Abacus', cores: 2, vectors: 'avx2', memoryGiB: 8, os: 'Linux', node: '20.1.0', v8: '11' },
  date: '2026-01-02T03:04:05.678Z',
  commit: 'abc',
  quick: false,
  rows,
  ...more,
});

const row = (work: string, values: number[], more: Partial<Row> = {}): Row => ({
  work,
  by: 'paragrad',
  runtime: 'Node 20.1.0',
  kernels: 'simd',
  threads: 1,
  unit: 'ms',
  values,
  ...more,
});

/** The cells of the table row that begins with these words, without the first cell. */
function line(page: string, start: string): string[] {
  const found = page.split('\n').find((one) => one.startsWith(`| ${start}`));
  return (
    found
      ?.split('|')
      .map((cell) => cell.trim())
      .slice(2, -1) ?? []
  );
}

describe('a target', () => {
  const read = (rows: Row[], start: string) => line(report({ peers: results(rows) }, ''), start);

  test('compares round by round, and takes the median of the ratios', () => {
    // The medians are 2 and 3, 1.5x. Round by round: 3x, 1x, 3x.
    const rows = [row(MLP, [1, 2, 3]), row(MLP, [3, 2, 9], { by: 'jax-js' })];
    expect(read(rows, 'MLP step, one thread, Node 20, against jax-js')).toEqual([
      '1.3x as fast',
      '3.00x (2 against 3 ms)',
      'yes',
    ]);
  });

  test('is met if the ratio is at least the goal', () => {
    const rows = [row(MLP, [1]), row(MLP, [1.3], { by: 'jax-js' })];
    expect(read(rows, 'MLP step, one thread, Node 20, against jax-js')[2]).toBe('yes');
  });

  test('compares rows of the Node version that it names', () => {
    const on24 = { runtime: 'Node 24.0.0' };
    const rows = [
      ...[row(MLP, [1]), row(MLP, [9], { by: 'jax-js' })],
      ...[row(MLP, [2], on24), row(MLP, [5], { by: 'jax-js', ...on24 })],
    ];
    expect(read(rows, 'MLP step, one thread, Node 24, against jax-js')[1]).toBe('2.50x (2 against 5 ms)');
  });

  test('takes our best row with the named number of threads, and the best row of the others', () => {
    const pytorch = { by: 'PyTorch naive', runtime: 'Python 3' };
    const rows = [
      row(UPDATE, [1]), // not a row of all threads
      row(UPDATE, [12], { threads: 2, kernels: 'reference' }),
      row(UPDATE, [8], { threads: 2 }),
      row(UPDATE, [20], pytorch),
      row(UPDATE, [10], { ...pytorch, threads: 2 }),
    ];
    expect(read(rows, 'MADDPG update, 3 agents of 18/2, all threads, Node 20')).toEqual([
      'no slower',
      '1.25x (8 against 10 ms)',
      'yes',
    ]);
  });

  test('takes the naive loop from the process that measured our kernels', () => {
    const product = 'matmul nn 1024x64x64';
    const rows = [
      ...[
        row(product, [5], { kernels: 'reference' }),
        row(product, [6], { by: 'naive loop', kernels: 'reference' }),
      ],
      ...[row(product, [0.5]), row(product, [10], { by: 'naive loop' })],
    ];
    const page = report({ bench: results(rows) }, '');
    expect(line(page, 'matmul nn 1024x64x64, one thread, Node 20')[1]).toBe('20.00x (0.5 against 10 ms)');
  });

  test('end to end adds up the parts of the other implementation', () => {
    const rows = [
      row('training, an episode', [2], { threads: 2 }),
      row('actions of 3 agents', [0.1], { by: 'PyTorch act', runtime: 'Python 3' }),
      row(UPDATE, [40], { by: 'PyTorch naive', runtime: 'Python 3' }),
    ];
    // 25 steps at 4,500 a second take 5.56 ms, 25 actions 2.5, a quarter of an update 10: 18.06 ms an episode, 451 s in all.
    expect(read(rows, 'end to end')).toEqual(['5x as fast', '9.03x (50 against 451 s)', 'yes']);
  });

  test('of steps a second is met if we take at least as many', () => {
    const step = 'environment step, simple_spread, 3 agents';
    const rows = [
      row(step, [0.002, 0.004, 0.003]),
      row(step, [0.001], { threads: 2 }), // another target
      row(step, [0.001], { runtime: 'Node 24.0.0' }),
      row(`${step}, 1024 copies together`, [0.001]),
    ];
    const page = report({ bench: results(rows) }, '');
    expect(line(page, `${step}, one thread`)).toEqual(['300,000 a second', '333,333 a second', 'yes']);
    const together = ['1,000,000 a second', '1,000,000 a second', 'yes'];
    expect(line(page, `${step}, 1024 copies together, one thread`)).toEqual(together);
    const slower = report({ bench: results([row(step, [0.004])]) }, '');
    expect(line(slower, `${step}, one thread`).slice(1)).toEqual(['250,000 a second', '**no**']);
  });

  test('is not measured if one side is missing', () => {
    expect(read([row(MLP, [1])], 'MLP step, one thread, Node 20, against jax-js')[1]).toBe('not measured');
  });
});

test('a resident set that grows by 20 MB misses the target, and one that grows by 2 MB does not', () => {
  const growth = (resident: number) => {
    const of = (what: string, bytes: number) =>
      row(`memory growth over 10,000 updates: ${what}`, [bytes], { unit: 'bytes' });
    const rows = [of('JavaScript heap', 4e5), of('array buffers', -1e4), of('resident set', resident)];
    return line(report({ bench: results(rows) }, ''), 'memory growth');
  };
  expect(growth(2e6)).toEqual([
    'none',
    'JavaScript heap 0.40 MB (one thread), array buffers -0.01 MB (one thread), resident set 2.00 MB (one thread)',
    'yes',
  ]);
  expect(growth(2e7)[2]).toBe('**no**');
});

test('the page says what was measured on which machine, and what was not measured', () => {
  const product = row('matmul nn 2x2x2', [0.002], { flop: 16e3 });
  const other = row(MLP, [7], { by: 'tfjs wasm', kernels: '' });
  const missing = [{ name: 'js-pytorch', error: 'Error: cannot find it' }];
  const page = report(
    { bench: results([product], { quick: true }), peers: results([other], { missing }) },
    '## What was tried\n\nThis and that.\n',
  );
  expect(page).toContain(
    '`npm run bench`, **a quick run, only a rough hint**: 2026-01-02, commit abc, 1 round, on Abacus',
  );
  expect(line(page, 'matmul nn 2x2x2')).toEqual(['8.0']);
  expect(line(page, 'tfjs wasm')).toEqual(['Node 20.1.0', '', '1', '7']);
  expect(page).toContain('Not measured: js-pytorch: Error: cannot find it');
  expect(page.endsWith('\n\n## What was tried\n\nThis and that.\n')).toBe(true);
});

test('docs/performance.md is up to date', () => {
  const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const kept = (name: string): Results | undefined =>
    existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : undefined;
  const measurements = { bench: kept('bench/results/bench.json'), peers: kept('bench/results/peers.json') };
  expect(readFileSync(path('docs/performance.md'), 'utf8')).toBe(
    report(measurements, readFileSync(path('bench/tried.md'), 'utf8')),
  );
});
