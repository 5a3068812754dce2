/** A sweep in the built program: its runs are those of `train`, and nothing is lost when it ends early. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program } from './program.js';

const RUN = {
  scenario: 'simple',
  env: { maxCycles: 5 },
  batchSize: 16,
  warmupSteps: 100,
  episodes: 120,
  evaluationEpisodes: 2,
  settings: { hidden: [8] },
};
const SWEEP = { run: RUN, grid: { settings: { gamma: [0.5, 0.9] } }, seeds: 2 };
const NAMES = ['gamma=0.5,seed=1', 'gamma=0.5,seed=2', 'gamma=0.9,seed=1', 'gamma=0.9,seed=2'];

const program = new Program();
const { folder, start, run: paragrad } = program;
afterAll(program.close);

const write = (name: string, sweep: object) => writeFileSync(join(folder, name), JSON.stringify(sweep));
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

/** Everything that training decides. */
const results = (run: string) =>
  [
    'metrics.csv',
    'evaluation.json',
    'config.json',
    'checkpoint/networks.safetensors',
    'checkpoint/optimizers.safetensors',
  ].map((name) => readFileSync(join(folder, run, name), 'latin1'));

describe('a sweep', () => {
  beforeAll(async () => {
    write('s.json', SWEEP);
    const { code, output } = await paragrad('sweep', 's.json', '--workers', '2');
    expect(output).toContain('4 runs (2 combinations, 2 seeds each), 2 at a time, in runs/s.');
    expect(output).toContain('(4 of 4 runs)');
    expect(output).toMatch(/ {2}gamma=0.9 +2 +-\d+\.\d\d \[-\d+\.\d\d, -\d+\.\d\d\]/);
    expect(code).toBe(0);
  }, 60_000);

  test('leaves the folder of each run, as `train` does, bit for bit', async () => {
    expect(readdirSync(join(folder, 'runs/s')).sort()).toEqual([
      'comparison.svg',
      ...NAMES,
      'results.json',
      'sweep.json',
    ]);
    const run = `runs/s/${NAMES[3]}`;
    expect((await paragrad('train', '--config', `${run}/config.json`, '--out', 'alone')).code).toBe(0);
    expect(results(run)).toEqual(results('alone'));
    expect(readdirSync(join(folder, run)).sort()).toEqual(readdirSync(join(folder, 'alone')).sort());
    expect(JSON.parse(read('runs/s/results.json'))[1].runs[1]).toMatchObject({ name: NAMES[3], seed: 2 });
  });

  test('that is finished is not trained again; more seeds are; other settings are refused', async () => {
    const before = NAMES.map((name) => results(`runs/s/${name}`));
    const again = await paragrad('sweep', 's.json', '--json');
    expect(again.output).toContain('all are finished');
    write('s.json', { ...SWEEP, seeds: [2, 3], grid: { settings: { gamma: [0.9] } } });
    const more = await paragrad('sweep', 's.json');
    expect(more.output).toContain(
      'runs/s also has 3 runs that are not in the file any more, such as gamma=0.5,seed=1.',
    );
    expect(more.output).toContain('(2 of 2 runs)');
    expect(NAMES.map((name) => results(`runs/s/${name}`))).toEqual(before);
    write('s.json', { ...SWEEP, run: { ...RUN, episodes: 300 } });
    const refused = await paragrad('sweep', 's.json');
    expect(refused.output).toMatch(
      /runs\/s\/gamma=0.5,seed=1 began: episodes was 120 and is now 300\. Change it back/,
    );
    expect(refused.code).toBe(1);
  });
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'after %s it goes on where it was, with the numbers of one in one piece',
  async (signal) => {
    // Many updates, so that the signal comes long before the end.
    write(`${signal}.json`, { run: { ...RUN, episodes: 600, stepsPerUpdate: 3 }, seeds: 2 });
    const first = start('sweep', `${signal}.json`, '--workers', '1', '--save-every', '0.001');
    const second = `runs/${signal}/seed=2`;
    while (!existsSync(join(folder, second, 'status.json'))) await setTimeout(10);
    await setTimeout(100);
    first.process.kill(signal);
    const { code, output } = await first.ended;
    if (signal === 'SIGTERM') {
      expect(output).toMatch(
        /Stopped by SIGTERM\. 1 of 2 runs are finished\. What ran is saved\. Go on with:\s+paragrad sweep SIGTERM\.json/,
      );
      expect(code).toBe(143);
    }
    const rest = await paragrad('sweep', `${signal}.json`);
    expect(rest.output).toContain('1 are finished already');
    // A kill may come before the first save.
    const begins =
      signal === 'SIGTERM' ? /seed=2 goes on after [1-9]\d* of 600/ : /seed=2 (goes on after|begins)/;
    expect(rest.output).toMatch(begins);
    expect(rest.output).toContain('(2 of 2 runs)');
    if (!existsSync(join(folder, 'in-one-piece'))) {
      await paragrad('train', '--config', `${second}/config.json`, '--out', 'in-one-piece');
    }
    expect(results(second)).toEqual(results('in-one-piece'));
  },
  60_000,
);

test('a run that fails is named, with its reason, and tried once more; the others are finished', async () => {
  write('f.json', {
    run: RUN,
    list: [{ name: 'wild', settings: { actorLr: 1e10, criticLr: 1e10 } }, { name: 'calm' }],
  });
  const { code, output } = await paragrad('sweep', 'f.json', '--json');
  expect(output).toMatch(/wild,seed=1 failed: training failed after \d+ steps .*\. It is tried once more/);
  expect(output.match(/wild,seed=1 failed/g)).toHaveLength(2);
  expect(output).toMatch(/1 of 2 runs failed:\s+wild,seed=1: training failed after \d+ steps/);
  expect(output).not.toMatch(/\n +at /);
  const json = JSON.parse(output.slice(output.indexOf('\n{') + 1, output.indexOf('\n}') + 2));
  expect(json).toMatchObject({
    results: [{ combination: 'calm' }],
    failed: { 'wild,seed=1': expect.any(String) },
  });
  expect(code).toBe(1);
});

test.each([
  [['nowhere.json'], /can't read nowhere.json: ENOENT.*; give the path of a sweep's file/],
  [['bad.json'], /bad\.json: env\.no-such=1,seed=1: .*there is no option no-such/],
  [['s2.json', '--out', '.'], /\. exists and is not the folder of a sweep; choose another one with --out/],
  [['s2.json', '--workers', '0'], /Give an integer of at least 1/],
])('sweep %j is an error that teaches, and leaves nothing', async (args, message) => {
  write('bad.json', { run: RUN, grid: { env: { 'no-such': [1] } } });
  write('s2.json', SWEEP);
  const { code, output } = await paragrad('sweep', ...args);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n +at /);
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'runs/bad'))).toBe(false);
});
