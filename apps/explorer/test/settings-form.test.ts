/** The form of all settings. */
import { algorithmNames, completeConfig, defaultConfig, preset } from '@paragrad/maddpg';
import { settingPlaces } from 'paragrad/setting-places';
import { expect, test, vi } from 'vitest';
import { changedFields, fieldsOf, withField } from '../src/model/settings-form.js';

test('every setting of the tables is in the form of some run, with its help', () => {
  const configs = [
    ...algorithmNames.map((algorithm) => completeConfig({ algorithm })),
    ...(['gaussian', 'ornstein-uhlenbeck', 'epsilon-greedy'] as const).map((kind) =>
      completeConfig({ exploration: { kind } }),
    ),
    completeConfig({ sampling: { kind: 'prioritized' } }),
  ];
  const shown = new Set(configs.flatMap((config) => fieldsOf(config).map(({ path }) => path)));
  const all = settingPlaces.map(({ group, name }) => (group ? `${group}.${name}` : name));
  expect([...shown].sort()).toEqual([...new Set(all)].sort());
  for (const { meaning, range } of fieldsOf(defaultConfig)) expect(meaning && range).toBeTruthy();
});

test.each(algorithmNames)('the form of %s gives its own configuration back', (algorithm) => {
  const config = completeConfig({ algorithm });
  for (const { path, text } of fieldsOf(config)) {
    expect(withField(config, path, text), path).toEqual(config);
  }
});

test('a changed setting is in the configuration, and is named', () => {
  const config = withField(withField(defaultConfig, 'settings.hidden', '32,16'), 'settings.gamma', '0.5');
  expect(config.settings).toMatchObject({ hidden: [32, 16], gamma: 0.5 });
  expect(changedFields(config, defaultConfig)).toEqual([
    ['settings.gamma', '0.5'],
    ['settings.hidden', '32,16'],
  ]);
  expect(withField(config, 'env', '{"N":2}').env).toEqual({ N: 2 });
  expect(withField(config, 'settings.parameterSharing', 'true').settings.parameterSharing).toBe(true);
});

test('another algorithm keeps what it has, and drops what it has not', () => {
  const matd3 = withField(preset('tuned'), 'algorithm', 'matd3');
  expect(fieldsOf(matd3).map(({ path }) => path)).toContain('settings.policyDelay');
  expect(matd3.settings.gamma).toBe(preset('tuned').settings.gamma);
  const back = withField(matd3, 'algorithm', 'maddpg');
  expect(back).toEqual(preset('tuned'));
});

test.each([
  ['settings.gamma', '2', /settings\.gamma is 2; give a number from 0 to 1/],
  ['batchSize', 'many', /batchSize is "many"; give an integer of at least 1/],
  ['env', '{', /env is "\{"; give an object/],
])('%s: %s is an error that teaches', (path, text, message) => {
  expect(() => withField(defaultConfig, path, text)).toThrow(message);
});

test('a link has the preset and what differs from it, in any order; what it says wrong is left out', async () => {
  const settings = 'warmupSteps:20;batchSize:16;settings.gamma:2;nothing:1;settings.hidden:8,8';
  vi.stubGlobal('location', { hash: `#preset=defaults&scenario=simple_tag&settings=${settings}` });
  const { changed, config } = await import('../src/train/choice.js');
  const { address } = await import('../src/state.js');
  expect(config.value).toEqual(
    completeConfig({ scenario: 'simple_tag', batchSize: 16, warmupSteps: 20, settings: { hidden: [8, 8] } }),
  );
  expect(address.settings.value).toEqual(changed.value);
  address.settings.value = [['settings.gamma', '0.5']]; // another link
  expect(config.value).toEqual(completeConfig({ scenario: 'simple_tag', settings: { gamma: 0.5 } }));
});
