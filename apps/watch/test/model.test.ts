/** What the page makes of the updates: groups of runs, curves with bands, words, colors. */
import { completeConfig, type RunOptions } from '@paragrad/maddpg';
import { palette } from '@paragrad/mpe';
import { describe, expect, test } from 'vitest';
import { contrast, GROUP_COLORS, readable } from '../src/colors.js';
import { clipRatio, column, curveOf, evaluationsOf, qValue, smoothed } from '../src/curves.js';
import { applyUpdate, groupsOf, measuresOf, type Run } from '../src/runs.js';
import { describeState, formatDuration, formatNumber, titleOfMetric } from '../src/words.js';

function makeRun(index: number, options: RunOptions, rows: (number | null)[][] = [], size = 1): Run {
  const runs: Run[] = [];
  const config = completeConfig(options);
  const columns = ['episode', 'meanReturn', 'criticGradNorm:a'];
  applyUpdate(runs, { run: index, name: `run-${index}`, config });
  applyUpdate(runs, { run: index, metrics: { columns, size, from: 0, rows, newest: rows.at(-1) ?? [] } });
  return runs[index]!;
}

describe('groups', () => {
  const labels = (...options: RunOptions[]) =>
    groupsOf(options.map((one, k) => makeRun(k, one))).map(({ label }) => label);

  test('runs that differ only in their seed are one', () => {
    const groups = groupsOf([1, 2, 3].map((seed) => makeRun(seed, { seed })));
    expect(groups.map(({ label, runs }) => [label, runs.length])).toEqual([['MADDPG on simple_spread', 3]]);
  });

  test('others are named by what is different', () => {
    expect(labels({ batchSize: 64 }, { batchSize: 128 })).toEqual(['batchSize 64', 'batchSize 128']);
    expect(labels({ settings: { gamma: 0.9 } }, {})).toEqual(['gamma 0.9', 'gamma 0.99']);
    expect(labels({ env: { N: 2 }, seed: 1 }, { env: { N: 2 }, seed: 2 }, { env: { N: 4 } })).toEqual([
      'N 2',
      'N 4',
    ]);
    expect(labels({}, { algorithm: 'matd3' })).toEqual(['maddpg', 'matd3']);
    expect(labels({}, { env: { N: 4 } })).toEqual(['N default', 'N 4']);
  });
});

test('updates replace rows from one on', () => {
  const runs = [
    makeRun(0, {}, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
  ];
  const columns = ['episode', 'meanReturn'];
  applyUpdate(runs, { run: 0, metrics: { columns, size: 1, from: 1, rows: [[1, 5]], newest: [1, 5] } });
  expect(runs[0]!.rows).toEqual([
    [0, 1],
    [1, 5],
  ]);
});

test('teams are those with a return and nothing else', () => {
  const { agents, teams, byMetric } = measuresOf([
    'episode',
    'return:good',
    'return:a',
    'criticLoss:a',
    'return:b',
    'criticLoss:b',
  ]);
  expect({ agents, teams }).toEqual({ agents: ['a', 'b'], teams: ['good'] });
  expect([...byMetric.keys()]).toEqual(['return', 'criticLoss']);
});

describe('curves', () => {
  test('of one run have no band', () => {
    expect(
      curveOf(
        [
          makeRun(0, {}, [
            [0, 4],
            [1, 6],
          ]),
        ],
        column('meanReturn'),
        0,
      ),
    ).toEqual({ x: [0, 1], y: [4, 6] });
  });

  test('of several runs have the mean, the lowest and the highest, also if their rows have different sizes', () => {
    const fine = makeRun(0, {}, [
      [0, 0],
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    const coarse = makeRun(
      1,
      {},
      [
        [0.5, 3],
        [2.5, 9],
      ],
      2,
    );
    const curve = curveOf([fine, coarse], column('meanReturn'), 0);
    expect(curve).toEqual({ x: [0.5, 2.5], y: [2, 7], low: [1, 5], high: [3, 9] });
  });

  test('end where fewer than half of the runs have got to', () => {
    const runs = [1, 2, 3].map((length, k) =>
      makeRun(
        k,
        {},
        Array.from({ length }, (_, i) => [i, 1]),
      ),
    );
    expect(curveOf(runs, column('meanReturn'), 0).x).toEqual([0, 1]);
  });

  test('leave out what is not known', () => {
    expect(
      curveOf(
        [
          makeRun(0, {}, [
            [0, null],
            [1, 2],
            [null, null],
          ]),
        ],
        column('meanReturn'),
        0,
      ),
    ).toEqual({ x: [1], y: [2] });
  });

  test('of evaluations have the mean over the seeds', () => {
    const runs = [1, 3].map((value, k) => {
      const run = makeRun(k, { seed: k });
      run.evaluations = {
        columns: ['episode', 'steps', 'meanReturn'],
        rows: [
          [9, 0, value],
          [19, 0, k === 0 ? null : 5],
        ],
      };
      return run;
    });
    expect(evaluationsOf(runs, 'meanReturn')).toEqual({ x: [9, 19], y: [2, 5] });
  });

  test('are smoothed by a mean that neither moves nor shortens them', () => {
    const line = Array.from({ length: 50 }, (_, i) => i);
    expect(smoothed(line, 0.1).slice(5, -5)).toEqual(line.slice(5, -5));
    expect(smoothed([1, null, 3, 5], 1)).toEqual([2, null, 3, 4]);
    expect(smoothed(line, 0)).toBe(line);
  });

  test('of Q-values are what the actors ascend', () => {
    const read = (options: RunOptions) => {
      const run = makeRun(0, options);
      run.columns = ['episode', 'actorLoss:a'];
      return [0.5, null].map((loss) => qValue('a')([0, loss], run));
    };
    expect(read({})).toEqual([-0.5, null]);
    expect(read({ algorithm: 'ensemble-maddpg', settings: { ensembleSize: 4 } })).toEqual([-2, null]);
  });

  test('of clipping say what is left of a gradient', () => {
    const run = makeRun(0, { settings: { maxGradNorm: 2 } });
    expect([1, 8, null].map((norm) => clipRatio('criticGradNorm:a')([0, 0, norm], run))).toEqual([
      1,
      0.25,
      null,
    ]);
  });
});

describe('words', () => {
  test('of states', () => {
    const counts = { episodes: 5, ofEpisodes: 10 };
    expect(describeState({ state: 'running', ...counts, secondsLeft: 90 })).toBe('Running, 2 min left');
    expect(describeState({ state: 'running', episodes: 10, ofEpisodes: 10 })).toMatch(/evaluating/);
    expect(describeState({ state: 'failed', why: 'the loss is NaN', ...counts })).toBe(
      'Failed: the loss is NaN',
    );
    expect(describeState({ state: 'stopped', why: 'SIGINT', ...counts })).toMatch(
      /^Stopped by SIGINT.*resume/,
    );
    expect(describeState(undefined)).toMatch(/^Waiting/);
  });

  test('of numbers', () => {
    expect([0, -Math.PI, 1234.5, 0.01234, 1e7, 1e-9, null].map(formatNumber)).toEqual([
      '0',
      '−3.14',
      '1235',
      '0.012',
      '1.0e7',
      '1.0e-9',
      '–',
    ]);
    expect([0.2, 59, 61, 3700].map(formatDuration)).toEqual(['1 s', '59 s', '1 min', '1 h 2 min']);
  });

  test('of metrics that are not known', () => {
    expect(titleOfMetric('policyEntropy')).toBe('Policy entropy');
    expect(titleOfMetric('criticLoss')).toBe('Critic loss');
  });
});

test('every line can be told from the background, in the light and in the dark', () => {
  const colors = [...GROUP_COLORS, ...palette.good, ...palette.adversaries];
  for (const [dark, paper] of [
    [false, [255, 255, 255]],
    [true, [27, 29, 33]],
  ] as const) {
    for (const color of colors) {
      const rgb = [...readable(color, dark).matchAll(/\d+/g)].map(Number);
      expect(contrast(rgb, paper), color).toBeGreaterThanOrEqual(3);
    }
  }
});
