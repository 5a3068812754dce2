import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/cli/config.js';
import { prepareRun, preset, presetNames, train } from '../src/index.js';

describe.each(presetNames)('%s', (name) => {
  test('is a whole configuration that a file can hold, and a run can start from', () => {
    const config = preset(name);
    expect(parseConfig(JSON.stringify(config), name)).toEqual(config);
    const small = { ...config, episodes: 3, batchSize: 16, warmupSteps: 16, stepsPerUpdate: 10 };
    const reports = [...train(prepareRun(small))];
    expect(reports.at(-1)!.updates).toBe(6); // at steps 20, 30, ... 70
    expect([...train(prepareRun(small))]).toEqual(reports);
  });
});

test("simple_spread's tuned settings are those of the example that npm start runs", () => {
  const path = new URL('../../../examples/cooperative-navigation.json', import.meta.url);
  expect(preset('tuned', 'simple_spread')).toEqual(parseConfig(readFileSync(path, 'utf8'), 'the example'));
});

test('a scenario that nothing was tuned on', () => {
  expect(() => preset('tuned', 'simple_crypto')).toThrow(
    'preset: nothing was tuned on simple_crypto; there is one for simple_spread, simple_speaker_listener',
  );
});
