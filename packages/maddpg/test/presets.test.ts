import { readFileSync } from 'node:fs';
import { scenarioNames } from '@paragrad/mpe';
import { describe, expect, test } from 'vitest';
import { type PresetName, parseConfig, prepareRun, preset, presetNames, train } from '../src/index.js';

describe.each(presetNames)('%s', (name) => {
  test('is a complete configuration, can be read from a file, and trains the same way twice', () => {
    const config = preset(name);
    expect(parseConfig(JSON.stringify(config), name)).toEqual(config);
    const small = { ...config, episodes: 3, batchSize: 16, warmupSteps: 16, stepsPerUpdate: 10 };
    const reports = [...train(prepareRun(small))];
    expect(reports.at(-1)!.updates).toBe(6); // at steps 20, 30, ... 70
    expect([...train(prepareRun(small))]).toEqual(reports);
  });
});

test("simple_spread's tuned settings are those of the example that `npm start` runs", () => {
  const path = new URL('../../../examples/cooperative-navigation.json', import.meta.url);
  expect(preset('tuned', 'simple_spread')).toEqual(parseConfig(readFileSync(path, 'utf8'), 'the example'));
});

test.each(scenarioNames)('%s has tuned settings', (scenario) => {
  const config = preset('tuned', scenario);
  expect(config.scenario).toBe(scenario);
  const [report] = train(prepareRun({ ...config, episodes: 1, batchSize: 16, warmupSteps: 16 }));
  expect(report.updates).toBeGreaterThan(0);
});

test('an unknown preset or scenario is refused', () => {
  expect(() => preset('tuned', 'simple_spred' as 'simple')).toThrow(
    'preset: the scenario is "simple_spred" (did you mean simple_spread?); give one of simple, simple_spread, ',
  );
  expect(() => preset('paper' as PresetName)).toThrow(
    'preset: the name is "paper"; give one of defaults, lowe2017, openai2018, tuned',
  );
});
