import type { Benchmark, ScenarioName } from '@paragrad/mpe';

/** One step's `infos[agent].benchmarkData`, by agent. */
export type BenchmarkStep = Readonly<Record<string, Benchmark>>;

/** A number that tells how well an episode went, from the benchmark data of its steps. */
export interface Metric {
  readonly name: string;
  readonly unit: '' | '%';
  readonly measure: (steps: readonly BenchmarkStep[]) => number;
}

// Column of a spread agent's benchmark data (the reference's `benchmark_data`).
const TOUCHES = 1;
const DISTANCES = 2;
const OCCUPIED = 3;

/** What the papers on these scenarios report beside the return. */
export const metrics: Readonly<Record<ScenarioName, readonly Metric[]>> = {
  simple_spread: [
    {
      // landmarks that have an agent nearer than 0.1 when the episode ends
      name: 'coverage',
      unit: '%',
      measure: (steps) => (100 * first(steps.at(-1)!)[OCCUPIED]) / count(steps),
    },
    {
      // from a landmark to the nearest agent when the episode ends, mean over the landmarks
      name: 'distance',
      unit: '',
      measure: (steps) => first(steps.at(-1)!)[DISTANCES] / count(steps),
    },
    {
      // touching pairs, summed over the episode's steps
      name: 'collisions',
      unit: '',
      measure: (steps) =>
        sum(steps.flatMap((step) => Object.values(step).map((data) => numbers(data)[TOUCHES]))) / 2,
    },
  ],
  simple_tag: [
    {
      // touches of a good agent by an adversary, summed over the episode's steps
      name: 'touches',
      unit: '',
      measure: (steps) => sum(steps.flatMap((step) => Object.values(step).map((data) => numbers(data)[0]))),
    },
  ],
  simple_adversary: [
    {
      // from the nearest good agent to the goal when the episode ends
      name: 'agents to goal',
      unit: '',
      measure: (steps) => Math.min(...toGoal(steps.at(-1)!, 'agent')),
    },
    {
      // from the nearest adversary to the goal when the episode ends
      name: 'adversary to goal',
      unit: '',
      measure: (steps) => Math.min(...toGoal(steps.at(-1)!, 'adversary')),
    },
  ],
};

/** Distances to the goal: an agent's benchmark data ends with the square of it. */
function toGoal(step: BenchmarkStep, side: 'agent' | 'adversary'): number[] {
  return Object.entries(step)
    .filter(([name]) => name.startsWith(side))
    .map(([, data]) => Math.sqrt(numbers(data).at(-1)!));
}

/** The benchmark data of any one agent, where all agents' say the same. */
function first(step: BenchmarkStep): readonly number[] {
  return numbers(Object.values(step)[0]);
}

/** Agents, and in simple_spread also landmarks. */
function count(steps: readonly BenchmarkStep[]): number {
  return Object.keys(steps[0]).length;
}

function numbers(data: Benchmark): readonly number[] {
  return typeof data === 'number' ? [data] : (data as readonly number[]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
