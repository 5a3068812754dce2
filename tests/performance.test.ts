/** docs/performance.md: what the generator writes for some measurements, and that the page is up to date. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pictures, report } from '../bench/report.js';
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
      '1.7x as fast',
      '3.00x (2 against 3 ms)',
      'yes',
    ]);
  });

  test('is met if the ratio is at least the goal', () => {
    const rows = [row(MLP, [1]), row(MLP, [1.7], { by: 'jax-js' })];
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
      row('training, an episode, envs 100', [3]),
      row('actions of 3 agents', [0.1], { by: 'PyTorch act', runtime: 'Python 3' }),
      row(UPDATE, [40], { by: 'PyTorch naive', runtime: 'Python 3' }),
    ];
    // 25 steps at 4,500 a second take 5.56 ms, 25 actions 2.5, a quarter of an update 10: 18.06 ms an episode, 451 s in all.
    const words = '9.03x (50 against 451 s); the Python environment was not measured here';
    expect(read(rows, 'end to end')).toEqual(['5x as fast', words, 'yes']);
    const step = row('environment step, simple_spread, 3 agents', [1], { by: 'mpe2', runtime: 'Python 3' });
    // With 1 ms a step: 25 + 2.5 + 10 = 37.5 ms an episode.
    expect(read([...rows, step], 'end to end')[1]).toBe('18.75x (50 against 938 s)');
  });

  test('takes the fastest of several others, and mentions updates of all agents together', () => {
    const ten = 'MADDPG update, 10 agents of 60/2';
    const two = { threads: 2 };
    const pytorch = { runtime: 'Python 3', threads: 1 };
    const rows = [
      ...[row(ten, [10], two), row(`${ten}, together`, [8], two)],
      row(ten, [40], { by: 'PyTorch naive', ...pytorch }),
      row(ten, [32], { by: 'PyTorch frozen', ...pytorch }),
    ];
    const words = '3.20x (10 against 32 ms); all agents together 4.00x';
    expect(read(rows, `${ten}, all threads, Node 20, against PyTorch naive and`)).toEqual([
      '2.5x as fast',
      words,
      'yes',
    ]);
  });

  test('for whole trainings compares one thread with one thread, and our best with their best', () => {
    const work = 'training of simple_spread, 25,000 episodes';
    const together = { by: 'paragrad, together' };
    const pytorch = { by: 'PyTorch stacked', runtime: 'Python 3' };
    const rows = [
      ...[row(work, [40e3], together), row(work, [30e3], { ...together, threads: 2 })],
      row(work, [50e3], { by: 'paragrad, in turn' }),
      ...[row(work, [60e3], pytorch), row(work, [45e3], { ...pytorch, threads: 2 })],
      row(`return after ${work}`, [-20], { ...together, unit: 'return' }),
    ];
    const start = `${work}, batch 128, envs 100, Node 20, against PyTorch stacked`;
    const oneThread = '1.50x (40.0 against 60.0 s); in turn 1.20x (50.0 s)';
    expect(read(rows, `${start}, one thread`)).toEqual(['1.2x as fast', oneThread, 'yes']);
    const allCores = '1.50x (30.0 against 45.0 s); in turn 0.90x (50.0 s)';
    expect(read(rows, `${start}, all cores`)).toEqual(['1.8x as fast', allCores, '**no**']);
  });

  const readBench = (rows: Row[], start: string) => line(report({ bench: results(rows) }, ''), start);
  const before = { by: 'paragrad before' };

  test('against an older commit compares with the work that took its place there', () => {
    const step = 'training step outside the updates, envs';
    const rows = [row(`${step} 16`, [0.01]), row(`${step} 1`, [0.06]), row(`${step} 1`, [0.08], before)];
    const words = '8.00x (0.01 against 0.08 ms)';
    expect(readBench(rows, `${step} 16`).slice(0, 3)).toEqual(['6x as fast', words, 'yes']);
  });

  test('of npm start is met only if the return is no worse', () => {
    const command = (returns: number[]) => [
      ...[row('npm start', [1000]), row('npm start', [2500], before)],
      row('npm start: return', returns, { unit: 'return' }),
      row('npm start: return', [-20, -20.2, -19.8], { ...before, unit: 'return' }),
    ];
    const [goal, measured, met] = readBench(command([-20.1, -20, -20.2]), 'npm start, against before');
    expect(goal).toBe('2x as fast');
    expect(measured).toBe(
      '2.50x (1000 against 2500 ms), return -20.10 ± 0.25 (3 seeds) against -20.00 ± 0.50 (3 seeds)',
    );
    expect(met).toBe('yes');
    expect(readBench(command([-22.1, -22, -22.2]), 'npm start, against before')[2]).toBe('**no**');
  });

  test('for a small batch is a part of the time of a large one', () => {
    const rows = [row(UPDATE, [10, 20]), row(`${UPDATE}, batch 16`, [0.5, 0.6])];
    const words = '0.040 (0.55 against 15 ms)';
    expect(readBench(rows, `${UPDATE}, one thread, Node 20, batch 16`)[1]).toBe(words);
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
      row(`memory growth from update 2,000 to 20,000: ${what}`, [bytes], { unit: 'bytes' });
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

describe('the pictures', () => {
  const agents = (what: string, N: number) => `${what}, ${N} agents, plain critic`;
  const bench = results([
    ...[row(UPDATE, [20]), row(`products of ${UPDATE}`, [15])],
    ...[3, 10, 30, 100].flatMap((N) => [
      row(`environment step, simple_spread, ${N} agents`, [N / 1000]),
      row(agents('update', N), [N * N]),
      row(agents('memory', N), [N * 1e6], { unit: 'bytes' }),
    ]),
  ]);
  const peers = results([
    row(UPDATE, [22]),
    row(UPDATE, [40], { by: 'PyTorch frozen', runtime: 'Python 3' }),
  ]);

  const widthsOf = (of: typeof bench) =>
    [
      ...pictures({ bench: of, peers })['performance-update.svg'].matchAll(/width="([\d.]+)" height="18"/g),
    ].map(([, width]) => Number(width));

  test('show an update as its products and the rest, both times from the run that measured PyTorch', () => {
    const [products, rest, pytorch, ...more] = widthsOf(bench);
    expect(more).toEqual([]);
    expect(products / rest).toBeCloseTo(3, 1);
    expect(pytorch / (products + rest)).toBeCloseTo(40 / 22, 1);
  });

  test('show no more products than the update, if they were slower alone', () => {
    const slow = results([row(UPDATE, [20]), row(`products of ${UPDATE}`, [25])]);
    const [products, rest, pytorch] = widthsOf(slow);
    expect(rest).toBe(0);
    expect(pytorch / products).toBeCloseTo(40 / 22, 1);
  });

  test('show what grows in which power of the number of agents', () => {
    const picture = pictures({ bench, peers })['performance-agents.svg'];
    const dots = [...picture.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(dots.length).toBe(12);
    const even = (points: number[][]) => {
      const slopes = points.slice(1).map(([x, y], k) => (points[k][1] - y) / (x - points[k][0]));
      for (const slope of slopes) expect(slope).toBeCloseTo(slopes[0], 1);
    };
    even(dots.slice(0, 4));
    even(dots.slice(4, 8));
    expect(line(report({ bench, peers }, ''), 'Update, batch 128, milliseconds: plain')).toEqual([
      '9',
      '100',
      '900',
      '10000',
    ]);
  });

  test('are left out if they were not measured', () => {
    expect(pictures({ bench: results([row(MLP, [1])]), peers })).toEqual({});
  });
});

test('docs/performance.md is up to date', () => {
  const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const kept = (name: string): Results | undefined =>
    existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : undefined;
  const measurements = { bench: kept('bench/results/bench.json'), peers: kept('bench/results/peers.json') };
  for (const [name, picture] of Object.entries(pictures(measurements))) {
    expect(readFileSync(path(`docs/images/${name}`), 'utf8')).toBe(picture);
  }
  expect(readFileSync(path('docs/performance.md'), 'utf8')).toBe(
    report(measurements, readFileSync(path('bench/tried.md'), 'utf8')),
  );
});
