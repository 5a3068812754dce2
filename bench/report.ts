import { median, type Results, type Row } from './results.js';
import { type Measurements, milliseconds, targets } from './targets.js';

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
    'End to end: our side is a shorter training run (1,000 episodes, after 200 to warm up), scaled to 25,000. The other side is ' +
      'the sum of its parts: the update and the choice of actions as measured here, and the Python environment at 4,500 steps a ' +
      'second. That is the highest rate measured on other machines; it was not measured here, because mpe2 is available from PyPI ' +
      'only. Noise and the replay memory count on our side only.',
    ...(bench ? ownSections(bench) : []),
    ...(peers ? comparisonSections(peers) : []),
    tried.trim(),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

function provenance(command: string, { machine, date, commit, quick, rows }: Results): string {
  const rounds = Math.max(...rows.map(({ values }) => values.length));
  const vectors = machine.vectors && ` with ${machine.vectors}`;
  return (
    `\`${command}\`${quick ? ', **a quick run, only a rough hint**' : ''}: ${date.slice(0, 10)}, commit ${commit}, ` +
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

function ownSections({ rows }: Results): string[] {
  const about = (prefix: string) => rows.filter(({ work }) => work.startsWith(prefix));
  return [
    '## Matrix products, GFLOP/s',
    'nn is A B, nt is A Bᵀ, tn is Aᵀ B. All have the sizes [m, k] [k, n], written m x k x n. Here the WebAssembly kernels work on ' +
      'arrays in WebAssembly memory, where `scope` keeps tensors. Other arrays are copied in and out, which takes about 20 ' +
      'microseconds for a [1024, 64].',
    pivot(about('matmul'), (row) => ((row.flop ?? 0) / median(row.values) / 1e6).toFixed(1)),
    '## Learning, ms',
    pivot([...about('MLP'), ...about('MADDPG')], milliseconds),
    '## Acting, thousands a second',
    pivot([...about('action'), ...about('environment')], (row) => (1 / median(row.values)).toFixed(0)),
    '## Training, ms for an episode (25 steps and a quarter of an update)',
    pivot(about('training'), milliseconds),
  ];
}

function comparisonSections({ rows, missing = [] }: Results): string[] {
  const by = (row: Row) => [row.by, row.runtime, row.kernels, `${row.threads}`, milliseconds(row)];
  const works = [...new Set(rows.map(({ work }) => work))];
  return [
    '## Comparison with other libraries, ms',
    ...works.flatMap((work) => [
      `### ${work}`,
      table(['by', 'on', 'with', 'threads', 'ms'], rows.filter((row) => row.work === work).map(by)),
    ]),
    ...missing.map(({ name, error }) => `Not measured: ${name}: ${error}`),
  ];
}

/** A table with a row for each work and a column for each set-up. */
function pivot(rows: readonly Row[], cell: (row: Row) => string): string {
  const setUps = [...new Set(rows.map(setUp))];
  const label = ({ work, by }: Row) => (by === 'paragrad' ? work : `${work}, ${by}`);
  const works = [...new Set(rows.map(label))];
  const find = (work: string, column: string) =>
    rows.find((row) => label(row) === work && setUp(row) === column);
  const lines = works.map((work) => [
    work,
    ...setUps.map((column) => {
      const row = find(work, column);
      return row ? cell(row) : '';
    }),
  ]);
  return table(['', ...setUps], lines);
}

function setUp({ runtime, kernels, threads }: Row): string {
  return `${kernels}, ${threads === 1 ? '1 thread' : `${threads} threads`}, ${runtime.split('.')[0]}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column].length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
