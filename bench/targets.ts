import { BEFORE, median, type Results, type Row } from './results.js';
import { best, fastest, milliseconds, ratioOf, type Selection, sameProcess } from './select.js';
import { inWords, spreadOf } from './statistics.js';

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

const NAIVE_SHAPE = 'matmul nn 1024x64x64';
const MLP = 'MLP step';
const THREE = 'MADDPG update, 3 agents of 18/2';
const TEN = 'MADDPG update, 10 agents of 60/2';
const TRAINING = 'training of simple_spread, 25,000 episodes';
const NAIVE = ['PyTorch naive'];
const FROZEN = ['PyTorch frozen'];

export const targets: readonly Target[] = [
  faster('bench', NAIVE_SHAPE, ['naive loop'], '20', 'one', 18),
  faster('bench', NAIVE_SHAPE, ['naive loop'], '24', 'one', 30),
  faster('peers', MLP, ['jax-js'], '20', 'one', 1.7),
  faster('peers', MLP, ['jax-js'], '20', 'all', 2),
  faster('peers', MLP, ['jax-js'], '24', 'one', 2),
  faster('peers', MLP, ['tfjs wasm'], '20', 'one', 6),
  faster('peers', MLP, ['tfjs cpu'], '20', 'one', 25),
  faster('peers', THREE, NAIVE, '20', 'all', 1),
  faster('peers', THREE, NAIVE, '24', 'all', 1.3),
  faster('peers', TEN, NAIVE, '20', 'all', 1),
  faster('peers', TEN, NAIVE, '24', 'all', 1.5),
  faster('peers', `${THREE}, batch 16`, FROZEN, '20', 'one', 4),
  faster('peers', `${THREE}, batch 128`, FROZEN, '20', 'one', 2.5),
  faster('peers', THREE, FROZEN, '20', 'one', 1.2),
  faster('peers', THREE, FROZEN, '20', 'all', 1.8),
  faster('peers', TEN, [...NAIVE, ...FROZEN], '20', 'all', 2.5),
  {
    work: 'MADDPG update, 3 agents of 18/2, one thread, Node 20, batch 16 against batch 1024',
    goal: 'at most 0.04 of the time',
    read: ({ bench }) => bench && smallBatch(bench),
  },
  perSecond('environment step, simple_spread, 3 agents', 300_000),
  perSecond('environment step, simple_spread, 3 agents, 1024 copies together', 1_000_000),
  fasterThanBefore('environment step, simple_spread, 100 agents', 4),
  fasterThanBefore(
    'training step outside the updates, envs 16',
    6,
    'training step outside the updates, envs 1',
  ),
  {
    work: 'npm start, against before, at a return that is no worse',
    goal: '2x as fast',
    read: ({ bench }) => bench && wholeCommand(bench),
  },
  wholeTraining('one', 1.2),
  wholeTraining('all', 1.8),
  {
    work: 'end to end, 25,000 episodes of simple_spread, Node 20, against PyTorch and a Python environment',
    goal: '5x as fast',
    read: ({ peers }) => peers && endToEnd(peers),
  },
  {
    work: 'memory growth from update 2,000 to update 20,000',
    goal: 'none',
    read: ({ bench }) => bench && memoryGrowth(bench),
  },
];

/**
 * A target for how much faster we are than others at the same work, in one run on one machine. `by`: the others. The fastest of
 * them counts.
 */
function faster(
  file: keyof Measurements,
  work: string,
  by: readonly string[],
  node: '20' | '24',
  threads: 'one' | 'all',
  goal: number,
): Target {
  const runtime = `Node ${node}.`;
  return {
    work: `${work}, ${threads === 'one' ? 'one thread' : 'all threads'}, Node ${node}, against ${by.join(' and ')}`,
    goal: goal === 1 ? 'no slower' : `${goal}x as fast`,
    read(measurements) {
      const results = measurements[file];
      if (!results) return undefined;
      const ours = best(results, { work, by: 'paragrad', runtime, threads });
      if (!ours) return undefined;
      const theirs = fastest(
        by.map(
          (one) =>
            sameProcess(results, ours, one) ?? // the naive loop
            best(results, { work, by: one, runtime }) ??
            best(results, { work, by: one }), // PyTorch, which does not run on Node
        ),
      );
      if (!theirs) return undefined;
      const together = best(results, { work: `${work}, together`, by: 'paragrad', runtime, threads });
      return compared(ours, theirs, goal, together);
    },
  };
}

/** @param other the same work in another way, which is only mentioned. */
function compared(ours: Row, theirs: Row, goal: number, other?: Row): Outcome {
  const ratio = ratioOf(theirs, ours);
  const also = other ? `; all agents together ${ratioOf(theirs, other).toFixed(2)}x` : '';
  const times = `${milliseconds(ours)} against ${milliseconds(theirs)} ms`;
  return { met: ratio >= goal, measured: `${ratio.toFixed(2)}x (${times})${also}` };
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

/** A target for the ratio to an older commit (`--against`). `workBefore`: what took its place there. */
function fasterThanBefore(work: string, goal: number, workBefore = work): Target {
  return {
    work: `${work}, Node 20, against ${workBefore === work ? 'before' : `envs 1 before`}`,
    goal: `${goal}x as fast`,
    read({ bench }) {
      const runtime = 'Node 20.';
      const ours = bench && best(bench, { work, by: 'paragrad', runtime });
      const theirs = bench && best(bench, { work: workBefore, by: BEFORE, runtime });
      return ours && theirs && compared(ours, theirs, goal);
    },
  };
}

function smallBatch(bench: Results): Outcome | undefined {
  const of = (work: string) => best(bench, { work, by: 'paragrad', runtime: 'Node 20.', threads: 'one' });
  const small = of(`${THREE}, batch 16`);
  const large = of(THREE);
  if (!small || !large) return undefined;
  const part = ratioOf(small, large);
  const times = `${milliseconds(small)} against ${milliseconds(large)} ms`;
  return { met: part <= 0.04, measured: `${part.toFixed(3)} (${times})` };
}

/** Each round is a seed. The return is no worse if the difference of the means is within its interval. */
function wholeCommand(bench: Results): Outcome | undefined {
  const of = (work: string, by: string) => best(bench, { work, by });
  const [ours, theirs] = ['paragrad', BEFORE].map((by) => of('npm start', by));
  const [our, their] = ['paragrad', BEFORE].map((by) => of('npm start: return', by)?.values);
  if (!ours || !theirs || !our || !their) return undefined;
  const [now, then] = [spreadOf(our), spreadOf(their)];
  const noWorse = !(now.mean < then.mean - Math.hypot(now.halfWidth, then.halfWidth));
  const { met, measured } = compared(ours, theirs, 2);
  return { met: met && noWorse, measured: `${measured}, return ${inWords(our)} against ${inWords(their)}` };
}

/** One thread against one thread, or our best against theirs. All agents take their steps together, as in the peer. */
function wholeTraining(threads: 'one' | 'all', goal: number): Target {
  const on = threads === 'one' ? 'one thread against one thread' : 'all cores against its best';
  return {
    work: `${TRAINING}, batch 128, envs 100, Node 20, against PyTorch stacked, ${on}`,
    goal: `${goal}x as fast`,
    read({ peers }) {
      const of = (selection: Omit<Selection, 'work'>) =>
        peers && best(peers, { work: TRAINING, ...selection, ...(threads === 'one' && { threads }) });
      const ours = of({ by: 'paragrad, together', runtime: 'Node 20.' });
      const theirs = of({ by: 'PyTorch stacked' });
      const inTurn = of({ by: 'paragrad, in turn', runtime: 'Node 20.' });
      if (!ours || !theirs) return undefined;
      const seconds = (row: Row) => (median(row.values) / 1000).toFixed(1);
      const ratio = ratioOf(theirs, ours);
      const also = inTurn ? `; in turn ${ratioOf(theirs, inTurn).toFixed(2)}x (${seconds(inTurn)} s)` : '';
      return {
        met: ratio >= goal,
        measured: `${ratio.toFixed(2)}x (${seconds(ours)} against ${seconds(theirs)} s)${also}`,
      };
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
  const ours = fastest(
    ['training, an episode', 'training, an episode, envs 100'].map((work) =>
      best(peers, { work, by: 'paragrad', runtime }),
    ),
  );
  const acting = best(peers, { work: 'actions of 3 agents', by: 'PyTorch act' });
  const update = best(peers, { work: THREE, by: 'PyTorch naive' });
  if (!ours || !acting || !update) return undefined;
  const step = best(peers, { work: 'environment step, simple_spread, 3 agents', by: 'mpe2' });
  const stepMs = step ? median(step.values) : 1000 / PYTHON_STEPS_PER_SECOND;
  const theirs = update.values.map(
    (ms) => STEPS * (stepMs + median(acting.values)) + (STEPS / STEPS_PER_UPDATE) * ms,
  );
  const ratio = ratioOf({ ...update, values: theirs }, ours);
  const seconds = (values: readonly number[]) => ((median(values) * EPISODES) / 1000).toFixed(0);
  const environment = step ? '' : '; the Python environment was not measured here';
  return {
    met: ratio >= 5,
    measured: `${ratio.toFixed(2)}x (${seconds(ours.values)} against ${seconds(theirs)} s)${environment}`,
  };
}

/** Growth below this many bytes counts as none. One lost [128, 64] an update would be 590 MB over 18,000 updates. */
const MAX_GROWTH = 1e6;
/** The same for the resident set, which varies with the allocator and the compiler. A leak of 220 bytes an update would reach it. */
const MAX_RESIDENT_GROWTH = 4e6;

function memoryGrowth(bench: Results): Outcome | undefined {
  const rows = bench.rows.filter(({ work }) => work.startsWith('memory growth from update 2,000 to 20,000'));
  if (rows.length === 0) return undefined;
  const limit = ({ work }: Row) => (work.endsWith('resident set') ? MAX_RESIDENT_GROWTH : MAX_GROWTH);
  const words = rows.map(({ work, threads, values }) => {
    const what = work.split(': ')[1];
    return `${what} ${(median(values) / 1e6).toFixed(2)} MB (${threads === 1 ? 'one thread' : `${threads} threads`})`;
  });
  return { met: rows.every((row) => median(row.values) < limit(row)), measured: words.join(', ') };
}
