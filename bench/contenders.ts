import {
  type Measured,
  measure,
  nodes,
  quickFlag,
  run,
  runNode,
  type Subject,
  version,
} from './processes.js';
import { pythonWithTorch, type ThreadSetting, threadSettings, threadsEnv } from './python.js';
import type { Effort } from './timing.js';

/** A library with some work to do, measured in a process of its own. */
export interface Contender {
  readonly name: string;
  /** 1: only in the first round. */
  readonly rounds?: 1;
  readonly measure: () => Measured[];
}

/** Everything that `npm run bench:peers` measures, in the order of a round. */
export function contenders(quick: boolean): Contender[] {
  return [
    ...mlpContenders(quick),
    ...updateContenders(quick),
    ...episodeContenders(quick),
    ...trainingContenders(quick),
  ];
}

/** The MLP step in every library. */
function mlpContenders(quick: boolean): Contender[] {
  const [here] = nodes();
  let expected: number[] | undefined;
  const contender = (by: string, node: string, library: string, option: string): Contender => ({
    name: `${by} (${option}), Node ${version(node)}`,
    measure() {
      const result = runNode(node, 'bench/peers/run.mjs', [library, option, ...quickFlag(quick)]);
      if (!result) return [];
      const { losses, ...row } = result as Measured & { losses: number[] };
      expected ??= losses;
      checkLosses(losses, expected);
      return [{ ...row, by }];
    },
  });
  return [
    ...nodes().flatMap((node) =>
      ['one', 'all'].map((threads) => contender('paragrad', node, 'paragrad', threads)),
    ),
    ...nodes().map((node) => contender('jax-js', node, 'jax-js', 'jit, wasm')),
    contender('tfjs wasm', here, 'tfjs', 'wasm'),
    contender('tfjs cpu', here, 'tfjs', 'cpu'),
    contender('js-pytorch', here, 'js-pytorch', 'cpu'),
  ];
}

/** Throws if the losses differ from Paragrad's: then the network, the loss or the optimizer is not the same. */
function checkLosses(losses: number[], expected: number[]): void {
  // js-pytorch's ReLU has a slope of 0.001 below 0: a difference of 1.2e-4. The others' are below 2e-6.
  const same = losses.every((loss, i) => Math.abs(loss - expected[i]) <= 5e-4 * expected[i]);
  if (!same) throw new Error(`not the same work: the losses are ${losses}, and Paragrad's were ${expected}`);
}

/** The MADDPG update in Paragrad, and in PyTorch with several numbers of threads. */
function updateContenders(quick: boolean): Contender[] {
  const cases = [
    ...[1024, 128, 16].map((batch) => ({ agents: 3, observation: 18, batch })),
    { agents: 10, observation: 60, batch: 1024 },
  ];
  return cases.flatMap(({ agents, observation, batch }) => {
    const size = batch === 1024 ? '' : `, batch ${batch}`;
    const work = `MADDPG update, ${agents} agents of ${observation}/2${size}`;
    const sizes = [agents, observation, batch];
    const pytorch = threadSettings().flatMap((setting) => [
      ...(batch === 1024
        ? [pytorchContender(work, 'naive', ['maddpg.py', 'naive', ...sizes], setting, quick)]
        : []),
      pytorchContender(work, 'frozen', ['maddpg.py', 'frozen', ...sizes], setting, quick),
      pytorchContender(work, 'stacked', ['stacked.py', 'update', ...sizes], setting, quick),
    ]);
    const names = [work, `${work}, together`];
    return [...names.flatMap((only) => paragradContenders('maddpg', { quick, only })), ...pytorch];
  });
}

/**
 * What an episode takes: training in Paragrad; in Python choosing actions, which every environment step needs, and the
 * environment.
 */
function episodeContenders(quick: boolean): Contender[] {
  const acting = 'actions of 3 agents';
  const one = { threads: 1, wait: '' } as const;
  const step = 'environment step, simple_spread, 3 agents';
  return [
    ...paragradContenders('training', { quick }),
    ...paragradContenders('acting', { quick, only: acting }),
    pytorchContender(acting, 'act', ['maddpg.py', 'act', 3, 18, 1], one, quick),
    pythonContender(step, 'mpe2', ['environment.py'], one, quick),
  ];
}

/** Whole trainings. Each has a seed of its own, so that the returns show how much they vary. */
function trainingContenders(quick: boolean): Contender[] {
  const episodes = quick ? 1000 : 25_000;
  const work = `training of simple_spread, ${episodes.toLocaleString('en')} episodes`;
  const pytorch = threadSettings().map((setting, k) =>
    pytorchContender(work, 'stacked', ['stacked.py', 'train', episodes, k + 1], setting, quick),
  );
  const paragrad = ['together', 'in turn'].flatMap((only, k) =>
    paragradContenders('whole', { quick, only, seed: k + 1 }, [process.execPath]),
  );
  return [...pytorch, ...paragrad].map((contender) => ({ ...contender, rounds: 1 as const }));
}

/** Threads that spin while they wait can take an hour for a minute's work if the cores are busy. That is not measured. */
const PYTHON_MS = 300_000;

function pytorchContender(
  work: string,
  variant: string,
  args: (string | number)[],
  setting: ThreadSetting,
  quick: boolean,
): Contender {
  return pythonContender(work, `PyTorch ${variant}`, args, setting, quick);
}

/** @param args the script in bench/peers, and its arguments */
function pythonContender(
  work: string,
  by: string,
  [script, ...args]: (string | number)[],
  setting: ThreadSetting,
  quick: boolean,
): Contender {
  const { threads, wait } = setting;
  return {
    name: `${work}, ${by}, ${threads} threads ${wait}`.trim(),
    measure() {
      const all = [`bench/peers/${script}`, ...args.map(String), ...quickFlag(quick)];
      const result = run(pythonWithTorch(), all, { env: threadsEnv(setting), timeout: PYTHON_MS });
      const { meanReturn, ...row } = result as Measured & { meanReturn?: number };
      const kernels = wait ? `${row.kernels}, ${wait}` : row.kernels;
      const about = { ...row, kernels, by, threads };
      const returned = {
        ...about,
        work: `return after ${work}`,
        value: meanReturn!,
        unit: 'return' as const,
      };
      return [{ ...about, work }, ...(meanReturn === undefined ? [] : [returned])];
    },
  };
}

function paragradContenders(subject: Subject, effort: Effort, on = nodes()): Contender[] {
  return on.flatMap((node) =>
    (['one', 'all'] as const).map((threads) => ({
      name: `paragrad ${[subject, effort.only].filter(Boolean).join(' ')}, ${threads}, Node ${version(node)}`,
      measure: () => measure(node, subject, ['default', threads], effort),
    })),
  );
}
