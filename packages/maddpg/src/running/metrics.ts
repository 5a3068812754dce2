import type { Benchmark, ScenarioName, WorldState } from '@paragrad/mpe';
import { completeConfig, type RunConfig } from './run-config.js';

/** The benchmark data of one step: `infos[agent].benchmarkData`, by agent. */
export type BenchmarkStep = Readonly<Record<string, Benchmark>>;

/** A number that tells how well an episode went. */
export interface Metric {
  /** Its name in evaluations and tables. */
  readonly name: string;
  /** What follows the number in tables: nothing, or % for a share. */
  readonly unit: '' | '%';
  /** `states`: the world after each step; empty if no metric of the evaluation has `usesStates`. */
  readonly measure: (steps: readonly BenchmarkStep[], states: readonly WorldState[]) => number;
  /** Whether it needs the states: benchmark data is not enough. */
  readonly usesStates?: true;
  /** Whether it is only for tables of results: evaluations have it, but the short table of `paragrad train` does not. */
  readonly isDetail?: true;
}

// Indices in the benchmark data of simple_spread's agents.
const TOUCHES = 1;
const DISTANCES = 2;
const OCCUPIED = 3;

/** The listener touches a landmark if it is nearer than the sum of their radii. */
const LISTENER_TOUCH_DISTANCE = 0.075 + 0.04;
/** The same for the agents of simple_reference. */
const REFERENCE_TOUCH_DISTANCE = 0.05 + 0.05;
/** An agent is at a place if it is nearer than this: the radius of the reference, a disc that touches the place, a wide one. */
const RADII = [0.1, 0.2, 0.4];

// how often an adversary touches a good agent, summed over the steps
const countTouches = (steps: readonly BenchmarkStep[]) =>
  sum(steps.flatMap((step) => Object.values(step).map((data) => numbers(data)[0])));

const touches: readonly Metric[] = [
  { name: 'touches', unit: '', measure: countTouches },
  { ...share('touched', (steps) => countTouches(steps) >= 1), isDetail: true },
  { ...share('touched three times', (steps) => countTouches(steps) >= 3), isDetail: true },
];

/** Whether each landmark has an agent of its own nearer than 0.1, in each of the last five steps. */
const allHeld: Metric = {
  ...share('all held', (_, states) => states.slice(-5).every((state) => holdsAll(state, RADII[0]))),
  usesStates: true,
  isDetail: true,
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
    // whether all landmarks have an agent nearer than 0.1, at the end of the episode
    share('all covered', (steps) => firstAgents(steps.at(-1)!)[OCCUPIED] === countAgents(steps)),
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
    ...RADII.slice(1).map(allWithin),
    allHeld,
  ],
  simple_tag: touches,
  simple_world_comm: touches,
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
    ...RADII.flatMap(sidesWithin),
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
    {
      // share of the agents that touch their goal at the end of the episode
      name: 'target reach',
      unit: '%',
      measure: (steps) =>
        50 *
        Object.values(steps.at(-1)!).filter((data) => numbers(data)[0] < REFERENCE_TOUCH_DISTANCE).length,
    },
  ],
  simple_speaker_listener: [
    // whether the listener touches the goal at the end of the episode
    share('target reach', (steps) => listenerToGoal(steps) < LISTENER_TOUCH_DISTANCE),
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
    return {
      ...metric,
      measure: (steps, states) => metric.measure(steps, states) - (countAgents(steps) * steps.length) / 2,
    };
  });
}

/** 100 for an episode in which it is so, 0 for others: the mean is the share of the episodes. */
function share(name: string, isSo: (...episode: Parameters<Metric['measure']>) => boolean): Metric {
  return { name, unit: '%', measure: (steps, states) => (isSo(steps, states) ? 100 : 0) };
}

/** Whether each landmark has an agent nearer than the radius, at the end of the episode. An agent may be near to several. */
function allWithin(radius: number): Metric {
  const isSo = (state: WorldState) =>
    state.landmarks.every((landmark) => state.agents.some((agent) => isNear(agent, landmark, radius)));
  return {
    ...share(`all within ${radius}`, (_, states) => isSo(states.at(-1)!)),
    usesStates: true,
    isDetail: true,
  };
}

/** Whether each landmark can get an agent of its own that is near: Kuhn's algorithm, which lets earlier ones change their agent. */
function holdsAll({ agents, landmarks }: WorldState, radius: number): boolean {
  const heldBy = new Map<number, number>();
  const hold = (landmark: number, asked: Set<number>): boolean =>
    agents.some((agent, k) => {
      if (asked.has(k) || !isNear(agent, landmarks[landmark], radius)) return false;
      asked.add(k);
      const before = heldBy.get(k);
      if (before !== undefined && !hold(before, asked)) return false;
      heldBy.set(k, landmark);
      return true;
    });
  return landmarks.every((_, landmark) => hold(landmark, new Set()));
}

type Place = WorldState['landmarks'][number];

function isNear({ pos: [x, y] }: Pick<Place, 'pos'>, { pos }: Pick<Place, 'pos'>, radius: number): boolean {
  return Math.hypot(x - pos[0], y - pos[1]) < radius;
}

type Side = 'agent' | 'adversary';

/** Who is nearer to the goal than the radius at the end: a good agent, an adversary, both sides, neither. */
function sidesWithin(radius: number): Metric[] {
  const isThere = (side: Side) => (steps: readonly BenchmarkStep[]) =>
    Math.min(...distancesToGoal(steps.at(-1)!, side)) < radius;
  const good = isThere('agent');
  const adversary = isThere('adversary');
  return [
    share(`good within ${radius}`, good),
    share(`adversary within ${radius}`, adversary),
    share(`both within ${radius}`, (steps) => good(steps) && adversary(steps)),
    share(`neither within ${radius}`, (steps) => !good(steps) && !adversary(steps)),
  ].map((metric) => ({ ...metric, isDetail: true }));
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
function distancesToGoal(step: BenchmarkStep, side: Side): number[] {
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
