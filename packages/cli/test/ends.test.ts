/**
 * How a run ends, and that nothing is lost: signals, errors, a full disk. The built program, in processes of its own. Kills and
 * a disk that is really full are in test-ends.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OFTEN, PROGRAM, Program } from './program.js';

// Short episodes, because the pictures at the end take most of the time. An update in every step, so that training takes many times as
// long as a save: what should happen within it must not come after its end.
const SMALL = [
  '--scenario',
  'simple',
  '--env',
  '{"maxCycles":5}',
  '--batch-size',
  '16',
  '--warmup-steps',
  '100',
  '--steps-per-update',
  '1',
];
const QUICK = ['--hidden', '8', '--evaluation-episodes', '2', '--exploration-kind', 'ornstein-uhlenbeck'];
const EVALUATED = ['--evaluation-every', '20', '--evaluation-episodes-in-training', '2'];
const RUN = ['train', ...SMALL, ...QUICK, ...EVALUATED, '--episodes', '300'];

const program = new Program();
const { folder, start, run: paragrad, results, status, untilSteps } = program;
let whole: Record<string, string>;
beforeAll(async () => {
  expect((await paragrad(...RUN, '--out', 'whole')).code).toBe(0);
  whole = results('whole');
});
afterAll(program.close);

describe('a signal', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    '%s: saves, says how to go on, and the resumed run ends as one in one piece',
    async (signal, code) => {
      const run = start(...RUN, ...OFTEN, '--out', signal);
      await untilSteps(signal, 130);
      run.process.kill(signal);
      const ended = await run.ended;
      expect(ended.output).toMatch(
        new RegExp(
          `Stopped by ${signal} after \\d+ of 300 episodes. Go on with:\\s+paragrad resume ${signal}`,
        ),
      );
      expect(ended.code).toBe(code);
      expect(status(signal)).toMatchObject({ state: 'stopped', why: signal, ofEpisodes: 300 });
      expect(existsSync(join(folder, signal, 'evaluation.json'))).toBe(false);
      const evaluated = await paragrad('evaluate', signal, '--episodes', '2');
      expect(evaluated).toMatchObject({ code: 0, output: expect.stringContaining('mean return') });

      const resumed = await paragrad('resume', signal);
      expect(resumed.output).toMatch(/goes on after \d+ of 300 episodes/);
      expect(resumed.code).toBe(0);
      expect(results(signal)).toEqual(whole);
      expect(status(signal).state).toBe('finished');
    },
  );

  test('Ctrl-C within an endless episode: saves, then evaluates what was learned', async () => {
    const run = start(
      ...RUN,
      '--env',
      '{"maxCycles":100000000}',
      '--evaluation-episodes',
      '1',
      '--out',
      'endless',
    );
    await untilSteps('endless', 0);
    await setTimeout(300);
    run.process.kill('SIGINT');
    while (status('endless').state !== 'stopped') await setTimeout(5);
    expect(status('endless')).toMatchObject({ episodes: 0, state: 'stopped', why: 'SIGINT' });
    run.process.kill('SIGINT'); // the evaluation has an episode of 1e8 steps, too
    expect((await run.ended).signal).toBe('SIGINT');
  });
});

test('kill -9: the run goes on, and ends as one in one piece', async () => {
  const first = start(...RUN, ...OFTEN, '--out', 'killed');
  await untilSteps('killed', 700);
  first.process.kill('SIGKILL');
  await first.ended;
  expect((await paragrad('resume', 'killed', ...OFTEN)).output).toContain('Results in');
  expect(results('killed')).toEqual(whole);
});

test('a finished run says so, and goes on if it is given more episodes', async () => {
  cpSync(join(folder, 'whole'), join(folder, 'more'), { recursive: true });
  const none = await paragrad('resume', 'more');
  expect(none.output).toContain('more has 300 episodes already; give more to go on, such as --episodes 600');
  expect(none.code).toBe(1);
  // Killed after its last save, before its results: those in the folder are of the shorter run.
  const path = join(folder, 'more', 'status.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('finished', 'running'));
  expect((await paragrad('resume', 'more')).output).toContain('Results in more');
  expect((await paragrad('resume', 'more', '--episodes', '320')).code).toBe(0);
  expect((await paragrad(...RUN, '--episodes', '320', '--out', 'eighty')).code).toBe(0);
  expect(results('more')).toEqual(results('eighty'));
});

test('a run whose metrics.csv has lost lines says so, and goes on', async () => {
  cpSync(join(folder, 'whole'), join(folder, 'lost'), { recursive: true });
  const path = join(folder, 'lost', 'metrics.csv');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.slice(0, 51).concat('').join('\n')); // the names of the columns, and 50 episodes
  writeFileSync(join(folder, 'lost', 'evaluations.csv'), 'foo\n');
  const { code, output } = await paragrad('resume', 'lost', '--episodes', '320');
  expect(output).toContain('metrics.csv has no lines for 250 of 300 episodes');
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'lost', 'evaluations.csv'), 'utf8')).not.toContain('foo');
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1 + 50 + 20);
});

test('training that fails ends at once, with the step, the network and what is kept', async () => {
  const diverging = ['--critic-lr', '1e10', '--actor-lr', '1e10', '--out', 'failed'];
  const { code, output } = await paragrad(...RUN, ...diverging);
  expect(output).toMatch(
    /training failed after \d+ steps \(episode \d+, update \d+\): agent_\d's (critic|actor): /,
  );
  expect(output).toMatch(/failed\/checkpoints\/step-\d+ has what was learned before/);
  expect(code).toBe(1);
  expect(status('failed')).toMatchObject({ state: 'failed', why: expect.stringMatching(/agent_\d's/) });
});

test('a disk that is full for some time costs nothing, and one that stays full only what was not saved', async () => {
  // A limit on the size of each file, in blocks of 1024 bytes, has the same effect: a write fails in the middle.
  const shell = ['-c', 'ulimit -f 40; exec "$@"', 'sh', 'node', PROGRAM, ...RUN, ...OFTEN, '--out', 'full'];
  const child = spawn('bash', shell, { cwd: folder });
  let output = '';
  child.stderr.on('data', (data) => {
    output += data;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(output).toContain('Could not save, will try again: EFBIG: file too large, write');
  expect(output).toMatch(
    /the last save failed: EFBIG.*\. full\/checkpoints\/step-\d+ has what was learned before/,
  );
  expect(code).toBe(1);
  expect(status('full').state).toBe('failed');
  expect((await paragrad('resume', 'full')).code).toBe(0);
  expect(results('full')).toEqual(whole);
});

test.each([
  [
    ['--hidden', '200000,200000'],
    /needs at least .* GB.*: the weights alone would take .* GB; give a smaller --hidden/,
  ],
  [['--hidden', '1000000000'], /a batch in the layers alone .* --hidden or --batch-size/],
  [
    ['--batch-size', '1000000000'],
    /a batch in the layers alone would take .* GB; give a smaller --hidden or --batch-size/,
  ],
  [
    ['--replay-capacity', '1e12', '--episodes', '100000000000'],
    /the replay memory alone would take .* GB; give a smaller --replay-capacity/,
  ],
  [['--env', '{"N":10000}'], /10000 agents and 10000 landmarks are 200000000 pairs/],
])('%j: more than this machine can do is said before anything is made', async (flags, message) => {
  for (const more of [[], ['--estimate']]) {
    const { code, output } = await paragrad('train', ...flags, ...more, '--out', 'large');
    expect(output).toMatch(message);
    expect(code).toBe(1);
  }
  expect(existsSync(join(folder, 'large'))).toBe(false);
});

test('a folder that is removed while the run trains is made again', async () => {
  const run = start(...RUN, ...OFTEN, '--episodes', '600', '--out', 'removed');
  await untilSteps('removed', 50);
  for (;;) {
    try {
      rmSync(join(folder, 'removed'), { recursive: true });
      break;
    } catch {} // the run has just written something
  }
  expect((await run.ended).code).toBe(0);
  expect(status('removed').state).toBe('finished');
  expect(existsSync(join(folder, 'removed', 'config.json'))).toBe(true);
});

test('a folder belongs to one process', async () => {
  const name = 'owned';
  const first = start(...RUN, '--episodes', '100000', '--out', name);
  await untilSteps(name, 0);
  const [second, resumed] = await Promise.all([paragrad(...RUN, '--out', name), paragrad('resume', name)]);
  expect(second.output).toMatch(/owned exists and is not an empty folder/);
  expect(resumed.output).toMatch(/owned is in use by process \d+ on .*; wait until it ends or stop it/);
  expect([second.code, resumed.code]).toEqual([1, 1]);
  first.process.kill('SIGKILL');
  await first.ended;
});

test('two runs at the same moment get folders of their own', async () => {
  const short = [...RUN, '--episodes', '2'];
  const both = await Promise.all([paragrad(...short), paragrad(...short), paragrad(...short)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(join(folder, 'runs')).sort()).toEqual(['simple-1', 'simple-2', 'simple-3']);
});

test('when nobody reads the output any more, training goes on or saves, without a stack trace', async () => {
  const run = start(...RUN, ...OFTEN, '--out', 'pipe');
  run.process.stdout?.destroy();
  run.process.stderr?.destroy();
  const { code } = await run.ended;
  expect([0, 141]).toContain(code);
  if (code === 141) await paragrad('resume', 'pipe');
  expect(results('pipe')).toEqual(whole);
});

describe('resume refuses', () => {
  const copy = (name: string) => {
    cpSync(join(folder, 'whole'), join(folder, name), { recursive: true });
    rmSync(join(folder, name, 'evaluation.json'));
    const [newest] = readdirSync(join(folder, name, 'checkpoints'))
      .sort()
      .reverse();
    return join(folder, name, 'checkpoints', newest);
  };
  const refuse = async (name: string, message: RegExp) => {
    const { code, output } = await paragrad('resume', name);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/\n +at /);
    expect(code).toBe(1);
  };

  test.each([
    'training.json',
    'training.safetensors',
    'algorithm.json',
    'networks.safetensors',
    'optimizers.safetensors',
  ])('a run whose %s is damaged, cut short or missing', async (file) => {
    const path = join(copy(`damaged-${file}`), file);
    const named = new RegExp(file.replace('.', '\\.'));
    const bytes = readFileSync(path);
    bytes[Math.floor(bytes.length / 2)] ^= 8;
    writeFileSync(path, bytes);
    await refuse(`damaged-${file}`, named);
    truncateSync(path, 100);
    await refuse(`damaged-${file}`, named);
    rmSync(path);
    await refuse(`damaged-${file}`, file === 'training.json' ? /no checkpoint to go on from/ : named);
  });

  test('a folder that is none, a run without a checkpoint, another configuration', async () => {
    await refuse('nowhere', /there is no folder nowhere; give a folder that train wrote/);
    const path = copy('changed');
    const config = join(folder, 'changed', 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"seed": 1', '"seed": 2'));
    await refuse('changed', /training\.json: .*seed/);
    rmSync(join(path, '..'), { recursive: true });
    await refuse('changed', /changed has no checkpoint to go on from: .*--config changed\/config\.json/);
  });
});
