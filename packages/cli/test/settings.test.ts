/** A setting is one line in one table. These tests add one to the table of MATD3, and find it in all the other places. */
import { readFileSync } from 'node:fs';
import { from0To1 } from '@paragrad/check';
import { completeConfig, makeAlgorithm, parseConfig, setting } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';
import { Ajv } from 'ajv';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { configSchema } from '../src/docs/config-schema.js';
import { settingsPage } from '../src/docs/settings-page.js';
import { flagOptions, withFlags } from '../src/settings/flags.js';

vi.mock('../../maddpg/src/variants/matd3.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../maddpg/src/variants/matd3.js')>();
  const { setting } = await import('../../maddpg/src/settings/setting.js');
  class Matd3 extends original.Matd3 {
    static override readonly settings = {
      ...original.Matd3.settings,
      boldness: setting(0.25, from0To1, 'how bold the agents are'),
    };
  }
  return { ...original, Matd3 };
});

const specs = [{ name: 'agent_0', observationSize: 2, actionSize: 1, maxAction: 1 }];
const make = (more: object) => makeAlgorithm('matd3', specs, { generator: new Generator(1), ...more });
const validate = new Ajv({ strict: false }).compile(configSchema());

describe('a setting in the table of a variant', () => {
  test('has its type', () => {
    const table = { boldness: setting(0.25, from0To1, 'how bold the agents are') };
    expectTypeOf(table.boldness.default).toEqualTypeOf<number>();
  });

  test('is checked in code, with its default', () => {
    expect(make({}).settings).toMatchObject({ boldness: 0.25, policyDelay: 2 });
    expect(() => make({ boldness: 2 })).toThrow('Matd3: boldness is 2; give a number from 0 to 1');
  });

  test('is checked in files, and belongs to its algorithm only', () => {
    const parse = (config: object) => parseConfig(JSON.stringify(config), 'a file').settings;
    expect(parse({ algorithm: 'matd3' })).toMatchObject({ boldness: 0.25 });
    expect(parse({ algorithm: 'matd3', settings: { boldness: 0.5 } })).toMatchObject({ boldness: 0.5 });
    expect(() => parse({ algorithm: 'matd3', settings: { boldness: -1 } })).toThrow(
      'a file: settings.boldness is -1; give a number from 0 to 1',
    );
    expect(() => parse({ settings: { boldness: 0.5 } })).toThrow(
      'a file: maddpg has no setting settings.boldness; the settings are gamma, ',
    );
  });

  test('has a flag, with help', () => {
    const option = flagOptions().find(({ long }) => long === '--boldness')!;
    expect(option.description).toBe('matd3: how bold the agents are');
    const run = withFlags({}, { algorithm: 'matd3', boldness: option.parseArg!('0.75', undefined) });
    expect(run.settings).toMatchObject({ boldness: 0.75 });
  });

  test('has a row in the docs', () => {
    expect(settingsPage()).toMatch(
      /^\| `boldness` +\| `matd3` +\| `0\.25` +\| a number from 0 to 1 +\| `--boldness` +\| how bold the agents are +\|$/m,
    );
  });

  test('is in the JSON schema', () => {
    expect(validate({ algorithm: 'matd3', settings: { boldness: 0.5 } })).toBe(true);
    expect(validate({ algorithm: 'matd3', settings: { boldness: 1.5 } })).toBe(false);
    expect(validate({ algorithm: 'qmix', settings: { boldness: 0.5 } })).toBe(false);
  });
});

describe('the JSON schema and the check in code agree', () => {
  test.each([
    {},
    { $schema: 'somewhere' },
    { episodes: 0 },
    { episodes: 2.5 },
    { episode: 1 },
    { seed: 2 ** 32 },
    { scenario: 'simple_sprad' },
    { env: { N: 4 } },
    { settings: { gamma: 1 } },
    { settings: { gamma: 1.5 } },
    { settings: { hidden: [64, 0] } },
    { settings: { parameterSharing: 'yes' } },
    { settings: { policyDelay: 3 } },
    { algorithm: 'matd3', settings: { policyDelay: 3 } },
    { algorithm: 'iql', settings: { actorLr: 0.1 } },
    { sampling: { kind: 'prioritized', alpha: 0.5 } },
    { sampling: { alpha: 0.5 } },
    { exploration: { theta: 0.2 } },
    { exploration: { kind: 'ornstein-uhlenbeck', theta: 0.2 } },
    { exploration: { decay: 0 } },
  ])('on %j', (config) => {
    let accepted = true;
    try {
      parseConfig(JSON.stringify(config), 'a file');
    } catch {
      accepted = false;
    }
    expect(validate(config)).toBe(accepted);
  });

  test('the schema accepts complete configurations', () => {
    expect(validate(completeConfig({}))).toBe(true);
    const example = readFileSync(
      new URL('../../../examples/cooperative-navigation.json', import.meta.url),
      'utf8',
    );
    expect(validate(JSON.parse(example))).toBe(true);
  });
});

describe('flags', () => {
  test('a flag that changes the kind drops the settings of the old kind', () => {
    const base = { exploration: { kind: 'ornstein-uhlenbeck', theta: 0.3, initial: 0.4 } } as const;
    const { exploration } = withFlags(base, { explorationKind: 'epsilon-greedy' });
    expect(exploration).toEqual({
      kind: 'epsilon-greedy',
      initial: 0.4,
      final: 0,
      decay: 1,
      randomEpisodes: 0,
    });
  });

  test('a flag that changes the algorithm keeps the settings that both have, and takes defaults for the rest', () => {
    const base = { algorithm: 'matd3', settings: { gamma: 0.8, policyDelay: 3 } } as const;
    const { settings } = withFlags(base, { algorithm: 'openai-maddpg' });
    expect(settings).toMatchObject({ gamma: 0.8, actorLr: 0.01 });
    expect(settings).not.toHaveProperty('policyDelay');
  });
});
