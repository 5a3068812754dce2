/** What a sweep's file stands for, and what is said about a wrong one. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { sweepSchema } from '../src/docs/sweep-schema.js';
import { parseSweep, runsOf, type SweepOptions } from '../src/sweep/sweep-file.js';

const runs = (options: object) => runsOf(parseSweep(JSON.stringify(options), 'f.json'), 'f.json');
const names = (options: object) => runs(options).map(({ name }) => name);
const fitsSchema = new Ajv({ strict: false }).compile(sweepSchema());

test('a grid: every value of one setting with every value of the others, with every seed', () => {
  const options = { grid: { algorithm: ['maddpg', 'matd3'], settings: { gamma: [0.9, 0.5] } }, seeds: 2 };
  expect(names(options)).toEqual([
    'algorithm=maddpg,gamma=0.9,seed=1',
    'algorithm=maddpg,gamma=0.9,seed=2',
    'algorithm=maddpg,gamma=0.5,seed=1',
    'algorithm=maddpg,gamma=0.5,seed=2',
    'algorithm=matd3,gamma=0.9,seed=1',
    'algorithm=matd3,gamma=0.9,seed=2',
    'algorithm=matd3,gamma=0.5,seed=1',
    'algorithm=matd3,gamma=0.5,seed=2',
  ]);
  const last = runs(options).at(-1)!;
  expect(last.config).toMatchObject({ algorithm: 'matd3', seed: 2, settings: { gamma: 0.5 } });
  expect(last.combination).toBe('algorithm=matd3,gamma=0.5');
  expect(fitsSchema(options)).toBe(true);
});

test('each algorithm of a grid has its own defaults, and only those of its settings that are given', () => {
  const [maddpg, matd3, openai] = runs({
    run: { algorithm: 'matd3', settings: { policyDelay: 3, gamma: 0.7 } },
    grid: { algorithm: ['maddpg', 'matd3', 'openai-maddpg'] },
  }).map(({ config }) => config.settings as unknown as Record<string, unknown>);
  expect([maddpg.policyDelay, matd3.policyDelay, maddpg.gamma]).toEqual([undefined, 3, 0.7]);
  expect(openai.actorLr).not.toBe(maddpg.actorLr);
});

test('a list, with names; parameters of the environment are added to those of run', () => {
  const options = {
    run: { env: { maxCycles: 7 } },
    list: [{ name: 'large', env: { N: 4 } }, { settings: { hidden: [8, 16] } }, { name: 'as it is' }],
    seeds: [5],
  };
  expect(names(options)).toEqual(['large,seed=5', 'hidden=8x16,seed=5', 'as-it-is,seed=5']);
  expect(runs(options).map(({ config }) => config.env)).toEqual([
    { maxCycles: 7, N: 4 },
    { maxCycles: 7 },
    { maxCycles: 7 },
  ]);
  expect(fitsSchema(options)).toBe(true);
});

test('a preset depends on the scenario of each run', () => {
  const [tag, crypto] = runs({ preset: 'tuned', grid: { scenario: ['simple_tag', 'simple_crypto'] } });
  expect([tag.config.actions, crypto.config.actions]).toEqual(['continuous', 'discrete']);
});

describe('random draws', () => {
  const random = {
    draws: 20,
    ranges: {
      batchSize: { from: 16, to: 64, scale: 'log' },
      settings: {
        actorLr: { from: 1e-4, to: 1e-2, scale: 'log' },
        gamma: { from: 0.5, to: 0.99 },
        hidden: [[8], [16]],
      },
    },
  };

  test('are the same each time, in range, and as exact as their names', () => {
    expect(fitsSchema({ random })).toBe(true);
    const once = runs({ random });
    expect(runs({ random })).toEqual(once);
    expect(once).toHaveLength(20);
    for (const { name, config } of once) {
      const { actorLr, gamma } = config.settings as unknown as Record<string, number>;
      expect(name).toBe(
        `batchSize=${config.batchSize},actorLr=${actorLr},gamma=${gamma},hidden=${config.settings.hidden},seed=1`,
      );
      expect(actorLr >= 1e-4 && actorLr <= 1e-2 && gamma >= 0.5 && gamma <= 0.99).toBe(true);
      expect(Number.isInteger(config.batchSize) && config.batchSize >= 16 && config.batchSize <= 64).toBe(
        true,
      );
    }
    const small = once.filter(({ config }) => (config.settings as { actorLr: number }).actorLr < 1e-3);
    expect(small.length).toBeGreaterThan(4); // on a linear scale, 9 % are
  });

  test('more draws begin with the same ones; another setting does not change the others; another seed does', () => {
    const first = names({ random });
    expect(names({ random: { ...random, draws: 30 } }).slice(0, 20)).toEqual(first);
    const more = { ...random, ranges: { ...random.ranges, nStep: [1, 3] } };
    expect(names({ random: more }).map((name) => name.replace(/nStep=\d,?/, '').replace(',,', ','))).toEqual(
      first,
    );
    expect(names({ random: { ...random, seed: 2 } })).not.toEqual(first);
  });
});

test('names are short and safe, whatever the settings', () => {
  const options = {
    grid: { env: { physics: ['../../up', 'a b'] } },
    list: [{ settings: { hidden: Array(60).fill(64) } }],
  };
  // The environment refuses this later.
  for (const name of names(options)) expect(name).toMatch(/^[\w=][\w.,=+-]{0,170}$/);
});

test.each<[object, RegExp]>([
  [
    { grids: {} },
    /^f\.json: there is no option grids \(did you mean grid\?\); the options are preset, run, seeds/,
  ],
  [{}, /the sweep is empty; give preset, run/],
  [{ preset: 'tunde' }, /preset is "tunde".*give one of defaults, lowe2017/],
  [{ seeds: 0 }, /seeds is 0; give an integer of at least 1 or an array/],
  [{ seeds: [] }, /these are 0 runs/],
  [{ seeds: [1, 1] }, /there are two runs seed=1/],
  [{ seeds: 100_000 }, /these are 100000 runs; give from 1 to 10000/],
  [{ run: { episode: 3 } }, /f\.json: run: a run has no setting episode \(did you mean episodes\?\)/],
  [{ run: { settings: { gamma: 2 } } }, /f\.json: run: settings\.gamma is 2; give a number from 0 to 1/],
  [{ grid: { gamma: [1] } }, /grid: gamma belongs to settings; give \{ "settings": \{ "gamma": \.\.\. \} \}/],
  [
    { grid: { settings: { gama: [1] } } },
    /f\.json: gama=1,seed=1: maddpg has no setting settings\.gama \(did you mean settings\.gamma\?\)/,
  ],
  [
    { grid: { settings: { gamma: [0.5, 2] } } },
    /f\.json: gamma=2,seed=1: settings\.gamma is 2; give a number from 0 to 1/,
  ],
  [{ grid: { settings: { gamma: 0.5 } } }, /grid\.settings\.gamma is 0\.5; give an array of values, such as/],
  [{ grid: { settings: { gamma: [] } } }, /grid\.settings\.gamma is .*; give an array of values/],
  [{ grid: { settings: [1] } }, /grid\.settings is .*; give an object of settings/],
  [{ grid: { seed: [1, 2] } }, /grid: seed is given; give seeds, beside run/],
  [{ grid: { nStep: [1, 1] } }, /there are two runs nStep=1,seed=1/],
  [
    { grid: { nStep: [1] }, list: [{ nStep: 3 }] },
    /nStep varies twice; give it in one of list, grid and random/,
  ],
  [{ list: [{ name: 3 }] }, /list\[0\]: name is 3; give a text/],
  [{ random: { draws: 3 } }, /random: ranges is missing/],
  [{ random: { draws: 3, ranges: { nStep: 3 } } }, /random\.ranges\.nStep: give a list of values, or/],
  [{ random: { draws: 3, ranges: { nStep: { from: 3, to: 1 } } } }, /from is 3, to is 1; give from below to/],
  [{ random: { draws: 3, ranges: { nStep: { from: 3, too: 1 } } } }, /no option too \(did you mean to\?\)/],
  [{ random: { draws: 3, ranges: { settings: { tau: { from: 0, to: 1, scale: 'log' } } } } }, /both above 0/],
])('%j is an error that teaches', (options, message) => {
  expect(() => runs(options)).toThrow(message);
});

test('the example is a sweep, and the page shows it', () => {
  const example = readFileSync(new URL('../../../examples/discounts.json', import.meta.url), 'utf8');
  const page = readFileSync(new URL('../../../docs/sweeps.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`json\n${example}\`\`\``);
  expect(names(JSON.parse(example))).toHaveLength(12);
  expect(fitsSchema(JSON.parse(example))).toBe(true);
});

test('the schema refuses what is not a sweep', () => {
  const wrong: object[] = [
    { grids: {} },
    { grid: { settings: { gama: [1] } } },
    { grid: { nStep: 3 } },
    { seeds: 0 },
  ];
  expect(wrong.filter((options) => fitsSchema(options as SweepOptions))).toEqual([]);
});
