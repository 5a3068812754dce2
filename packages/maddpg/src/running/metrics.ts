import type { Benchmark, ScenarioName } from '@paragrad/mpe';
import type { RunConfig } from './run-config.js';

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

/** Radius of the listener and of a landmark, together. */
const LISTENER_TOUCHES = 0.075 + 0.04;

const touches: Metric = {
  // touches of a good agent by an adversary, summed over the episode's steps
  name: 'touches',
  unit: '',
  measure: (steps) => sum(steps.flatMap((step) => Object.values(step).map((data) => numbers(data)[0]))),
};

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
  simple_tag: [touches],
  simple_world_comm: [touches],
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
  simple: [atEnd('distance', 'agent_0')],
  simple_push: [atEnd('agent to goal', 'agent_0'), atEnd('adversary to goal', 'adversary_0')],
  simple_reference: [
    {
      // of an agent from where it has to be when the episode ends, mean over both
      name: 'distance',
      unit: '',
      measure: (steps) => sum(Object.values(steps.at(-1)!).map((data) => numbers(data)[0])) / 2,
    },
  ],
  simple_speaker_listener: [
    {
      // whether the listener touches the goal when the episode ends
      name: 'target reach',
      unit: '%',
      measure: (steps) => (listenerToGoal(steps) < LISTENER_TOUCHES ? 100 : 0),
    },
    { name: 'distance', unit: '', measure: listenerToGoal },
  ],
  simple_crypto: [understood('Bob', 'bob_0'), understood('Eve', 'eve_0')],
};

/** The metrics of a run's scenario, as its physics measures them. */
export function metricsOf({ scenario, env }: RunConfig): readonly Metric[] {
  if (scenario !== 'simple_spread' || env.physics !== 'openai') return metrics[scenario];
  return metrics.simple_spread.map((metric) => {
    if (metric.name !== 'collisions') return metric;
    // In the original every agent also touches itself, in every step.
    return { ...metric, measure: (steps) => metric.measure(steps) - (count(steps) * steps.length) / 2 };
  });
}

/** A distance that is the agent's benchmark data, when the episode ends. */
function atEnd(name: string, agent: string): Metric {
  return { name, unit: '', measure: (steps) => numbers(steps.at(-1)![agent])[0] };
}

/** The benchmark data is minus the square. */
function listenerToGoal(steps: readonly BenchmarkStep[]): number {
  return Math.sqrt(-numbers(steps.at(-1)!.listener_0)[0]);
}

/**
 * In how many of the steps what the agent said most strongly was the message; chance is 25 %. The first step doesn't count:
 * Alice had said nothing before it. Who says nothing has understood nothing.
 */
function understood(name: string, agent: string): Metric {
  return {
    name: `${name} understood`,
    unit: '%',
    measure: (steps) => {
      const judged = steps.slice(1).map((step) => step[agent] as readonly (readonly number[])[]);
      const right = judged.filter(
        ([said, message]) => said.some(Boolean) && argmax(said) === argmax(message),
      );
      return (100 * right.length) / Math.max(1, judged.length);
    },
  };
}

function argmax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

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
