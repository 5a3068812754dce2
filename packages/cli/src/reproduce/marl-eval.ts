/**
 * Each metric by name: a value for each episode, or their mean as the only value. marl-eval reads names in lower case. Of
 * names with a word that it shall normalize it plots that one only: with `return`, it leaves `good_return` out.
 */
export type MarlEvalMetrics = Readonly<Record<string, readonly number[]>>;

/** An evaluation during training. */
export interface MarlEvalStep {
  /** How many steps the environment had made. */
  readonly stepCount: number;
  readonly elapsedSeconds?: number;
  readonly metrics: MarlEvalMetrics;
}

/** One training run. */
export interface MarlEvalRun {
  /** The family of tasks, such as `mpe`. */
  readonly environment: string;
  /** Such as `simple_spread`. */
  readonly task: string;
  readonly algorithm: string;
  readonly seed: number;
  /** All evaluations during training, the first one first. */
  readonly steps: readonly MarlEvalStep[];
  /** The absolute metric: what the best policy of the training gets, on ten times as many episodes as a step has. */
  readonly absolute: MarlEvalMetrics;
}

type MarlEvalEntry = Readonly<Record<string, number | readonly number[]>>;
type ByName<T> = Record<string, T>;

/** The file by environment, task, algorithm, run (`seed_1`) and step (`step_1`, ..., `absolute_metrics`). */
export type MarlEvalData = ByName<ByName<ByName<ByName<ByName<MarlEvalEntry>>>>>;

/**
 * Runs as the JSON that marl-eval reads, the tool of Gorsane et al., "Towards a Standardised Performance Evaluation
 * Protocol for Cooperative MARL" (2022): https://github.com/instadeepai/marl-eval#usage-.
 *
 * marl-eval compares runs only if all tasks of an environment have the same algorithms, all these the same seeds, and all
 * runs as many steps, with the same metrics. Runs may be missing here, because marl-eval can merge files.
 * `elapsed_time` is in its logger's files, but its `DiagnoseData` takes it for a metric that `absolute_metrics` lacks.
 *
 * Throws an error for what marl-eval cannot read: a run that is there twice or has no steps, metrics that differ from step
 * to step, values that JSON does not have, and names that mean something else to marl-eval.
 */
export function toMarlEval(runs: readonly MarlEvalRun[]): MarlEvalData {
  const data: MarlEvalData = {};
  for (const run of runs) {
    checkRun(run);
    const seeds = within(within(within(data, run.environment), run.task), run.algorithm);
    const name = `seed_${run.seed}`;
    if (name in seeds) throw new Error(`${nameOf(run)} is there twice; give each run once`);
    seeds[name] = stepsOf(run);
  }
  return data;
}

function within<T>(parent: ByName<ByName<T>>, name: string): ByName<T> {
  parent[name] ??= {};
  return parent[name];
}

/** The absolute metrics come last, where early versions of marl-eval expect them. */
function stepsOf({ steps, absolute }: MarlEvalRun): ByName<MarlEvalEntry> {
  const entries = steps.map(({ stepCount, elapsedSeconds, metrics }, k): [string, MarlEvalEntry] => [
    `step_${k + 1}`,
    {
      step_count: stepCount,
      ...(elapsedSeconds === undefined ? {} : { elapsed_time: elapsedSeconds }),
      ...metrics,
    },
  ]);
  return { ...Object.fromEntries(entries), absolute_metrics: absolute };
}

function checkRun(run: MarlEvalRun): void {
  const fail = (problem: string) => {
    throw new Error(`${nameOf(run)}: ${problem}`);
  };
  if (run.algorithm.includes(','))
    fail('marl-eval allows no commas in the name of an algorithm; take another name');
  if (run.steps.length === 0) fail('there are no evaluations during training; give at least one');

  const names = Object.keys(run.absolute).sort().join(', ');
  let before = -1;
  for (const { stepCount, elapsedSeconds = 0, metrics } of run.steps) {
    const at = `at step ${stepCount}`;
    if (!Number.isSafeInteger(stepCount) || stepCount <= before) {
      fail(`${at}: stepCount must be a whole number above that of the evaluation before`);
    }
    before = stepCount;
    if (!Number.isFinite(elapsedSeconds)) {
      fail(`${at}: elapsedSeconds is ${elapsedSeconds}; give a finite number`);
    }
    const given = Object.keys(metrics).sort().join(', ');
    if (given !== names) {
      fail(`${at}: the metrics are ${given}, and the absolute metrics ${names}; both must have the same`);
    }
    checkValues(metrics, (problem) => fail(`${at}: ${problem}`));
  }
  checkValues(run.absolute, (problem) => fail(`absolute metrics: ${problem}`));
}

function checkValues(metrics: MarlEvalMetrics, fail: (problem: string) => void): void {
  for (const [name, values] of Object.entries(metrics)) {
    if (/step_count|^elapsed_time$/i.test(name)) {
      fail(`marl-eval has its own meaning for "${name}"; take another name`);
    }
    if (values.length === 0) fail(`"${name}" has no values; give at least one`);
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd !== undefined) fail(`"${name}" has the value ${odd}; give finite numbers`);
  }
}

function nameOf({ environment, task, algorithm, seed }: MarlEvalRun): string {
  return `toMarlEval: ${algorithm} on ${environment}/${task}, seed ${seed}`;
}
