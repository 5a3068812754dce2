/** Training and evaluation in every scenario, and the meaning of the metrics. */
import { physicsNames, scenarioNames } from '@paragrad/mpe';
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
  expect(collisions.measure([step(1), step(1)])).toBe(0);
  expect(collisions.measure([step(1), step(2), step(2)])).toBe(2);
});

describe('metrics', () => {
  const measure = (scenario: keyof typeof metrics, steps: readonly BenchmarkStep[]) =>
    Object.fromEntries(metrics[scenario].map((metric) => [metric.name, metric.measure(steps)]));

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
    expect(measure('simple_reference', steps)).toEqual({ distance: 1.5 });
  });
});
