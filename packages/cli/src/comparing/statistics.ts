import { Generator } from '@paragrad/tensor';

/** One number for several values, and where it would be with other values of the same kind. */
export interface Estimate {
  readonly value: number;
  /** The 95 % interval. There is none for a single value, because nothing says how much others would differ from it. */
  readonly interval?: readonly [low: number, high: number];
  /** How many values there were. */
  readonly n: number;
}

export type Statistic = (values: readonly number[]) => number;

const RESAMPLES = 2000;
const [LOW, HIGH] = [0.025, 0.975];

export const mean: Statistic = (values) => {
  checkSome('mean', values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

/**
 * The mean of the middle half: the lowest and the highest quarter are left out, each rounded down to whole values. A
 * single run that failed, or that was lucky, changes it less than the mean; with under four values it is the mean.
 * Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice" (2021); `trim_mean(values,
 * 0.25)` in SciPy.
 */
export const interquartileMean: Statistic = (values) => {
  checkSome('interquartileMean', values);
  const cut = Math.floor(values.length / 4);
  return mean([...inOrder(values).slice(cut, values.length - cut)]);
};

/** The value below which the fraction q lies, interpolated between neighbors: the default of `numpy.quantile`. */
export function quantile(values: readonly number[], q: number): number {
  checkSome('quantile', values);
  const sorted = inOrder(values);
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/**
 * A statistic of all values, with the percentile interval of the bootstrap: the statistic is computed again for 2000
 * draws of as many values, with replacement (Efron 1979). Each of the `strata` is drawn from by itself, such as the runs
 * of each scenario (Agarwal et al. 2021). The draws are the same each time, and so is the interval.
 *
 * With the runs of each task as a stratum, this is how rliable sums up several tasks: `estimate(tasks,
 * interquartileMean)` is its `aggregate_iqm`, and `estimate(tasks, mean)` its `aggregate_mean` if every task has as many
 * runs. The returns of different tasks must be on one scale before.
 */
export function estimate(strata: readonly (readonly number[])[], statistic: Statistic): Estimate {
  const values = strata.flat();
  return {
    value: statistic(values),
    ...intervalOf(strata, ([first, ...more]) => statistic(first.concat(...more))),
    n: values.length,
  };
}

/** The statistic of `values` minus that of `others`, with its interval. Its `n` counts both. */
export function estimateDifference(
  values: readonly number[],
  others: readonly number[],
  statistic: Statistic,
): Estimate {
  const difference = ([a, b]: readonly (readonly number[])[]) => statistic(a) - statistic(b);
  return {
    value: difference([values, others]),
    ...intervalOf([values, others], difference),
    n: values.length + others.length,
  };
}

/**
 * How likely it is that a run of X gets more than a run of Y in the same task, as a mean over the tasks. Ties count half.
 * 0.5 means that neither is better, and 1 that every run of X beats every run of Y. `x[k]` and `y[k]` have the runs of
 * task k, and need not be equally many. Each of these lists is drawn from by itself for the interval. Only the order of
 * the runs within a task matters, so returns need not be on one scale.
 *
 * In each task it is the Mann-Whitney U statistic over the number of pairs. Agarwal et al. (2021);
 * `probability_of_improvement` in rliable.
 */
export function probabilityOfImprovement(
  x: readonly (readonly number[])[],
  y: readonly (readonly number[])[],
): Estimate {
  const what = 'probabilityOfImprovement';
  if (x.length !== y.length) {
    throw new Error(
      `${what}: X has ${x.length} tasks and Y has ${y.length}; give runs of the same tasks, in the same order`,
    );
  }
  const lists = [...x, ...y];
  for (const values of [x, ...lists]) checkSome(what, values);
  const overTasks = (draw: readonly (readonly number[])[]) =>
    mean(x.map((_, task) => fractionOfWins(draw[task], draw[x.length + task])));
  return { value: overTasks(lists), ...intervalOf(lists, overTasks), n: lists.flat().length };
}

function fractionOfWins(values: readonly number[], others: readonly number[]): number {
  return mean(values.flatMap((value) => others.map((other) => (1 + Math.sign(value - other)) / 2)));
}

function intervalOf(
  strata: readonly (readonly number[])[],
  statistic: (draw: readonly number[][]) => number,
): Pick<Estimate, 'interval'> {
  if (strata.some((values) => values.length < 2)) return {};
  const generator = new Generator(0);
  const anyOf = (values: readonly number[]) =>
    values[Math.floor((generator.next() / 2 ** 32) * values.length)];
  const draws = Array.from({ length: RESAMPLES }, () =>
    statistic(strata.map((values) => values.map(() => anyOf(values)))),
  );
  return { interval: [quantile(draws, LOW), quantile(draws, HIGH)] };
}

function inOrder(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

function checkSome(what: string, values: readonly unknown[]): void {
  if (values.length === 0) throw new Error(`${what}: there are no values; give at least one`);
}
