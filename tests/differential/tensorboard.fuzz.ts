/** A run's event files, read with Google's protocol buffers in Python (Debian's python3-protobuf). The run is killed and resumed. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { CsvLog } from '../../packages/cli/src/run/csv-log.js';
import { OFTEN, Program } from '../../packages/cli/test/program.js';

const { PYTHON = '/usr/bin/python3' } = process.env;
const READER = fileURLToPath(new URL('read_events.py', import.meta.url));
/** An update in every step, so that the signals come within training. */
const RUN = [
  ...['train', '--scenario', 'simple_tag', '--env', '{"maxCycles":5}', '--hidden', '8', '--batch-size', '16'],
  ...['--warmup-steps', '100', '--steps-per-update', '1', '--episodes', '300'],
  ...['--evaluation-every', '20', '--evaluation-episodes', '2'],
  ...['--evaluation-episodes-in-training', '2', '--tensorboard', '--out', 'run'],
];

interface Read {
  readonly files: number;
  readonly purged: number;
  readonly restarts: readonly number[];
  readonly points: Readonly<Record<string, readonly (readonly [step: number, value: number])[]>>;
}

const paragrad = new Program();
afterAll(() => rmSync(paragrad.folder, { recursive: true }));

/** What is in a CSV file of the run, as points of tags. Empty cells are no points. */
function expectedPoints(name: string, before: string): [tag: string, points: [number, number][]][] {
  const columns = new CsvLog(join(paragrad.folder, 'run', name)).read();
  return Object.entries(columns)
    .filter(([column]) => column !== 'episode' && column !== 'steps')
    .map(([column, values]) => {
      const tag = column === 'meanReturn' ? 'return/mean' : column.replace(':', '/');
      const points = values.map((value, k): [number, number] => [columns.steps[k], value]);
      return [before + tag, points.filter(([, value]) => !Number.isNaN(value))];
    });
}

test('they have all numbers of metrics.csv and evaluations.csv once, also after kill -9', {
  timeout: 120_000,
}, async () => {
  const first = paragrad.start(...RUN, ...OFTEN);
  await paragrad.untilSteps('run', 500);
  first.process.kill('SIGKILL');
  await first.ended;
  const second = paragrad.start('resume', 'run', ...OFTEN);
  await paragrad.untilSteps('run', 1000);
  second.process.kill('SIGTERM');
  await second.ended;
  expect((await paragrad.run('resume', 'run')).output).toContain('Results in run');

  const output = execFileSync(PYTHON, [READER, join(paragrad.folder, 'run', 'tensorboard')], {
    encoding: 'utf8',
  });
  const { files, purged, restarts, points }: Read = JSON.parse(output);
  const expected = [
    ...expectedPoints('metrics.csv', ''),
    ...expectedPoints('evaluations.csv', 'evaluation/'),
  ];
  expect(Object.keys(points).sort()).toEqual(expected.map(([tag]) => tag).sort());
  for (const [tag, wanted] of expected) {
    expect(
      points[tag].map(([step]) => step),
      tag,
    ).toEqual(wanted.map(([step]) => step));
    const differences = wanted.map(
      ([, value], k) => Math.abs(points[tag][k][1] - value) / Math.abs(value || 1),
    );
    expect(Math.max(0, ...differences), tag).toBeLessThan(1e-6); // seven digits there, float32 here
  }
  expect([files, purged]).toEqual([3, 0]);
  // A TensorBoard that has read what the killed run wrote last forgets it.
  expect(restarts).toHaveLength(2);
  expect(restarts[0]).toBeGreaterThan(500);
  expect(restarts[1]).toBeGreaterThan(1000);
});
