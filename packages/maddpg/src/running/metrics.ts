import type { Benchmark, ScenarioName } from '@paragrad/mpe';
import { completeConfig, type RunConfig } from './run-config.js';

/** The benchmark data of one step: `infos[agent].benchmarkData`, by agent. */
export type BenchmarkStep = Readonly<Record<string, Benchmark>>;

/** A number that tells how well an episode went, computed from the benchmark data of its steps. */
export interface Metric {
  readonly name: string;
  readonly unit: '' | '%';
  readonly measure: (steps: readonly BenchmarkStep[]) => number;
}

// Indices in the benchmark data of simple_spread's agents.
const TOUCHES = 1;
const DISTANCES = 2;
const OCCUPIED = 3;

/** The listener touches a landmark if it is nearer than the sum of their radii. */
const LISTENER_TOUCH_DISTANCE = 0.075 + 0.04;

const touches: Metric = {
  // how often an adversary touches a good agent, summed over the steps
  name: 'touches',
  unit: '',
  measure: (steps) => sum(steps.flatMap((step) => Object.values(step).map((data) => numbers(data)[0]))),
};

/** The metrics of each scenario: what papers report besides the return. */
export const metrics: Readonly<Record<ScenarioName, readonly Metric[]>> = {
  simple_spread: [
    {
      // share of landmarks with an agent nearer than 0.1, at the end of the episode
      name: 'coverage',
      unit: '%',
      measure: (steps) => (100 * firstAgents(steps.at(-1)!)[OCCUPIED]) / countAgents(steps),
    },
    {
      // whether all landmarks have an agent nearer than 0.1, at the end of the episode
      name: 'all covered',
      unit: '%',
      measure: (steps) => (firstAgents(steps.at(-1)!)[OCCUPIED] === countAgents(steps) ? 100 : 0),
    },
    {
      // distance from a landmark to the nearest agent at the end of the episode, mean over the landmarks
      name: 'distance',
      unit: '',
      measure: (steps) => firstAgents(steps.at(-1)!)[DISTANCES] / countAgents(steps),
    },
    {
      // pairs of agents that touch, summed over the steps
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
      // distance from the goal to the nearest good agent at the end of the episode
      name: 'agents to goal',
      unit: '',
      measure: (steps) => Math.min(...distancesToGoal(steps.at(-1)!, 'agent')),
    },
    {
      // distance from the goal to the nearest adversary at the end of the episode
      name: 'adversary to goal',
      unit: '',
      measure: (steps) => Math.min(...distancesToGoal(steps.at(-1)!, 'adversary')),
    },
  ],
  simple: [distanceAtEnd('distance', 'agent_0')],
  simple_push: [distanceAtEnd('agent to goal', 'agent_0'), distanceAtEnd('adversary to goal', 'adversary_0')],
  simple_reference: [
    {
      // distance of an agent from its goal at the end of the episode, mean over both agents
      name: 'distance',
      unit: '',
      measure: (steps) => sum(Object.values(steps.at(-1)!).map((data) => numbers(data)[0])) / 2,
    },
  ],
  simple_speaker_listener: [
    {
      // whether the listener touches the goal at the end of the episode
      name: 'target reach',
      unit: '%',
      measure: (steps) => (listenerToGoal(steps) < LISTENER_TOUCH_DISTANCE ? 100 : 0),
    },
    { name: 'distance', unit: '', measure: listenerToGoal },
  ],
  simple_crypto: [understood('Bob', 'bob_0'), understood('Eve', 'eve_0')],
};

/** The metrics of a run's scenario, corrected for what the original physics counts differently. */
export function metricsOf(config: RunConfig): readonly Metric[] {
  const { scenario, env } = completeConfig(config, 'metricsOf');
  if (scenario !== 'simple_spread' || env.physics !== 'openai') return metrics[scenario];
  return metrics.simple_spread.map((metric) => {
    if (metric.name !== 'collisions') return metric;
    // The original also counts that every agent touches itself, in every step.
    return { ...metric, measure: (steps) => metric.measure(steps) - (countAgents(steps) * steps.length) / 2 };
  });
}

/** The agent's benchmark data at the end of the episode, which is a distance. */
function distanceAtEnd(name: string, agent: string): Metric {
  return { name, unit: '', measure: (steps) => numbers(steps.at(-1)![agent])[0] };
}

/** The listener's distance to the goal at the end. Its benchmark data is minus the square of it. */
function listenerToGoal(steps: readonly BenchmarkStep[]): number {
  return Math.sqrt(-numbers(steps.at(-1)!.listener_0)[0]);
}

/**
 * The share of steps in which the agent says the right word, the message. The largest number in what it says is its
 * word; silence is never right. Random words are right in 25 % of the steps. The first step does not count, because
 * Alice has not spoken before it.
 */
function understood(name: string, agent: string): Metric {
  return {
    name: `${name} understood`,
    unit: '%',
    measure: (steps) => {
      const counted = steps.slice(1).map((step) => step[agent] as readonly (readonly number[])[]);
      const right = counted.filter(
        ([said, message]) => said.some(Boolean) && argmax(said) === argmax(message),
      );
      return (100 * right.length) / Math.max(1, counted.length);
    },
  };
}

function argmax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** The distances of one side's agents to the goal. An agent's benchmark data ends with the square of its distance. */
function distancesToGoal(step: BenchmarkStep, side: 'agent' | 'adversary'): number[] {
  return Object.entries(step)
    .filter(([name]) => name.startsWith(side))
    .map(([, data]) => Math.sqrt(numbers(data).at(-1)!));
}

/** The first agent's benchmark data, for numbers that are the same for all agents. */
function firstAgents(step: BenchmarkStep): readonly number[] {
  return numbers(Object.values(step)[0]);
}

/** The number of agents. In simple_spread it is also the number of landmarks. */
function countAgents(steps: readonly BenchmarkStep[]): number {
  return Object.keys(steps[0]).length;
}

/** The benchmark data as a list. */
function numbers(data: Benchmark): readonly number[] {
  return typeof data === 'number' ? [data] : (data as readonly number[]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
