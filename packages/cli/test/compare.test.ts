/** list, show and compare, on folders that were made by hand. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compareCommand } from '../src/comparing/compare.js';
import { listCommand } from '../src/comparing/list.js';
import { showCommand } from '../src/comparing/show.js';
import { type FakeRun, fakeRun } from './fake-runs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (...names: string[]) => join(folder, ...names);
const make = (name: string, run: FakeRun = {}) => fakeRun(at(name), run);

/** What a command prints on stdout. */
function printed(run: () => void): string {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    run();
    return log.mock.calls.map(([line]) => line).join('\n');
  } finally {
    log.mockRestore();
  }
}
const list = (...paths: string[]) => printed(() => listCommand(paths, {}));
const listJson = () => JSON.parse(printed(() => listCommand([folder], { json: true })));
const show = (path: string) => printed(() => showCommand(path, {}));
const compare = (...paths: string[]) => printed(() => compareCommand(paths, { out: at('picture.svg') }));
const compareJson = (...paths: string[]) =>
  JSON.parse(printed(() => compareCommand(paths, { out: at('picture.svg'), json: true })));

describe('list', () => {
  test('names each run, what it is, how far, and what it reached; the latest first', () => {
    make('tag', { config: { scenario: 'simple_tag' }, result: 3 });
    make('stopped', { state: 'stopped', episodes: 4 });
    for (const name of ['config.json', 'status.json', 'metrics.csv', 'evaluation.json']) {
      utimesSync(at('tag', name), 1e9, 1e9);
    }
    const lines = list(folder).split('\n');
    expect(lines[1]).toMatch(
      /stopped +simple_spread +maddpg +1 +-28.50 in training .*stopped by SIGTERM after 4 of 20/,
    );
    expect(lines[2]).toMatch(
      /tag +simple_tag +maddpg +1 +adversaries 3.00, good 3.00 +2001-09-09 .* finished/,
    );
  });

  test('broken folders are named with the reason, and do not stop the list', () => {
    make('good', { result: 1 });
    for (const [name, file] of [
      ['cut-config', 'config.json'],
      ['cut-status', 'status.json'],
      ['cut-evaluation', 'evaluation.json'],
    ]) {
      make(name!, { result: 1 });
      truncateSync(at(name!, file!), 20);
    }
    make('no-config');
    rmSync(at('no-config', 'config.json'));
    mkdirSync(at('not-a-run'));
    const text = list(folder);
    expect(text).toContain("4 folders can't be read");
    for (const name of ['cut-config/config.json is not JSON', 'cut-status/status.json is not JSON']) {
      expect(text).toContain(name);
    }
    expect(text).toContain('no-config is not a run folder: it has no config.json');
    expect(text).not.toContain('not-a-run');
    expect(listJson().runs).toMatchObject([{ run: at('good'), returns: { 'mean return': 1 } }]);
    expect(listJson().broken).toHaveLength(4);
  });

  test('a killed run is not running, and one without episodes has no return', () => {
    make('killed', { state: 'running', episodes: 0 });
    expect(listJson().runs).toMatchObject([{ state: 'killed', episodes: 0 }]);
    expect(listJson().runs[0]).not.toHaveProperty('returns');
  });

  test('an evaluation before the last training is not the result', () => {
    const run = make('again', { state: 'stopped', result: 5 });
    expect(listJson().runs[0].returnsFrom).toBe('evaluation');
    mkdirSync(join(run, 'checkpoints', 'step-000000500'), { recursive: true });
    utimesSync(join(run, 'evaluation.json'), 1e9, 1e9);
    expect(listJson().runs[0].returnsFrom).toBe('training');
  });

  test('a folder that does not exist or has no run', () => {
    expect(() => list(at('nowhere'))).toThrow(/there is no folder .*nowhere; give folders that train wrote/);
    expect(() => list(folder)).toThrow(/there is no run in .*; give folders that train wrote/);
  });
});

describe('show', () => {
  test('says what differs from the nearest preset, the results, the files, and what to do', () => {
    const text = show(make('a', { config: { episodes: 20, settings: { gamma: 0.8 } }, result: -7 }));
    expect(text).toContain('MADDPG on simple_spread, seed 1\nfinished, 20 episodes');
    expect(text).toMatch(/settings.gamma +0.8 +0.99/);
    expect(text).toMatch(/trained +-7.00 ± 0.50/);
    expect(text).toMatch(/metrics.csv +\d+ B/);
    expect(text).not.toContain('paragrad resume'); // it has no checkpoint
    mkdirSync(at('a', 'checkpoints', 'step-000000500'), { recursive: true });
    writeFileSync(at('a', 'checkpoints', 'step-000000500', 'training.json'), '{}');
    expect(show(at('a'))).toContain(`paragrad resume ${at('a')} --episodes 40`);
    expect(show(make('with spaces in it'))).toContain(`paragrad render '${at('with spaces in it')}'`);
  });

  test('a run that was not evaluated', () => {
    const text = show(make('a', { state: 'stopped', episodes: 4 }));
    expect(text).toContain('Return of the last training episodes, exploration included: -28.50');
    expect(show(make('b', { state: 'running', episodes: 0 }))).toContain('No results yet');
  });
});

describe('compare', () => {
  test('groups runs that differ only in their seed, and says what differs', () => {
    for (const seed of [1, 2, 3]) {
      make(`a${seed}`, { config: { seed }, result: -20 - seed });
      make(`b${seed}`, { config: { seed, settings: { gamma: 0.8 } }, result: -10 - seed });
    }
    const { groups } = compareJson(folder);
    expect(groups).toMatchObject([
      {
        letter: 'A',
        settings: { 'settings.gamma': '0.99' },
        returns: { 'mean return': { value: -22, n: 3 } },
      },
      {
        letter: 'B',
        settings: { 'settings.gamma': '0.8' },
        returns: { 'mean return': { value: -12, interval: [-13, -11] } },
        differenceFromA: { 'mean return': { value: 10 } },
      },
    ]);
    expect(groups[0].runs.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2, 3]);
    const text = compare(folder);
    expect(text).toMatch(/seeds +settings.gamma\n +A +1 2 3 +0.99\n +B +1 2 3 +0.8/);
    expect(text).toMatch(/B +-12.00 \[-13.00, -11.00\] +10.00 \[/);
    expect(text).toContain('Few runs');
    expect(readFileSync(at('picture.svg'), 'utf8')).toContain('B: gamma 0.8');
  });

  test('settings that only another algorithm has are no difference, unless somebody chose them', () => {
    make('a', { result: 1 });
    make('b', { config: { algorithm: 'matd3' }, result: 1 });
    expect(Object.keys(compareJson(folder).groups[1].settings)).toEqual(['algorithm']);
    make('c', { config: { algorithm: 'matd3', settings: { policyDelay: 7 } }, result: 1 });
    expect(compareJson(folder).groups.map(({ settings }: { settings: object }) => settings)).toEqual([
      { algorithm: 'maddpg', 'settings.policyDelay': '-' },
      { algorithm: 'matd3', 'settings.policyDelay': '2' },
      { algorithm: 'matd3', 'settings.policyDelay': '7' },
    ]);
  });

  test('returns of opponents are not averaged', () => {
    make('a', { config: { scenario: 'simple_tag' }, result: 1 });
    expect(Object.keys(compareJson(folder).groups[0].returns)).toEqual(['adversaries', 'good']);
    expect(compare(folder)).toMatch(/return of adversaries +return of good/);
  });

  test('runs that were not evaluated, and the same run twice, are said', () => {
    make('a', { result: 1 });
    make('again', { result: 1 });
    make('b', { config: { seed: 2 }, state: 'stopped', episodes: 4 });
    const text = compare(folder);
    expect(text).toContain(`Not evaluated: ${at('b')} is stopped by SIGTERM after 4 of 20 episodes.`);
    expect(text).toContain(`Left out: ${at('again')} has the settings and the seed of another run.`);
    expect(compareJson(folder).groups[0].returns['mean return']).toEqual({ value: 1, n: 1 });
  });

  test('runs of different scenarios are an error that teaches', () => {
    make('a');
    make('b', { config: { scenario: 'simple_tag' } });
    expect(() => compare(at('a'), at('b'))).toThrow(
      /a is of simple_spread, but .*b of simple_tag, .* give runs of one of them, such as runs\/simple_spread-\*/,
    );
    expect(existsSync(at('picture.svg'))).toBe(false);
  });

  test('a picture that cannot be written', () => {
    make('a', { result: 1 });
    writeFileSync(at('file'), '');
    expect(() => compareCommand([at('a')], { out: at('file', 'picture.svg') })).toThrow(
      /can't write .*picture.svg: .*; choose another file with --out/,
    );
  });
});
