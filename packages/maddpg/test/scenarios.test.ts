/** Training and evaluation in every scenario, and the meaning of the metrics. */
import { makeEnv, physicsNames, scenarioNames, type WorldState } from '@paragrad/mpe';
import { describe, expect, test } from 'vitest';
import {
  type BenchmarkStep,
  evaluate,
  makeRunEnv,
  metrics,
  metricsOf,
  policyOf,
  prepareRun,
  type RunConfig,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

describe.each(scenarioNames)('%s', (scenario) => {
  test.each(physicsNames)('can be trained and evaluated with physics %s', (physics) => {
    const config: RunConfig = { ...smallConfig, scenario, env: { physics }, episodes: 5 };
    const training = prepareRun(config);
    const reports = [...train(training)];
    expect(reports.at(-1)!.updates).toBeGreaterThan(0);
    const options = { episodes: 3, seed: 1, metrics: metricsOf(config) };
    const evaluation = evaluate(makeRunEnv(config), policyOf(training.algorithm), options);
    expect(Object.keys(evaluation.metrics)).toHaveLength(metrics[scenario].length);
    for (const value of [evaluation.meanReturn, ...Object.values(evaluation.metrics)]) {
      expect(value).toSatisfy(Number.isFinite);
    }
  });
});

test("with physics 'openai' an agent's contact with itself is no collision", () => {
  const config: RunConfig = { ...smallConfig, env: { physics: 'openai' } };
  const collisions = metricsOf(config).find(({ name }) => name === 'collisions')!;
  const step = (touches: number) => ({ agent_0: [-9, touches, 1, 0], agent_1: [-9, touches, 1, 0] });
  expect(collisions.measure([step(1), step(1)], [])).toBe(0);
  expect(collisions.measure([step(1), step(2), step(2)], [])).toBe(2);
});

describe('metrics', () => {
  const measure = (
    scenario: keyof typeof metrics,
    steps: readonly BenchmarkStep[],
    states: readonly WorldState[] = [],
  ) => Object.fromEntries(metrics[scenario].map((metric) => [metric.name, metric.measure(steps, states)]));

  /** Agents and landmarks of simple_spread at these places, along the x axis. */
  const worldOf = (agents: readonly number[], landmarks: readonly number[]): WorldState => {
    const env = makeEnv('simple_spread', { N: 3 });
    env.reset();
    const state = env.getState();
    const move = <T extends object>(parts: readonly T[], xs: readonly number[]) =>
      parts.map((part, k) => ({ ...part, pos: [xs[k], 0] as const }));
    return { ...state, agents: move(state.agents, agents), landmarks: move(state.landmarks, landmarks) };
  };
  const spread = (...states: readonly WorldState[]) =>
    measure(
      'simple_spread',
      Array(states.length).fill({ agent_0: [0, 0, 0, 0], agent_1: [0, 0, 0, 0] }),
      states,
    );

  test('simple_spread: all landmarks within 0.2 and 0.4 of an agent at the end', () => {
    const at = (distance: number) => worldOf([0, 2, 4], [distance, 2, 4]);
    expect(spread(at(0), at(0.19))).toMatchObject({ 'all within 0.2': 100, 'all within 0.4': 100 });
    expect(spread(at(0), at(0.21))).toMatchObject({ 'all within 0.2': 0, 'all within 0.4': 100 });
    expect(spread(at(0), at(0.41))).toMatchObject({ 'all within 0.2': 0, 'all within 0.4': 0 });
  });

  test('simple_spread: landmarks are held if each has an agent of its own, in each of the last five steps', () => {
    const held = worldOf([0.09, 2, 4], [0, 2, 4]);
    const left = worldOf([0.11, 2, 4], [0, 2, 4]);
    expect(spread(left, held, held, held, held, held)['all held']).toBe(100);
    expect(spread(left, held, held, held, held)['all held']).toBe(0);
    // One agent is near two landmarks, and nobody else is.
    expect(spread(worldOf([0, 2, 4], [-0.05, 0.05, 4]))['all held']).toBe(0);
    // The first landmark has to leave agent 0, which it could have, to the second one.
    expect(spread(worldOf([0, -0.08, 4], [-0.05, 0.05, 4]))['all held']).toBe(100);
  });

  test('simple_adversary: which side is within a radius of the goal at the end', () => {
    const at = (good: number, adversary: number) => [
      { adversary_0: adversary ** 2, agent_0: [0, 0, 9], agent_1: [0, 0, good ** 2] },
    ];
    expect(measure('simple_adversary', at(0.15, 0.3))).toMatchObject({
      ...{
        'good within 0.1': 0,
        'good within 0.2': 100,
        'adversary within 0.2': 0,
        'adversary within 0.4': 100,
      },
      ...{ 'both within 0.4': 100, 'both within 0.2': 0, 'neither within 0.1': 100, 'neither within 0.2': 0 },
    });
  });

  test('simple_tag: touches in an episode, and whether there were one or three', () => {
    const step = (touches: number) => ({ adversary_0: touches, adversary_1: 0, agent_0: 0 });
    const none = { touches: 0, touched: 0, 'touched three times': 0 };
    expect(measure('simple_tag', [step(0), step(0)])).toEqual(none);
    expect(measure('simple_tag', [step(1), step(0)])).toEqual({ ...none, touches: 1, touched: 100 });
    expect(measure('simple_tag', [step(1), step(2)])['touched three times']).toBe(100);
  });

  test('simple_reference: the share of agents that touch their goal at the end', () => {
    expect(measure('simple_reference', [{ agent_0: 0.09, agent_1: 0.11 }])['target reach']).toBe(50);
  });

  test('simple_speaker_listener: the target is reached if the listener touches it at the end', () => {
    const at = (distance: number) => ({ speaker_0: -(distance ** 2), listener_0: -(distance ** 2) });
    const far = measure('simple_speaker_listener', [at(0.05), at(0.12)]);
    expect(far).toEqual({ 'target reach': 0, distance: expect.closeTo(0.12, 12) });
    expect(measure('simple_speaker_listener', [at(2), at(0.11)])['target reach']).toBe(100);
  });

  test('simple_crypto: a message is understood if its strongest word is right, from the second step on', () => {
    const message = [0, 1, 0, 0];
    const right = [[0.1, 0.5, 0.2, 0.2], message];
    const wrong = [[0.6, 0.5, 0.2, 0.2], message];
    const steps = [
      { eve_0: right, bob_0: wrong },
      { eve_0: right, bob_0: right },
      { eve_0: wrong, bob_0: right },
    ];
    expect(measure('simple_crypto', steps)).toEqual({ 'Bob understood': 100, 'Eve understood': 50 });
  });

  test('simple_reference: the distance is the mean over both agents, at the end', () => {
    const steps = [
      { agent_0: 5, agent_1: 5 },
      { agent_0: 1, agent_1: 2 },
    ];
    expect(measure('simple_reference', steps)).toEqual({ distance: 1.5, 'target reach': 0 });
  });
});
