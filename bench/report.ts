import { growthOf } from './growth.js';
import { agentsChart } from './pictures/agents-chart.js';
import { short } from './pictures/svg.js';
import { updateChart } from './pictures/update-chart.js';
import { BEFORE, median, type Results, type Row } from './results.js';
import { milliseconds } from './select.js';
import { inWords } from './statistics.js';
import { pivot, table } from './table.js';
import { type Measurements, targets } from './targets.js';

/** The pictures of docs/performance.md, by file in docs/images. Missing ones were not measured. */
export function pictures(measurements: Measurements): Record<string, string> {
  const all = {
    'performance-update.svg': updateChart(measurements),
    'performance-agents.svg': agentsChart(measurements),
  };
  return Object.fromEntries(Object.entries(all).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string
  >;
}

/** The text of docs/performance.md: the measurements, and `tried`, the part that is written by hand. */
export function report(measurements: Measurements, tried: string): string {
  const { bench, peers } = measurements;
  return [
    '# Performance',
    '`npm run bench:report` makes this page from bench/results, which `npm run bench` and `npm run bench:peers` write, and ' +
      'from bench/tried.md. Change those, not this page.',
    ...[bench && provenance('npm run bench', bench), peers && provenance('npm run bench:peers', peers)],
    'Every number is the median over the rounds, and the number of a round is a median itself. Every ratio is the median of ' +
      'the ratios of the rounds. Each process measures one thing, and the processes take turns.',
    '## Targets',
    targetTable(measurements),
    'End to end: our side is a shorter training run (1,000 episodes, after 200 to warm up), scaled to 25,000, with one environment ' +
      'or with 100 at once, whichever is faster. The other side is ' +
      'the sum of its parts: the update and the choice of actions as measured here, and the Python environment. If mpe2 is not ' +
      'installed, as its row says, the environment counts with 4,500 steps a second, the highest rate measured on other machines. ' +
      'Noise and the replay memory count on our side only.',
    ...updateSection(measurements),
    ...(bench ? ownSections(bench) : []),
    ...(peers ? comparisonSections(peers) : []),
    tried.trim(),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

function provenance(command: string, { machine, date, commit, against, quick, rows }: Results): string {
  const rounds = Math.max(...rows.map(({ values }) => values.length));
  const vectors = machine.vectors && ` with ${machine.vectors}`;
  const before = against ? `, "before" is commit ${against}` : '';
  return (
    `\`${command}\`${quick ? ', **a quick run, only a rough hint**' : ''}: ${date.slice(0, 10)}, commit ${commit}${before}, ` +
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, on ${machine.cpu}${vectors}, ${machine.cores} cores, ` +
    `${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node} (V8 ${machine.v8}).`
  );
}

function targetTable(measurements: Measurements): string {
  const rows = targets.map(({ work, goal, read }) => {
    const outcome = read(measurements);
    return [work, goal, outcome?.measured ?? 'not measured', outcome ? (outcome.met ? 'yes' : '**no**') : ''];
  });
  return table(['work', 'target', 'measured', 'met'], rows);
}

function updateSection(measurements: Measurements): string[] {
  if (!updateChart(measurements)) return [];
  return [
    '## An update, at each batch',
    '![an update at batch 16, 128 and 1024, split into products and the rest, beside PyTorch](images/performance-update.svg)',
    'One thread of Node 20, and PyTorch with the number of threads that is its best. "As usual" is `frozen` below. In turn, ' +
      'each agent learns from what the agents before it have just become; together, from what all were before the update. ' +
      'The products are those that the update computes, counted and then timed alone after it. Where the machine was slower in that ' +
      'moment, their share is too large.',
  ];
}

function ownSections(bench: Results): string[] {
  const about = (...prefixes: string[]) =>
    bench.rows.filter(({ work }) => prefixes.some((prefix) => work.startsWith(prefix)));
  return [
    '## Matrix products, GFLOP/s',
    'nn is A B, nt is A Bᵀ, tn is Aᵀ B. All have the sizes [m, k] [k, n], written m x k x n. Here the WebAssembly kernels work on ' +
      'arrays in WebAssembly memory, where `scope` keeps tensors. Other arrays are copied in and out, which takes about 20 ' +
      'microseconds for a [1024, 64].',
    pivot(about('matmul'), (row) => ((row.flop ?? 0) / median(row.values) / 1e6).toFixed(1)),
    '## Learning, ms',
    'The batch is 1024 if a row names no other.',
    pivot(about('MLP', 'MADDPG', 'products of'), milliseconds),
    '## Acting, thousands a second',
    pivot(about('action', 'environment'), (row) => (1 / median(row.values)).toFixed(0)),
    ...section(about('training step'), (rows) => [
      '## A training step outside the updates, microseconds for a transition',
      'To act, to explore, the environment and the replay memory, with so many environments at once.',
      pivot(rows, (row) => short(1000 * median(row.values))),
    ]),
    '## Training, ms for an episode (25 steps and a quarter of an update)',
    pivot(about('training, an episode'), milliseconds),
    ...agentsSection(bench),
    ...section(about('npm start'), (rows) => [
      '## `npm start`, seconds',
      'The whole command and its parts, with everything installed and built. Each round has another seed.',
      commandTable(rows),
    ]),
  ];
}

/** The lines of a section that old results do not have. */
function section(rows: readonly Row[], lines: (rows: readonly Row[]) => string[]): string[] {
  return rows.length > 0 ? lines(rows) : [];
}

function agentsSection(bench: Results): string[] {
  const growths = growthOf(bench);
  if (growths.length === 0) return [];
  const sizes = [3, 10, 30, 100];
  const rows = growths.flatMap(({ what, unit, lines }) =>
    lines.map(({ name, points }) => [
      `${what}, ${unit}: ${name}`,
      ...sizes.map((size) => {
        const point = points.find(([N]) => N === size);
        return point ? short(point[1]) : '';
      }),
    ]),
  );
  return [
    '## Many agents',
    '![an environment step, an update and its memory from 3 to 100 agents](images/performance-agents.svg)',
    table(['simple_spread', ...sizes.map((size) => `${size} agents`)], rows),
    'All agents share their networks. Nearest: an agent sees its 5 nearest others and landmarks, and its critic sees what it sees. ' +
      'One thread; an update is the fastest of a few seconds. Memory: how much the process grows.',
  ];
}

function commandTable(rows: readonly Row[]): string {
  const works = [...new Set(rows.map(({ work }) => work))];
  const columns = ['paragrad', BEFORE].filter((by) => rows.some((row) => row.by === by));
  const cell = (work: string, by: string) => {
    const row = rows.find((row) => row.work === work && row.by === by);
    if (!row) return '';
    return row.unit === 'return' ? inWords(row.values) : (median(row.values) / 1000).toFixed(2);
  };
  return table(
    ['', ...columns],
    works.map((work) => [work, ...columns.map((by) => cell(work, by))]),
  );
}

function comparisonSections({ rows, missing = [] }: Results): string[] {
  const by = (row: Row) => [row.by, row.runtime, row.kernels, `${row.threads}`, milliseconds(row)];
  const timed = rows.filter(({ unit }) => unit === 'ms');
  const works = [...new Set(timed.map(({ work }) => work.replace(/, together$/, '')))];
  const together = (row: Row) =>
    row.work.endsWith(', together') ? { ...row, by: `${row.by}, together` } : row;
  return [
    '## Comparison with other libraries, ms',
    ...works.flatMap((work) => [
      `### ${work}`,
      table(
        ['by', 'on', 'with', 'threads', 'ms'],
        timed
          .filter((row) => row.work === work || row.work === `${work}, together`)
          .map(together)
          .map(by),
      ),
    ]),
    ...section(
      rows.filter(({ unit }) => unit === 'return'),
      (returns) => [
        'Do they learn the same? Mean returns without noise, each run with a seed of its own:',
        returnTable(returns),
      ],
    ),
    ...missing.map(({ name, error }) => `Not measured: ${name}: ${error}`),
  ];
}

/** The mean return of each way to train. Its runs differ in seed, threads and kernels. */
export function returnTable(returns: readonly Row[]): string {
  const ways = [...new Set(returns.map(({ by }) => by))];
  const line = (by: string) => {
    const values = returns.filter((row) => row.by === by).flatMap(({ values }) => values);
    return [by, inWords(values)];
  };
  return table(['by', 'mean return'], ways.map(line));
}
