/** Tables of results: what is trained, what is written, and that a learner that learned nothing is noticed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Action, makeEnv } from '@paragrad/mpe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asForces } from '../src/reproduce/cross-play.js';
import { places } from '../src/reproduce/places.js';
import { type ReproduceOptions, readResults } from '../src/reproduce/reproduce.js';
import type { ResultTable } from '../src/reproduce/result-table.js';
import { wayOf } from '../src/reproduce/row-tables.js';
import type { TableResults } from '../src/reproduce/table-results.js';
import { tables } from '../src/reproduce/tables/index.js';
import { runsOf } from '../src/sweep/sweep-file.js';
import { PROGRAM } from './program.js';

const SMALL = {
  batchSize: 16,
  warmupSteps: 50,
  stepsPerUpdate: 10,
  episodes: 20,
  evaluationEpisodes: 30,
  evaluationEvery: 10,
  settings: { hidden: [8] },
} as const;

const alone: ResultTable = {
  name: 'alone',
  title: 'One agent',
  about: 'simple, for a few episodes.',
  sweep: {
    run: { ...SMALL, scenario: 'simple' },
    list: [{ name: 'MADDPG' }, { name: 'MATD3, twice', algorithm: 'matd3' }],
    seeds: [1, 2, 3],
  },
  measures: ['distance'],
  kept: ['MATD3, twice'],
  quick: { run: { episodes: 12 }, measure: 'way', atLeast: { MADDPG: -1000 } },
};

const against: ResultTable = {
  name: 'against',
  title: 'Two teams',
  about: 'simple_tag, for a few episodes.',
  sweep: {
    run: { ...SMALL, scenario: 'simple_tag' },
    list: [{ name: 'forces' }, { name: 'choices', actions: 'discrete', exploration: { initial: 0 } }],
    seeds: 2,
  },
  measures: ['touched'],
  crossPlay: { drawn: ['touched', 'return of good'] },
};

let folder: string;
let options: ReproduceOptions;
const SCRIPT = fileURLToPath(new URL('reproduce-tables.mjs', import.meta.url));
/** In a process of its own, because the processes that train are made as this one was. */
const reproduce = (names: readonly string[], more = {}, tables = [alone, against]) => {
  const args = [tables, names, { ...options, ...more }].map((one) => JSON.stringify(one));
  const { status, stdout } = spawnSync('node', [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, output: stdout };
};
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const results = (name: string): TableResults => JSON.parse(read(`results/${name}.json`));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-reproduce-'));
  options = {
    runs: join(folder, 'runs'),
    results: join(folder, 'results'),
    page: join(folder, 'docs/results.md'),
    workers: 2,
  };
  const { status, output } = reproduce(['all']);
  expect(status, output).toBe(0);
  expect(output).toMatch(/^locked: $/m); // while others are trained, it is free
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('the numbers of a row are those of its runs', () => {
  const { rows, yardsticks, command } = results('alone');
  expect(command).toBe('paragrad reproduce alone');
  expect(rows.map(({ name, seeds }) => [name, seeds])).toEqual([
    ['MADDPG', [1, 2, 3]],
    ['MATD3, twice', [1, 2, 3]],
  ]);
  rows.forEach(({ name, values, steps, minutes, curve }) => {
    expect(steps).toBe(500);
    expect(minutes.every((one) => one > 0 && one < 1)).toBe(true);
    expect(curve.steps).toEqual([250, 500]);
    for (const seed of [1, 2, 3]) {
      const run = join('runs/alone', `${name.replace(' ', '-')},seed=${seed}`);
      const { trained, 'random actions': random } = JSON.parse(read(join(run, 'evaluation.json')));
      expect(values['mean return'][seed - 1]).toBeCloseTo(trained.meanReturn, 3);
      expect(values.distance[seed - 1]).toBeCloseTo(trained.metrics.distance, 3);
      expect(yardsticks['random actions']['mean return'][seed - 1]).toBeCloseTo(random.meanReturn, 3);
    }
  });
});

test('the run with the median return is kept, and can be evaluated', () => {
  const { rows } = results('alone');
  const returns = rows[1].values['mean return'];
  const median = [...returns].sort((a, b) => a - b)[1];
  const kept = join(folder, 'results/policies/alone/MATD3,-twice');
  const { status, stdout } = spawnSync('node', [PROGRAM, 'evaluate', kept, '--json'], { encoding: 'utf8' });
  expect(status).toBe(0);
  const { seed, evaluations } = JSON.parse(stdout);
  expect(seed).toBe(1 + returns.indexOf(median));
  expect(evaluations.trained.meanReturn).toBeCloseTo(median, 3);
  expect(readdirSync(join(folder, 'results/policies/alone'))).toEqual(['MATD3,-twice']);
});

test('what is finished is not trained again, and the same is written', () => {
  const runs = join(folder, 'runs/alone');
  const before = [read('results/alone.json'), read('docs/results.md')];
  const networks = join(runs, 'MADDPG,seed=1/checkpoint/networks.safetensors');
  const { mtimeMs } = statSync(networks);
  expect(reproduce(['alone']).output).toContain('all are finished');
  expect([read('results/alone.json'), read('docs/results.md')]).toEqual(before);
  expect(statSync(networks).mtimeMs).toBe(mtimeMs);
});

test('the runs of another form of the table are not mixed with these', () => {
  const run = { ...alone.sweep.run, batchSize: 17 };
  const { status, output } = reproduce(['alone'], {}, [
    { ...alone, sweep: { ...alone.sweep, run } },
    against,
  ]);
  expect(status).toBe(1);
  expect(output).toMatch(/batchSize was 16 and is now 17.* give another folder with --runs/);
});

test('the page has every table, and pictures that exist', () => {
  const page = read('docs/results.md');
  for (const [, path] of page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)) {
    expect(existsSync(join(folder, 'docs', path)), path).toBe(true);
  }
  expect(page).toMatch(/\| MATD3, twice +\| +3 \| +500 \| +0\.0 \| -\d+\.\d\d \[-\d+\.\d\d, -\d+\.\d\d\]/);
  expect(page).toMatch(/\| scripted players +\|.*\| +100 % \|/);
  expect(page).toContain('The team _adversaries_, against the other team of every trained row');
  expect(read('docs/images/results/alone.svg')).toContain('mean return by minute');
});

test("marl-eval's file has the curve and the end of each run", () => {
  const data = JSON.parse(read('results/marl-eval/alone.json'));
  const run = data.mpe['simple (alone)']['MATD3 twice'].seed_2;
  expect(run.step_2.step_count).toBe(500);
  const { values } = results('alone').rows[1];
  expect(run.absolute_metrics.return).toEqual([values['mean return'][1]]);
});

describe('teams against each other', () => {
  test('everybody meets everybody, and stronger players do better', () => {
    const { crossPlay } = results('against');
    const { players, teams, matrices, results: byTeam } = crossPlay!;
    expect(players).toEqual(['forces', 'choices', 'scripted players', 'random actions']);
    expect(teams).toEqual(['adversaries', 'good']);
    const [scripted, random] = [2, 3];
    const { touched } = matrices;
    // Rows are predators, columns are prey.
    expect(touched[scripted][random]).toBeGreaterThan(80);
    expect(touched[random][scripted]).toBeLessThan(40);
    // Against the rows and scripted players; those with random actions are no opponents.
    const mean = (touched[scripted][0] + touched[scripted][1] + touched[scripted][2]) / 3;
    const [a, b] = byTeam.adversaries['scripted players'].touched;
    expect((a + b) / 2).toBeCloseTo(mean, 2);
    const prey = (touched[0][scripted] + touched[1][scripted] + touched[2][scripted]) / 3;
    const [c, d] = byTeam.good['scripted players'].touched;
    expect((c + d) / 2).toBeCloseTo(prey, 2);
  });

  test('those who have not changed do not play again', () => {
    const path = join(folder, 'results/against.json');
    const before = read('results/against.json');
    const plays = /Every team of against plays/;
    expect(reproduce(['against']).output).not.toMatch(plays);
    expect(read('results/against.json')).toBe(before);
    const { crossPlay, ...others } = JSON.parse(before);
    writeFileSync(
      path,
      JSON.stringify({ ...others, crossPlay: { ...crossPlay, digest: 'of other policies' } }),
    );
    expect(reproduce(['against']).output).toMatch(plays);
    expect(read('results/against.json')).toBe(before);
  });

  test('choices do the same as forces', () => {
    const choose = (agent: string, k: number) => {
      const weights = Array(5 + (agent === 'leadadversary_0' ? 4 : 0)).fill(0);
      weights[k % 5] = 1;
      if (agent === 'leadadversary_0') weights[5 + (k % 4)] = 1;
      return weights;
    };
    const [byChoice, byForce] = (['continuous', 'force'] as const).map((actionMode) => {
      const env = makeEnv('simple_world_comm', { actionMode });
      env.reset({ seed: 3 });
      return env;
    });
    const policy = (k: number) =>
      Object.assign(
        (observations: object): Record<string, Action> =>
          Object.fromEntries(Object.keys(observations).map((name, i) => [name, choose(name, k + i)])),
        { actInAll: () => [] },
      );
    for (let k = 0; k < 25; k++) {
      const observations = Object.fromEntries(byChoice.agents.map((name) => [name, []]));
      const a = byChoice.step(policy(k)(observations));
      const b = byForce.step(asForces(policy(k), byForce)(observations));
      expect(b.observations).toEqual(a.observations);
    }
  });
});

describe('the short version', () => {
  test('passes if every row reached enough, and writes nothing', () => {
    const before = readdirSync(folder, { recursive: true });
    const { status, output } = reproduce([], { quick: true });
    expect(output).toMatch(/alone +MADDPG +way +-?\d+\.\d +-1000/);
    expect(status).toBe(0);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  test('fails if one did not', () => {
    const strict = { ...alone, quick: { ...alone.quick!, atLeast: { MADDPG: 100 } } };
    const { status, output } = reproduce(['alone'], { quick: true }, [strict]);
    expect(output).toMatch(/1 of 1 rows reached less than a learner without mistakes: MADDPG in alone/);
    expect(status).toBe(1);
  });
});

test('without a name nothing is trained, and the tables are listed', () => {
  const [runs, none] = [join(folder, 'no-runs'), join(folder, 'no-results')];
  const { status, output } = reproduce([], { runs, results: none });
  expect(status).toBe(0);
  expect(output).toMatch(/^.*\n +alone +6\n +against +4\nTook: .* Give the names of tables to train, or all/);
  expect(reproduce([], { runs }).output).toMatch(/\n +alone +6 +\d+ s\n/);
  expect(existsSync(runs)).toBe(false);
  expect(reproduce([], { runs, estimate: true }).output).toMatch(/^against: 4 runs .* About/m);
});

test('an unknown table is an error that names the known ones', () => {
  expect(reproduce(['allone']).output).toContain(
    'paragrad: reproduce: there is no table allone (did you mean alone?); the tables are alone, against',
  );
});

test('the way is 0 % for random actions and 100 % for scripted players', () => {
  const yardsticks = {
    'random actions': { 'mean return': [-30, -20] },
    'scripted players': { 'mean return': [-5] },
  };
  expect(wayOf([-25, -15, -5, 0], yardsticks)).toEqual([0, 50, 100, 125]);
});

describe('the tables of this project', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));

  test.each(tables)('$name: the runs are complete, and measured', ({ name, sweep, quick }) => {
    const runs = runsOf(sweep, name);
    expect(runs.length).toBe(sweep.list.length * new Set(runs.map(({ config }) => config.seed)).size);
    const rows = sweep.list.map((row) => row.name);
    expect(Object.keys(quick?.atLeast ?? {}).filter((row) => !rows.includes(row))).toEqual([]);
  });

  test('the rows of cooperative navigation have the settings of the best trials', () => {
    const resultsOf = (table: string) =>
      Object.fromEntries(readResults(join(root, places.results)).map(([{ name }, { rows }]) => [name, rows]))[
        table
      ];
    const trials = resultsOf('cooperative-navigation-trials');
    for (const { name, config } of resultsOf('cooperative-navigation')) {
      const own = trials.filter((trial) => trial.name.startsWith(`${name}, gamma`));
      const returnOf = ({ values }: (typeof own)[number]) => values['mean return'][0];
      const best = own.reduce((a, b) => (returnOf(b) > returnOf(a) ? b : a));
      expect(own).toHaveLength(4);
      expect(config.settings, name).toEqual(best.config.settings);
    }
  });
});
