/**
 * The rules are those of https://github.com/instadeepai/marl-eval (Apache-2.0), in our words. Where each one is from:
 * README.md ("Data Structure for Raw Experiment data"); marl_eval/json_tools/json_logger.py, which writes such files;
 * marl_eval/json_tools/json_utils.py, which merges them; marl_eval/utils/diagnose_data_errors.py and
 * data_processing_utils.py, which check and read them.
 */
import { describe, expect, test } from 'vitest';
import { type MarlEvalData, type MarlEvalRun, toMarlEval } from '../src/reproduce/marl-eval.js';

const aRun: MarlEvalRun = {
  environment: 'mpe',
  task: 'simple_spread',
  algorithm: 'maddpg',
  seed: 1,
  steps: [
    { stepCount: 500, elapsedSeconds: 2.5, metrics: { return: [-20, -18], coverage: [0.1] } },
    { stepCount: 1000, elapsedSeconds: 5, metrics: { return: [-10, -9], coverage: [0.4] } },
  ],
  absolute: { return: [-8, -9, -10, -7], coverage: [0.5] },
};

function runsOf(tasks: string[], algorithms: string[], seeds: number[]): MarlEvalRun[] {
  return tasks.flatMap((task) =>
    algorithms.flatMap((algorithm) =>
      seeds.map((seed) => ({
        ...aRun,
        task,
        algorithm,
        seed,
        steps: aRun.steps.map(({ stepCount, metrics }) => ({ stepCount, metrics })),
      })),
    ),
  );
}

test('the structure', () => {
  expect(toMarlEval([aRun, { ...aRun, seed: 2 }, { ...aRun, algorithm: 'matd3' }])).toEqual({
    mpe: {
      simple_spread: {
        maddpg: {
          seed_1: {
            step_1: { step_count: 500, elapsed_time: 2.5, return: [-20, -18], coverage: [0.1] },
            step_2: { step_count: 1000, elapsed_time: 5, return: [-10, -9], coverage: [0.4] },
            absolute_metrics: { return: [-8, -9, -10, -7], coverage: [0.5] },
          },
          seed_2: expect.anything(),
        },
        matd3: { seed_1: expect.anything() },
      },
    },
  });
});

/** What `DiagnoseData.check_data` checks in each environment, and what `data_process_pipeline` reads. */
function checkAsMarlEval(data: MarlEvalData): Record<string, boolean> {
  const tasks = Object.values(data).flatMap((environment) => Object.values(environment));
  const algorithms = tasks.flatMap((task) => Object.values(task));
  const runs = algorithms.flatMap((algorithm) => Object.values(algorithm));
  const entries = runs.flatMap((run) => Object.entries(run));
  const steps = entries.filter(([name]) => name !== 'absolute_metrics').map(([, step]) => step);
  const same = (values: unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size === 1;
  const metricsOf = (entry: object) => Object.entries(entry).filter(([name]) => !name.includes('step_count'));
  const names = tasks.flatMap((task) => Object.keys(task));
  return {
    // check_algo: all tasks have the same algorithms; no comma is in a name, because pairs are joined by one.
    sameAlgorithms: same(tasks.map((task) => Object.keys(task).sort())),
    namesWithoutCommas: names.every((name) => !name.includes(',')),
    // check_runs, check_steps: as many runs of each algorithm, as many steps in each run. The readers also look each
    // name up that the first run has, so the names are the same.
    sameRuns: same(algorithms.map((algorithm) => Object.keys(algorithm))),
    sameSteps: same(runs.map((run) => Object.keys(run))),
    // check_metric: all steps and the absolute metrics have the same metrics; step_count is none.
    sameMetrics: same(
      entries.map(([, entry]) =>
        metricsOf(entry)
          .map(([name]) => name)
          .sort(),
      ),
    ),
    // README: a step count is an integer, a metric is a list of numbers. NumPy takes its mean.
    stepCounts: steps.every(({ step_count: count }) => Number.isInteger(count)),
    lists: entries.every(([, entry]) =>
      metricsOf(entry).every(([, values]) => Array.isArray(values) && Number.isFinite(values[0])),
    ),
    // check_absolute_metric: one entry is called so; before that, it had to be the last one.
    absoluteLast: runs.every((run) => Object.keys(run).at(-1) === 'absolute_metrics'),
    // _get_seed_number: a run's name is a number, or a word, an underscore and a number. json_logger: seed_1, step_1.
    runNames: algorithms.every((algorithm) =>
      Object.keys(algorithm).every((name) => /^seed_\d+$/.test(name)),
    ),
  };
}

test("marl-eval's own checks pass, also after JSON", () => {
  const runs = runsOf(['simple_spread', 'simple_tag'], ['maddpg', 'matd3', 'iql'], [3, 1, 2]);
  const data: MarlEvalData = JSON.parse(JSON.stringify(toMarlEval(runs)));
  const checks = checkAsMarlEval(data);
  expect(checks).toEqual(Object.fromEntries(Object.keys(checks).map((name) => [name, true])));
});

test('the order of runs does not matter', () => {
  const runs = runsOf(['simple_spread', 'simple_tag'], ['maddpg', 'matd3'], [1, 2]);
  expect(toMarlEval([...runs].reverse())).toEqual(toMarlEval(runs));
});

test('what was given is not changed, and a time that is missing is not written', () => {
  const [run] = runsOf(['simple_spread'], ['maddpg'], [1]);
  const before = structuredClone(run);
  const { step_1 } = toMarlEval([run]).mpe.simple_spread.maddpg.seed_1;
  expect(step_1).toStrictEqual({ step_count: 500, return: [-20, -18], coverage: [0.1] });
  expect(run).toEqual(before);
});

describe('what marl-eval cannot read is an error', () => {
  const where = 'toMarlEval: maddpg on mpe/simple_spread, seed 1';
  const [first, second] = aRun.steps;
  const withFirst = (change: object) => ({ steps: [{ ...first, ...change }, second] });

  test.each<[string, Partial<MarlEvalRun>]>([
    [
      'toMarlEval: a,b on mpe/simple_spread, seed 1: marl-eval allows no commas in the name of an algorithm; take another name',
      { algorithm: 'a,b' },
    ],
    [`${where}: there are no evaluations during training; give at least one`, { steps: [] }],
    [
      `${where}: at step 500: stepCount must be a whole number above that of the evaluation before`,
      { steps: [second, first] },
    ],
    [
      `${where}: at step 0.5: stepCount must be a whole number above that of the evaluation before`,
      withFirst({ stepCount: 0.5 }),
    ],
    [
      `${where}: at step 500: elapsedSeconds is NaN; give a finite number`,
      withFirst({ elapsedSeconds: Number.NaN }),
    ],
    [
      `${where}: at step 500: the metrics are return, and the absolute metrics coverage, return; both must have the same`,
      withFirst({ metrics: { return: [1] } }),
    ],
    [
      `${where}: at step 500: "coverage" has the value NaN; give finite numbers`,
      withFirst({ metrics: { return: [1], coverage: [0, Number.NaN] } }),
    ],
    [
      `${where}: absolute metrics: "return" has no values; give at least one`,
      { absolute: { return: [], coverage: [1] } },
    ],
    ...['last_step_count', 'elapsed_time'].map((name): [string, Partial<MarlEvalRun>] => [
      `${where}: at step 1: marl-eval has its own meaning for "${name}"; take another name`,
      { steps: [{ stepCount: 1, metrics: { [name]: [1] } }], absolute: { [name]: [1] } },
    ]),
  ])('%s', (message, change) => {
    expect(() => toMarlEval([{ ...aRun, ...change }])).toThrow(message);
  });

  test('a run that is there twice', () => {
    expect(() => toMarlEval([aRun, { ...aRun, seed: 2 }, aRun])).toThrow(
      `${where} is there twice; give each run once`,
    );
  });
});
