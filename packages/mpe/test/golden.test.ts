/**
 * Replays episodes that were recorded from the Python references: Farama's (`mpe-golden-1`) and OpenAI's original
 * (`mpe-golden-openai-1`). `fixtures/golden/mpe/README.md` describes both formats. GOLDEN_MPE_DIR can name another folder.
 * Every trace runs. A file of another format or scenario makes the test fail.
 */
import { describe, expect, it } from 'vitest';
import { list, mpeDir, readJson } from '../../../fixtures/golden/read.js';
import { CONTACT_FORCE, CONTACT_MARGIN } from '../src/contacts.js';
import {
  type Action,
  Box,
  type Info,
  makeEnv,
  type ScenarioName,
  scenarioNames,
  type WorldState,
} from '../src/index.js';
import { DAMPING, DT } from '../src/physics.js';

const TOLERANCE = 1e-9;

type PerAgent<T> = Record<string, T>;

interface Step {
  actions: PerAgent<number | number[]>;
  observations: PerAgent<number[]>;
  rewards: PerAgent<number>;
  terminations: PerAgent<boolean>;
  truncations: PerAgent<boolean>;
  state: PerAgent<{ pos: [number, number]; vel: [number, number]; c: number[] }>;
  benchmark?: PerAgent<number | number[]>;
}

interface Trace {
  id: string;
  continuous_actions: boolean;
  params: Record<string, unknown>;
  curriculum_stage?: number;
  agents: string[];
  spaces: PerAgent<{ observation_shape: number[]; action: ActionSpaceRecord }>;
  state_dim: number;
  world: Record<string, unknown>;
  initial: WorldState;
  initial_observations: PerAgent<number[]>;
  steps: Step[];
  live_after_last_step: string[];
}

type ActionSpaceRecord =
  | { type: 'Discrete'; n: number }
  | { type: 'Box'; low: number; high: number; shape: number[] };

interface GoldenFile {
  format: 'mpe-golden-1';
  scenario: ScenarioName;
  traces: Trace[];
}

/** An episode of the original. It has the same start and the same actions as one of the traces above. */
interface OriginalTrace {
  id: string;
  scenario: ScenarioName;
  agents: string[];
  shared_reward: boolean;
  initial: WorldState;
  steps: {
    actions: PerAgent<number[]>;
    rewards: PerAgent<number>;
    done: PerAgent<boolean>;
    state: Step['state'];
    benchmark?: Step['benchmark'];
    observations?: Step['observations'];
  }[];
}

interface OriginalFile {
  format: 'mpe-golden-openai-1';
  traces: OriginalTrace[];
}

const files = list(mpeDir)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readJson<GoldenFile | OriginalFile>(mpeDir, name));
const farama = files.filter((file) => file.format === 'mpe-golden-1');
const original = files.filter((file) => file.format === 'mpe-golden-openai-1');

it('knows the format and the scenario of every file', () => {
  expect(farama.length + original.length).toBe(files.length);
  expect(farama.map(({ scenario }) => scenario).sort()).toEqual([...scenarioNames].sort());
});

it('has traces of every scenario from both references', () => {
  for (const { scenario, traces } of farama) expect(traces, scenario).not.toHaveLength(0);
  const replayed = original.flatMap(({ traces }) => traces.map(({ scenario }) => scenario));
  expect([...new Set(replayed)].sort()).toEqual([...scenarioNames].sort());
});

for (const { scenario, traces } of farama) {
  describe(scenario, () => {
    for (const trace of traces) {
      describe(trace.id, () => {
        it('has the spaces of the reference', () => checkSpaces(scenario, trace));
        it('makes the world of the reference at reset', () => checkWorld(scenario, trace));
        it('agrees in a whole episode from the initial state', () => replay(scenario, trace, false));
        it('agrees in each step from the recorded state before it', () => replay(scenario, trace, true));
      });
    }
  });
}

for (const { traces } of original) {
  for (const trace of traces) {
    it(`${trace.id} agrees in a whole episode from the initial state`, () => replayOriginal(trace));
  }
}

function envOf(scenario: ScenarioName, trace: Trace) {
  const params = Object.entries(trace.params).map(([name, value]) => [camelCase(name), value]);
  const env = makeEnv(scenario, {
    ...Object.fromEntries(params),
    actionMode: trace.continuous_actions ? 'continuous' : 'discrete',
    benchmarkData: true,
  });
  if (trace.curriculum_stage !== undefined) env.curriculumStage = trace.curriculum_stage;
  return env;
}

function checkSpaces(scenario: ScenarioName, trace: Trace): void {
  const env = envOf(scenario, trace);
  expect(env.possibleAgents).toEqual(trace.agents);
  for (const agent of trace.agents) {
    const { observation_shape, action } = trace.spaces[agent] as Trace['spaces'][string];
    expect(env.observationSpace(agent).shape).toEqual(observation_shape);
    const space = env.actionSpace(agent);
    expect(space instanceof Box ? 'Box' : 'Discrete').toBe(action.type);
    if (action.type === 'Discrete') expect(space).toMatchObject({ n: action.n });
    else expect(space).toMatchObject({ low: action.low, high: action.high, shape: action.shape });
  }
  env.reset();
  expect(env.state()).toHaveLength(trace.state_dim);
}

/** Checks what `reset` makes. Replays cannot check it, because they set the state themselves. */
function checkWorld(scenario: ScenarioName, trace: Trace): void {
  const env = envOf(scenario, trace);
  // Colors depend on goals. So look for an episode with the same goals as the trace.
  for (let seed = 0; seed < 1000; seed++) {
    env.reset({ seed });
    if (JSON.stringify(goals(env.getState())) === JSON.stringify(goals(trace.initial))) break;
  }
  expect(withoutMotion(env.getState())).toEqual(withoutMotion(trace.initial));
  expect(trace.world).toMatchObject({
    dt: DT,
    damping: DAMPING,
    contact_force: CONTACT_FORCE,
    contact_margin: CONTACT_MARGIN,
  });
}

function goals({ agents }: WorldState): unknown {
  return agents.map(({ goal_a, goal_b, key_landmark }) => [goal_a ?? null, goal_b ?? null, key_landmark]);
}

/** The state without positions and velocities. */
function withoutMotion(state: WorldState): unknown {
  const noMotion = { pos: null, vel: null };
  return {
    agents: state.agents.map(({ goal_a = null, goal_b = null, ...agent }) => ({
      ...agent,
      ...noMotion,
      goal_a,
      goal_b,
    })),
    landmarks: state.landmarks.map((landmark) => ({ ...landmark, ...noMotion })),
  };
}

function replay(scenario: ScenarioName, trace: Trace, startEachStep: boolean): void {
  const env = envOf(scenario, trace);
  expectClose(env.setState(trace.initial), trace.initial_observations, 'initial observations');
  expect(env.agents).toEqual(trace.agents);
  // setState must also work after a reset has drawn other values.
  env.reset({ seed: 1 });
  env.setState(trace.initial);

  trace.steps.forEach((expected, i) => {
    const at = `step ${i + 1}`;
    const before = trace.steps[i - 1];
    if (startEachStep && before) env.setState({ ...withAgents(trace.initial, before.state), steps: i });
    const got = env.step(expected.actions as PerAgent<Action>);
    expectClose(statesOf(env.getState()), expected.state, `${at}: state`);
    expectClose(got.observations, expected.observations, `${at}: observations`);
    expectClose(got.rewards, expected.rewards, `${at}: rewards`);
    expect(got.terminations, `${at}: terminations`).toEqual(expected.terminations);
    expect(got.truncations, `${at}: truncations`).toEqual(expected.truncations);
    if (expected.benchmark) expectClose(benchmarks(got.infos), expected.benchmark, `${at}: benchmark`);
    const joined = trace.agents.flatMap((agent) => expected.observations[agent] as number[]);
    expectClose(env.state(), joined, `${at}: global state`);
  });

  expect(env.agents).toEqual(trace.live_after_last_step);
  expect(env.step({}).observations).toEqual({});
}

function replayOriginal(trace: OriginalTrace): void {
  // The original never ends an episode. So the time limit is one step later.
  const env = makeEnv(trace.scenario, {
    physics: 'openai',
    actionMode: 'continuous',
    benchmarkData: true,
    maxCycles: trace.steps.length + 1,
  });
  env.setState(trace.initial);
  expect(env.possibleAgents).toEqual(trace.agents);
  trace.steps.forEach((expected, i) => {
    const at = `step ${i + 1}`;
    const got = env.step(expected.actions);
    expectClose(statesOf(env.getState()), expected.state, `${at}: state`);
    expectClose(got.rewards, expected.rewards, `${at}: rewards`);
    expect(got.terminations, `${at}: done`).toEqual(expected.done);
    expect(got.truncations, `${at}: done`).toEqual(expected.done);
    if (expected.observations) expectClose(got.observations, expected.observations, `${at}: observations`);
    if (expected.benchmark) expectClose(benchmarks(got.infos), expected.benchmark, `${at}: benchmark`);
  });
  expect(env.agents).toEqual(trace.agents);
}

function benchmarks(infos: PerAgent<Info>): unknown {
  return Object.fromEntries(Object.entries(infos).map(([agent, info]) => [agent, info.benchmarkData]));
}

function withAgents(initial: WorldState, state: Step['state']): WorldState {
  return { ...initial, agents: initial.agents.map((agent) => ({ ...agent, ...state[agent.name] })) };
}

function statesOf({ agents }: WorldState): unknown {
  return Object.fromEntries(agents.map(({ name, pos, vel, c }) => [name, { pos, vel, c }]));
}

/** Expects the same structure and order of keys, and every number within the tolerance. NaN is equal to NaN only. */
function expectClose(got: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    const same = Number.isNaN(expected)
      ? Number.isNaN(got)
      : got === expected || Math.abs((got as number) - expected) <= TOLERANCE;
    if (!same) expect.fail(`${path}: ${got}, but the reference has ${expected}`);
    return;
  }
  const keys = Object.keys(expected as object);
  expect(Object.keys(got as object), path).toEqual(keys);
  for (const key of keys) {
    expectClose(
      (got as Record<string, unknown>)[key],
      (expected as Record<string, unknown>)[key],
      `${path}.${key}`,
    );
  }
}

/** `num_agent_neighbors` -> `numAgentNeighbors` */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
