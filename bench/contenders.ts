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

/** A library with some work to do, measured in a process of its own. */
export interface Contender {
  readonly name: string;
  readonly measure: () => Measured[];
}

/** Everything that `npm run bench:peers` measures, in the order of a round. */
export function contenders(quick: boolean): Contender[] {
  return [...mlpContenders(quick), ...maddpgContenders(quick), ...trainingContenders(quick)];
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
function maddpgContenders(quick: boolean): Contender[] {
  const cases = [
    { agents: 3, observation: 18 },
    { agents: 10, observation: 60 },
  ];
  return cases.flatMap(({ agents, observation }) => {
    const work = `MADDPG update, ${agents} agents of ${observation}/2`;
    const pytorch = (['naive', 'frozen'] as const).flatMap((variant) =>
      threadSettings().map((setting) =>
        pytorchContender(work, [variant, agents, observation], setting, quick),
      ),
    );
    return [...paragradContenders(quick, 'maddpg', work), ...pytorch];
  });
}

/** Whole training in Paragrad, and choosing actions, which every environment step needs, in Paragrad and PyTorch. */
function trainingContenders(quick: boolean): Contender[] {
  const acting = 'actions of 3 agents';
  return [
    ...paragradContenders(quick, 'training'),
    ...paragradContenders(quick, 'acting', acting),
    pytorchContender(acting, ['act', 3, 18], { threads: 1, wait: '' }, quick),
  ];
}

function pytorchContender(
  work: string,
  [variant, agents, observation]: [variant: 'naive' | 'frozen' | 'act', agents: number, observation: number],
  setting: ThreadSetting,
  quick: boolean,
): Contender {
  const { threads, wait } = setting;
  return {
    name: `${work}, PyTorch ${variant}, ${threads} threads ${wait}`.trim(),
    measure() {
      const args = ['bench/peers/maddpg.py', variant, `${agents}`, `${observation}`, ...quickFlag(quick)];
      const row = run(pythonWithTorch(), args, threadsEnv(setting)) as Measured;
      const kernels = wait ? `${row.kernels}, ${wait}` : row.kernels;
      return [{ ...row, kernels, work, by: `PyTorch ${variant}`, threads }];
    },
  };
}

/** @param work the only work to measure. Default: all works of the subject. */
function paragradContenders(quick: boolean, subject: Subject, work?: string): Contender[] {
  return nodes().flatMap((node) =>
    (['one', 'all'] as const).map((threads) => ({
      name: `paragrad ${subject}, ${threads}, Node ${version(node)}`,
      measure: () => measure(node, subject, ['default', threads], work ? { quick, only: work } : { quick }),
    })),
  );
}
