import { median, type Results, type Row } from './results.js';

/** The results of the two commands. Either may be missing. */
export interface Measurements {
  readonly bench?: Results | undefined;
  readonly peers?: Results | undefined;
}

/** A goal, and how to read from the measurements whether it is met. */
export interface Target {
  readonly work: string;
  readonly goal: string;
  readonly read: (measurements: Measurements) => Outcome | undefined;
}

export interface Outcome {
  readonly met: boolean;
  /** What was measured, in words. */
  readonly measured: string;
}

/** Selects rows. A runtime matches by its beginning, such as 'Node 20.'. */
interface Selection {
  readonly work: string;
  readonly by: string;
  readonly runtime?: string;
  readonly threads?: 'one' | 'all';
}

const NAIVE_SHAPE = 'matmul nn 1024x64x64';
const MLP = 'MLP step';
const THREE = 'MADDPG update, 3 agents of 18/2';
const TEN = 'MADDPG update, 10 agents of 60/2';

export const targets: readonly Target[] = [
  faster('bench', NAIVE_SHAPE, 'naive loop', '20', 'one', 18),
  faster('bench', NAIVE_SHAPE, 'naive loop', '24', 'one', 30),
  faster('peers', MLP, 'jax-js', '20', 'one', 1.3),
  faster('peers', MLP, 'jax-js', '20', 'all', 2),
  faster('peers', MLP, 'jax-js', '24', 'one', 2),
  faster('peers', MLP, 'tfjs wasm', '20', 'one', 6),
  faster('peers', MLP, 'tfjs cpu', '20', 'one', 25),
  faster('peers', THREE, 'PyTorch naive', '20', 'all', 1),
  faster('peers', THREE, 'PyTorch naive', '24', 'all', 1.3),
  faster('peers', TEN, 'PyTorch naive', '20', 'all', 1),
  faster('peers', TEN, 'PyTorch naive', '24', 'all', 1.5),
  perSecond('environment step, simple_spread, 3 agents', 300_000),
  perSecond('environment step, simple_spread, 3 agents, 1024 copies together', 1_000_000),
  {
    work: 'end to end, 25,000 episodes of simple_spread, Node 20, against PyTorch and a Python environment',
    goal: '5x as fast',
    read: ({ peers }) => peers && endToEnd(peers),
  },
  {
    work: 'memory growth over 10,000 updates',
    goal: 'none',
    read: ({ bench }) => bench && memoryGrowth(bench),
  },
];

/** A target for the ratio of two times of the same work, from one run on one machine. */
function faster(
  file: keyof Measurements,
  work: string,
  by: string,
  node: '20' | '24',
  threads: 'one' | 'all',
  goal: number,
): Target {
  const runtime = `Node ${node}.`;
  return {
    work: `${work}, ${threads === 'one' ? 'one thread' : 'all threads'}, Node ${node}, against ${by}`,
    goal: goal === 1 ? 'no slower' : `${goal}x as fast`,
    read(measurements) {
      const results = measurements[file];
      if (!results) return undefined;
      const ours = best(results, { work, by: 'paragrad', runtime, threads });
      if (!ours) return undefined;
      const theirs =
        sameProcess(results, ours, by) ?? // the naive loop
        best(results, { work, by, runtime }) ??
        best(results, { work, by }); // PyTorch, which does not run on Node
      if (!theirs) return undefined;
      const ratio = median(ratios(theirs, ours));
      const times = `${milliseconds(ours)} against ${milliseconds(theirs)} ms`;
      return { met: ratio >= goal, measured: `${ratio.toFixed(2)}x (${times})` };
    },
  };
}

/** A target for how many times a second something is done, on one thread of Node 20. */
function perSecond(work: string, goal: number): Target {
  const inWords = (times: number) => `${Math.round(times).toLocaleString('en-US')} a second`;
  return {
    work: `${work}, one thread, Node 20`,
    goal: inWords(goal),
    read({ bench }) {
      const ours = bench && best(bench, { work, by: 'paragrad', runtime: 'Node 20.', threads: 'one' });
      if (!ours) return undefined;
      const measured = 1000 / median(ours.values);
      return { met: measured >= goal, measured: inWords(measured) };
    },
  };
}

/** Other machines ran 3,000 to 4,500 steps of the Python environment in a CPU second. The highest rate counts. */
const PYTHON_STEPS_PER_SECOND = 4500;
const EPISODES = 25_000;
const STEPS = 25;
const STEPS_PER_UPDATE = 100;

function endToEnd(peers: Results): Outcome | undefined {
  const runtime = 'Node 20.';
  const ours = best(peers, { work: 'training, an episode', by: 'paragrad', runtime });
  const acting = best(peers, { work: 'actions of 3 agents', by: 'PyTorch act' });
  const update = best(peers, { work: THREE, by: 'PyTorch naive' });
  if (!ours || !acting || !update) return undefined;
  const theirs = update.values.map(
    (ms) =>
      STEPS * (1000 / PYTHON_STEPS_PER_SECOND + median(acting.values)) + (STEPS / STEPS_PER_UPDATE) * ms,
  );
  const ratio = median(ratios({ ...update, values: theirs }, ours));
  const seconds = (values: readonly number[]) => ((median(values) * EPISODES) / 1000).toFixed(0);
  return {
    met: ratio >= 5,
    measured: `${ratio.toFixed(2)}x (${seconds(ours.values)} against ${seconds(theirs)} s)`,
  };
}

/** Growth below this many bytes counts as none. One lost [1024, 64] an update would be 2.6 GB over 10,000 updates. */
const MAX_GROWTH = 1e6;
/** The same for the resident set, which varies with the allocator and the compiler. A leak of 1 kB an update would reach it. */
const MAX_RESIDENT_GROWTH = 10e6;

function memoryGrowth(bench: Results): Outcome | undefined {
  const rows = bench.rows.filter(({ work }) => work.startsWith('memory growth over 10,000 updates'));
  if (rows.length === 0) return undefined;
  const limit = ({ work }: Row) => (work.endsWith('resident set') ? MAX_RESIDENT_GROWTH : MAX_GROWTH);
  const words = rows.map(({ work, threads, values }) => {
    const what = work.split(': ')[1];
    return `${what} ${(median(values) / 1e6).toFixed(2)} MB (${threads === 1 ? 'one thread' : `${threads} threads`})`;
  });
  return { met: rows.every((row) => median(row.values) < limit(row)), measured: words.join(', ') };
}

/** The selected row with the shortest time: the best kernel set, and the best number of threads. */
function best(results: Results, { work, by, runtime = '', threads }: Selection): Row | undefined {
  return results.rows
    .filter((row) => row.work === work && row.by === by && row.runtime.startsWith(runtime))
    .filter((row) => !threads || (threads === 'one' ? row.threads === 1 : row.threads > 1))
    .sort((a, b) => median(a.values) - median(b.values))
    .at(0);
}

/** The row of another library for the same work, from the process that measured `ours`. */
function sameProcess({ rows }: Results, ours: Row, by: string): Row | undefined {
  const { work, runtime, kernels, threads } = ours;
  return rows.find(
    (row) =>
      row.by === by &&
      row.work === work &&
      row.runtime === runtime &&
      row.kernels === kernels &&
      row.threads === threads,
  );
}

/** theirs / ours, round by round: a disturbance in a round affects both. */
function ratios(theirs: Row, ours: Row): number[] {
  const rounds = Math.min(theirs.values.length, ours.values.length);
  return Array.from({ length: rounds }, (_, round) => theirs.values[round] / ours.values[round]);
}

export function milliseconds({ values }: Row): string {
  return `${Number(median(values).toPrecision(3))}`;
}
