/** The command as users run it: the built program, in a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultConfig, exportOnnx, exportPyTorch, loadCheckpoint } from '@paragrad/maddpg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunFolder } from '../src/run/run-folder.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
// Short episodes, and a film only once, because drawing takes most of the time.
const SHORT = ['--env', '{"maxCycles":12}', '--steps-per-update', '50'];
const QUICK = ['--episodes', '30', '--batch-size', '32', '--warmup-steps', '100', '--hidden', '16,16'];
const SMALL = [...SHORT, ...QUICK];
const EVALUATION = ['--evaluation-episodes', '20', '--evaluation-every', '10'];
const QUICK_EVALUATION = [...EVALUATION, '--no-film'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function inTwoStreams(...args: string[]) {
  return spawnSync('node', [PROGRAM, ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
}

function paragrad(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = inTwoStreams(...args);
  return { status, output: stdout + stderr };
}

function read(...path: string[]): string {
  return readFileSync(join(folder, ...path), 'utf8');
}

describe('train', () => {
  beforeAll(() => {
    const { status, output } = paragrad('train', ...SMALL, ...EVALUATION, '--out', 'first');
    expect(output).toMatch(/30\/30 episodes/);
    expect(output).toMatch(/mean return +coverage +all covered +distance +collisions/);
    for (const policy of ['random actions', 'untrained', 'trained', 'scripted players']) {
      expect(output).toContain(policy);
    }
    expect(status).toBe(0);
  });

  test('writes everything to the run folder', () => {
    const metrics = read('first', 'metrics.csv').trim().split('\n');
    expect(metrics).toHaveLength(31);
    expect(new Set(metrics.map((line) => line.split(',').length)).size).toBe(1);
    expect(read('first', 'curve.svg')).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    expect(read('first', 'curve.svg')).not.toMatch(/NaN|undefined/);
    expect(
      readFileSync(join(folder, 'first', 'episode.gif'))
        .subarray(0, 6)
        .toString(),
    ).toBe('GIF89a');
    expect(JSON.parse(read('first', 'evaluation.json')).trained.episodes).toBe(20);
    expect(existsSync(join(folder, 'first', 'checkpoint', 'networks.safetensors'))).toBe(true);
  });

  test('its config.json repeats the run, bit for bit', () => {
    const { status } = paragrad('train', '--config', 'first/config.json', '--no-film', '--out', 'second');
    expect(existsSync(join(folder, 'second', 'episode.gif'))).toBe(false);
    expect(status).toBe(0);
    for (const name of [
      'config.json',
      'metrics.csv',
      'evaluations.csv',
      'evaluation.json',
      'curve.svg',
      'checkpoint/networks.safetensors',
    ]) {
      expect(readFileSync(join(folder, 'second', name)), name).toEqual(
        readFileSync(join(folder, 'first', name)),
      );
    }
  });

  test('evaluations in training are written and drawn, and change nothing in the training', () => {
    const [header, ...lines] = read('first', 'evaluations.csv').trim().split('\n');
    expect(header).toBe(
      'episode,steps,meanReturn,standardError,return:agent_0,return:agent_1,return:agent_2,' +
        'metric:coverage,metric:all covered,metric:distance,metric:collisions,' +
        'metric:all within 0.2,metric:all within 0.4,metric:all held',
    );
    expect(lines.map((line) => line.split(',').slice(0, 2).join())).toEqual(['9,120', '19,240', '29,360']);
    expect(read('first', 'curve.svg').match(/<circle/g)).toHaveLength(3);
    // The last one is of the final policy, on the episodes of the final evaluation.
    const { trained } = JSON.parse(read('first', 'evaluation.json'));
    expect(Number(lines[2].split(',')[2])).toBeCloseTo(trained.meanReturn, 4);

    // The best one is kept. It has the same return again, on the same episodes.
    const returns = lines.map((line) => Number(line.split(',')[2]));
    const best = JSON.parse(read('first', 'best', 'evaluation.json'));
    expect(best.meanReturn).toBeCloseTo(Math.max(...returns), 4);
    expect(best).toMatchObject({ episode: [9, 19, 29][returns.indexOf(Math.max(...returns))], episodes: 20 });
    const again = JSON.parse(paragrad('evaluate', 'first', '--checkpoint', 'best', '--json').output);
    expect(again.evaluations.trained.returns).toEqual(best.returns);
    expect(again.checkpoint).toBe('best');

    const { status } = paragrad(
      'train',
      ...['--config', 'first/config.json', '--evaluation-every', '0', '--no-film', '--out', 'unevaluated'],
    );
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'unevaluated', 'evaluations.csv'))).toBe(false);
    expect(read('unevaluated', 'curve.svg')).not.toContain('<circle');
    for (const name of ['metrics.csv', 'evaluation.json', 'checkpoint/networks.safetensors']) {
      expect(readFileSync(join(folder, 'unevaluated', name)), name).toEqual(
        readFileSync(join(folder, 'first', name)),
      );
    }
  });

  test('where there are teams, every result is by team', () => {
    const tag = ['--scenario', 'simple_tag', ...SMALL, '--episodes', '10', ...QUICK_EVALUATION];
    const { status, output } = paragrad('train', ...tag, '--out', 'tag');
    expect(status).toBe(0);
    expect(output).toMatch(/10\/10 episodes.* return adversaries -?\d+\.\d\d, good -?\d+\.\d\d \|/);
    expect(output).toMatch(/ {2}return of adversaries +return of good +touches/);
    expect(output).not.toContain('mean return');
    const { trained } = JSON.parse(read('tag', 'evaluation.json'));
    expect(Object.keys(trained.teams)).toEqual(['adversaries', 'good']);
    expect(read('tag', 'metrics.csv')).toContain(
      ',meanReturn,return:adversaries,return:good,return:adversary_0,',
    );
    expect(read('tag', 'evaluations.csv')).toContain(
      'return:adversaries,standardError:adversaries,return:good,',
    );
    const curve = read('tag', 'curve.svg');
    expect(curve).toContain(`adversaries, trained ${trained.teams.adversaries.meanReturn.toFixed(1)}`);
    expect(curve).toContain(`good, trained ${trained.teams.good.meanReturn.toFixed(1)}`);
    expect(curve).not.toMatch(/NaN|undefined/);
    const evaluated = (...args: string[]) =>
      JSON.parse(paragrad('evaluate', 'tag', '--json', ...args).output);
    expect(evaluated().evaluations.trained).toEqual(trained);
    for (const team of ['adversaries', 'good']) {
      const best = JSON.parse(read('tag', `best-${team}`, 'evaluation.json'));
      expect(evaluated('--checkpoint', `best-${team}`).evaluations.trained.teams).toEqual(best.teams);
    }
    expect(existsSync(join(folder, 'tag', 'best'))).toBe(false);
  });

  test('a variant trains, its config.json repeats the run, and it can be evaluated', () => {
    const variant = ['--algorithm', 'matd3', '--policy-delay', '3', '--critic', 'independent'];
    const first = paragrad('train', ...SMALL, ...QUICK_EVALUATION, ...variant, '--out', 'matd3');
    expect(first.output).toContain('MATD3 on simple_spread');
    const config = JSON.parse(read('matd3', 'config.json'));
    expect(config).toMatchObject({
      algorithm: 'matd3',
      settings: { policyDelay: 3, policyNoise: 0.2, critic: 'independent' },
    });
    expect(paragrad('train', '--config', 'matd3/config.json', '--no-film', '--out', 'again').status).toBe(0);
    expect(read('again', 'metrics.csv')).toBe(read('matd3', 'metrics.csv'));
    const { output } = paragrad('evaluate', 'matd3');
    expect(output).toContain(JSON.parse(read('matd3', 'evaluation.json')).trained.meanReturn.toFixed(2));
  });

  test.each(['attention-maddpg', 'ensemble-maddpg', 'communicating-maddpg', 'inferring-maddpg'])(
    '%s trains, and `evaluate` repeats its evaluation',
    (algorithm) => {
      paragrad('train', ...SMALL, ...QUICK_EVALUATION, '--algorithm', algorithm, '--out', algorithm);
      const { status, output } = paragrad('evaluate', algorithm);
      expect(status).toBe(0);
      expect(output).toContain(JSON.parse(read(algorithm, 'evaluation.json')).trained.meanReturn.toFixed(2));
    },
  );

  test.each(['iql', 'qmix'])(
    'the baseline %s trains from the settings of another run, and can be evaluated',
    (algorithm) => {
      const choosing = [
        '--actions',
        'discrete',
        '--exploration-kind',
        'epsilon-greedy',
        '--parameter-sharing',
        'true',
      ];
      const from = ['--config', 'first/config.json', '--algorithm', algorithm, ...choosing];
      const trained = paragrad('train', ...from, '--lr', '0.01', '--no-film', '--out', algorithm);
      expect(trained.output).toMatch(/critic \d+\.\d+, actor -/);
      expect(trained.status).toBe(0);
      const { settings } = JSON.parse(read(algorithm, 'config.json'));
      expect(settings).toMatchObject({ hidden: [16, 16], lr: 0.01, parameterSharing: true });
      expect(settings).not.toHaveProperty('actorLr');
      expect(read(algorithm, 'metrics.csv')).not.toMatch(/NaN|undefined/);
      const { status, output } = paragrad('evaluate', algorithm);
      expect(status).toBe(0);
      expect(output).toContain('random actions');
      const { 'scripted players': scripted, 'random actions': random } = JSON.parse(
        read(algorithm, 'evaluation.json'),
      );
      expect(scripted.meanReturn).toBeGreaterThan(random.meanReturn + 1);
      // On the same episodes, but along one axis at a time.
      const { 'scripted players': withForces } = JSON.parse(read('first', 'evaluation.json'));
      expect(scripted.meanReturn).toBeLessThan(withForces.meanReturn - 0.1);
      expect(output).toContain(JSON.parse(read(algorithm, 'evaluation.json')).trained.meanReturn.toFixed(2));
    },
  );

  test('an algorithm has its own defaults, unless a file or a preset has other values', () => {
    const args = [...SMALL, '--episodes', '2', '--evaluation-episodes', '2', '--no-film'];
    paragrad('train', ...args, '--algorithm', 'openai-maddpg', '--out', 'released');
    const { settings } = JSON.parse(read('released', 'config.json'));
    expect(settings).toMatchObject({ actorLr: 0.01, maxGradNorm: 0.5, othersActions: 'replay' });
  });

  test('a setting of another algorithm is refused, and no folder is made', () => {
    const { status, output } = paragrad('train', ...SMALL, '--policy-delay', '3', '--out', 'refused');
    expect(output).toContain('maddpg has no setting settings.policyDelay; the settings are gamma, tau, ');
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  test('`evaluate` gives the same numbers again, or plays as many episodes as it is told', () => {
    const { status, output } = paragrad('evaluate', 'first');
    expect(status).toBe(0);
    expect(output).toContain('Evaluation on 20 episodes');
    expect(output).toContain(JSON.parse(read('first', 'evaluation.json')).trained.meanReturn.toFixed(2));
    expect(paragrad('evaluate', 'first', '--episodes', '3').output).toContain('Evaluation on 3 episodes');
  });

  test('`evaluate --json` prints the numbers, of other episodes with another seed', () => {
    const evaluation = (...args: string[]) =>
      JSON.parse(paragrad('evaluate', 'first', '--json', ...args).output);
    const { untrained: _, ...evaluations } = JSON.parse(read('first', 'evaluation.json'));
    expect(evaluations['scripted players'].meanReturn).toBeGreaterThan(-8);
    const expected = { run: 'first', scenario: 'simple_spread', seed: 1 };
    expect(evaluation()).toEqual({ ...expected, evaluations });
    const other = evaluation('--seed', '2', '--episodes', '5');
    expect(other).toMatchObject({ seed: 2, evaluations: { trained: { episodes: 5 } } });
    expect(evaluation('--seed', '2', '--episodes', '5')).toEqual(other);
    expect(evaluation('--episodes', '5').evaluations).not.toEqual(other.evaluations);
  });

  test('`export` writes each actor to a file of its own', () => {
    const algorithm = loadCheckpoint(RunFolder.open(join(folder, 'first')).readCheckpoint());
    const onnx = paragrad('export', 'first', '--to', 'onnx');
    expect(onnx.output).toBe('Written to first/onnx: agent_0.onnx, agent_1.onnx, agent_2.onnx\n');
    expect(onnx.status).toBe(0);
    for (const [agent, model] of Object.entries(exportOnnx(algorithm))) {
      expect(Uint8Array.from(readFileSync(join(folder, 'first', 'onnx', `${agent}.onnx`)))).toEqual(model);
    }
    // Again, and elsewhere: files of the same names are replaced.
    for (let time = 0; time < 2; time++) {
      const { output } = paragrad('export', 'first', '--to', 'pytorch', '--out', 'weights/first', '--json');
      const { files, ...rest } = JSON.parse(output);
      expect(rest).toEqual({ run: 'first', format: 'pytorch', folder: 'weights/first' });
      expect(files).toEqual([0, 1, 2].map((k) => `agent_${k}.safetensors`).concat('paragrad_actor.py'));
    }
    for (const [agent, weights] of Object.entries(exportPyTorch(algorithm))) {
      const written = readFileSync(join(folder, 'weights', 'first', `${agent}.safetensors`));
      expect(Uint8Array.from(written)).toEqual(weights);
    }
    expect(read('weights', 'first', 'paragrad_actor.py')).toContain('class Actor(nn.Module)');
  });

  test('its help shows the values that a run would use', () => {
    const defaults = paragrad('train', '--help').output.replace(/\s+/g, ' ');
    expect(defaults).toContain('transitions in a batch (default: 1024)');
    const { status, output } = paragrad('train', '--config', 'first/config.json', '--help', 'all');
    expect(status).toBe(0);
    const help = output.replace(/\s+/g, ' ');
    expect(help).toContain('transitions in a batch (default: 32)');
    expect(help).toContain('hidden layers of every network (default: 16,16)');
    expect(help).toContain('episodes of the final evaluation, for each policy (default: 20)');
  });

  test('it starts from a preset, and flags change single settings', () => {
    const { status } = paragrad(
      'train',
      '--preset',
      'openai2018',
      ...QUICK,
      ...QUICK_EVALUATION,
      '--out',
      'preset',
    );
    expect(status).toBe(0);
    const { algorithm, actions, env, settings, batchSize } = JSON.parse(read('preset', 'config.json'));
    expect([algorithm, actions, env, batchSize]).toEqual([
      'openai-maddpg',
      'discrete',
      { physics: 'openai' },
      32,
    ]);
    expect(settings).toMatchObject({ hidden: [16, 16], maxGradNorm: 0.5, straightThrough: false });
  });

  test('the name of a scenario means its tuned settings, and the run says what it will do', () => {
    const { status, output } = paragrad(
      'train',
      'simple_tag',
      ...QUICK,
      ...QUICK_EVALUATION,
      '--out',
      'tuned',
    );
    expect(status).toBe(0);
    const config = JSON.parse(read('tuned', 'config.json'));
    expect(config).toMatchObject({ scenario: 'simple_tag', settings: { gamma: 0.85, criticLr: 0.002 } });
    const [what, work, saves] = output.split('\n');
    expect(what).toMatch(
      /^MADDPG on simple_tag, settings from preset tuned: \d+ episodes, seed 1\. Ctrl-C ends/,
    );
    const steps = `${25 * config.episodes} environment steps and `;
    expect(work.replaceAll(',', '')).toMatch(
      new RegExp(`^${steps}\\d+ updates: less than a minute on this machine about \\d+ MB of memory\\.$`),
    );
    expect(saves).toMatch(/^Saves every 5 minutes, for paragrad resume: \d+ MB in the end\.$/);
  });

  test('--json prints the result, and nothing else to stdout', () => {
    const json = (...args: string[]) => JSON.parse(inTwoStreams(...args, '--json').stdout);
    const shown = json('train', ...SMALL, ...QUICK_EVALUATION, '--out', 'json');
    expect(shown).toMatchObject({ run: 'json', state: 'finished', episodes: 30 });
    expect(json('show', 'json')).toEqual(shown);
  });

  test('its help is short, with examples, and longer for a topic', () => {
    const { output, status } = paragrad('train', '--help');
    expect(status).toBe(0);
    expect(output).toContain('paragrad train simple_tag ');
    expect(output).not.toContain('--noise-clip');
    for (const [topic, flag] of [
      ['sampling', '--sampling-beta'],
      ['exploration', '--exploration-decay'],
      ['learning', '--tau'],
      ['algorithms', '--noise-clip'],
    ]) {
      expect(output).toContain(`train --help ${topic} `);
      const help = paragrad('train', 'simple_crypto', '--help', topic).output;
      expect(help).toContain(flag);
      expect(help).not.toContain('--scenario');
    }
    expect(paragrad('train', '--help', 'all').output).toMatch(/--scenario.*--noise-clip/s);
    expect(paragrad('train', '--help', 'saving').output).toContain('Allowed choices are run, sampling');
  });

  test('normalization has flags, and its statistics are stored in the checkpoint', () => {
    const norms = ['--observation-norm', 'running', '--reward-norm', 'return'];
    const { status } = paragrad('train', ...SMALL, ...QUICK_EVALUATION, ...norms, '--out', 'normalized');
    expect(status).toBe(0);
    const { settings } = JSON.parse(read('normalized', 'config.json'));
    expect(settings).toMatchObject({ observationNorm: 'running', rewardNorm: 'return' });
    expect(read('normalized', 'checkpoint', 'networks.safetensors')).toContain('agent_0.normalizer.rewards');
    const { output } = paragrad('evaluate', 'normalized');
    const { trained } = JSON.parse(read('normalized', 'evaluation.json'));
    expect(output).toContain(trained.meanReturn.toFixed(2));
  });

  test('--estimate says what a run will take, and makes no folder', () => {
    const { status, output } = paragrad(
      'train',
      '--estimate',
      '--env',
      '{"N": 10}',
      '--episodes',
      '1000',
      '--out',
      'none',
    );
    expect(status).toBe(0);
    expect(output).toMatch(/parameters +521,630/);
    expect(output).toMatch(/updates +240, [\d.]+ ms each/); // one in 100 steps, from the 1,024th of 25,000 on
    expect(output).toMatch(/replay memory +74 MB/);
    expect(output).toMatch(/peak memory +about \d+ MB/);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('without --out, each run gets a folder of its own', () => {
    const args = [...SMALL, '--episodes', '2', '--evaluation-episodes', '2', '--no-film'];
    for (const run of ['runs/simple_spread-1', 'runs/simple_spread-2']) {
      const [, path, names] = /Results in (\S+): (.+)/.exec(paragrad('train', ...args).output)!;
      expect(path).toBe(run);
      expect(names).toBe('curve.svg, metrics.csv, evaluation.json, checkpoint/, config.json');
      for (const name of names.split(', ')) expect(existsSync(join(folder, run, name)), name).toBe(true);
    }
  });

  test('settings with which nothing is learned are said before the run', () => {
    const args = ['--hidden', '8', '--episodes', '2', '--evaluation-episodes', '2', '--no-film'];
    const { status, output } = paragrad('train', ...args, '--out', 'unlearned');
    expect(output).toMatch(
      /^Warning: nothing will be learned in 50 steps .* the first update comes after step 1100: warmupSteps is 1024, /m,
    );
    expect(status).toBe(0);
    // An estimate says it, too. With --json there is nothing else in stdout.
    const { stdout, stderr } = inTwoStreams('train', ...args, '--estimate', '--json');
    expect(stderr).toMatch(/^Warning: nothing will be learned in 50 steps/m);
    expect(JSON.parse(stdout)).toMatchObject({ updates: 0, seconds: expect.any(Number) });
  });

  test('losses that are not known yet are empty in metrics.csv', () => {
    const delayed = ['--algorithm', 'matd3', '--policy-delay', '20', '--env', '{"maxCycles": 100}'];
    const args = ['--hidden', '8', '--episodes', '3', '--batch-size', '16', '--warmup-steps', '100'];
    const quickly = ['--evaluation-episodes', '2', '--no-film'];
    const { output } = paragrad('train', ...args, ...quickly, ...delayed, '--out', 'delayed');
    expect(output).toContain('not all networks will learn: there are 3 updates');
    expect(read('delayed', 'metrics.csv')).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  test('`npm start` takes a preset in place of its own configuration', () => {
    const script = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).scripts
      .start;
    const [, file] = /main\.js train --default-config (\S+)$/.exec(script)!;
    const help = (...args: string[]) => {
      const path = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
      return paragrad('train', '--default-config', path, ...args, '--help', 'all').output.replace(
        /\s+/g,
        ' ',
      );
    };
    expect(help()).toContain('discount factor γ (default: 0.7)');
    expect(help('--preset', 'tuned', '--scenario', 'simple_crypto')).toContain(
      'discount factor γ (default: 0.5)',
    );
    expect(help('--config', 'first/config.json')).toContain('discount factor γ (default: 0.99)');
  });

  test('Ctrl-C ends training early, and what was learned is kept', async () => {
    const child = spawn(
      'node',
      [
        PROGRAM,
        'train',
        '--episodes',
        '100000',
        '--evaluation-episodes',
        '5',
        '--no-film',
        '--out',
        'stopped',
      ],
      {
        cwd: folder,
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    while (!existsSync(join(folder, 'stopped', 'metrics.csv')))
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(output).toContain('Results in stopped:');
    expect(paragrad('evaluate', 'stopped', '--episodes', '2').status).toBe(0);
  });
});

describe('an error is one line, and destroys nothing', () => {
  const fails = (args: string[], message: RegExp) => {
    const { status, output } = paragrad(...args);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/\n\s+at /); // no stack trace
    expect(status).toBe(1);
  };

  test('a checkpoint that the run does not have', () => {
    fails(
      ['evaluate', 'first', '--checkpoint', 'bset'],
      /first has no checkpoint bset; its checkpoints are: best, step-000000000, step-000000360/,
    );
    fails(['evaluate', 'first', '--checkpoint', '../second/checkpoint'], /first has no checkpoint \.\.\//);
  });

  test('an existing run folder is not overwritten', () => {
    const before = read('first', 'metrics.csv');
    fails(
      ['train', ...SMALL, '--out', 'first'],
      /first exists and is not an empty folder, and a run never overwrites files; choose another folder with --out/,
    );
    expect(read('first', 'metrics.csv')).toBe(before);
  });

  test('a folder that cannot be written is named', () => {
    writeFileSync(join(folder, 'file'), '');
    fails(
      ['train', ...SMALL, '--out', 'file/run'],
      /can't write to file\/run: .*; choose another folder with --out/,
    );
    fails(['train', ...SMALL, '--out', '/proc/deep/run'], /can't write to \/proc\/deep\/run/);
    fails(['train', ...SMALL, '--out', '/proc/run'], /can't write to \/proc\/run/);
  });

  test('an unknown scenario is refused', () => {
    fails(
      ['train', '--scenario', 'simple_sprad'],
      /simple_sprad.*simple_adversary, simple_crypto.*simple_tag, simple_world_comm/,
    );
  });

  test('a preset and a configuration together are refused', () => {
    fails(
      ['train', '--config', 'first/config.json', '--preset', 'defaults'],
      /--config and --preset defaults: both are given; give only one/,
    );
    fails(
      ['train', 'simple_tag', '--config', 'first/config.json'],
      /--config and the preset simple_tag: both/,
    );
    fails(
      ['train', 'simple_tag', '--scenario', 'simple'],
      /simple_tag and --scenario simple: both are given/,
    );
    fails(['train', 'lowe2017', '--preset', 'tuned'], /lowe2017 and --preset tuned: both are given/);
  });

  test('a configuration that is not there is refused, and a folder stands for its config.json', () => {
    fails(
      ['train', '--config', 'nothing.json'],
      /can't read nothing.json: ENOENT.*; give a configuration file, or/,
    );
    fails(
      ['train', '--config', '.'],
      /can't read config.json: ENOENT.*; give a configuration file, or the folder/,
    );
    fails(['train', '--config', 'first', '--out', 'first'], /first exists and is not an empty folder/);
    fails(['train', '--out', 'first/config.json'], /first\/config.json exists and is not an empty folder/);
  });

  test('what no batch can have is refused', () => {
    fails(
      ['train', '--batch-size', '1', '--observation-norm', 'batch', '--episodes', '60', '--out', 'one'],
      /batchSize is 1, but observationNorm is 'batch'.*give a batchSize of at least 2/,
    );
  });

  test('an unknown name is refused, and the likely one is said', () => {
    fails(
      ['train', 'simple_tga'],
      /the preset or scenario is "simple_tga" \(did you mean simple_tag\?\); give one of defaults,/,
    );
    fails(['train', '--scenario', 'simple-spraed'], /"simple-spraed" \(did you mean simple_spread\?\)/);
    fails(['train', '--algorithm', 'MADPG'], /"MADPG" \(did you mean maddpg\?\)/);
    fails(['train', '--gama', '1'], /unknown option '--gama'\n\(Did you mean --gamma\?\)/);
    fails(['train', '--learning-rate', '1'], /\(Did you mean --actor-lr or --critic-lr\?\)/);
    fails(['train', '--learning-rate', '1', '--algorithm', 'iql'], /\(Did you mean --lr\?\)/);
    fails(['train', '--message-sise', '1'], /\(Did you mean --message-size\?\)/); // only another algorithm has it
    fails(['train', '--lr', '1'], /\(did you mean settings.actorLr or settings.criticLr\?\)/);
    fails(['train', '--buffer_size', '1'], /\(Did you mean --replay-capacity\?\)/);
    fails(['train', '--scenario', 'pettingzoo.mpe.simple_tag_v3'], /\(did you mean simple_tag\?\)/);
  });

  test('an error about flags and arguments names the help of its command', () => {
    fails(['train', '--gama', '1'], /\(see paragrad train --help\)/);
    fails(['evaluate'], /\(see paragrad evaluate --help\)/);
    fails(['render', 'first', '--episodes', '0'], /\(see paragrad render --help\)/);
    fails(['evalute'], /\(see paragrad --help\)/);
  });

  test('an unknown parameter of a scenario is refused', () => {
    fails(['train', '--env', '{"numAgents": 3}'], /numAgents/);
    fails(['train', '--env', '{"actionMode": "discrete"}'], /env.actionMode: the run's `actions` decide it/);
  });

  test('a value out of range is refused', () => {
    fails(
      ['train', '--gamma', '1.5', '--episodes', '0'],
      /the options: episodes is 0; give an integer of at least 1; settings.gamma is 1.5; give a number from 0 to 1/,
    );
    fails(['train', '--seed', 'x'], /seed is "x"; give an integer/);
    fails(['evaluate', 'first', '--seed', '-1'], /--seed.*Give an integer from 0 to 2\^32 - 1/);
    for (const episodes of ['0', '-3']) {
      fails(
        ['train', '--evaluation-episodes', episodes, '--out', 'none'],
        /the options: evaluationEpisodes is -?\d; give an integer of at least 1/,
      );
      fails(['evaluate', 'first', '--episodes', episodes], /--episodes.*Give an integer of at least 1/);
    }
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('a value that is not finite is refused, wherever it stands', () => {
    fails(
      ['train', '--algorithm', 'matd3', '--noise-clip', 'Infinity', '--out', 'none'],
      /noiseClip is Infinity/,
    );
    fails(
      ['train', '--env', '{"localRatio": 1e999}', '--out', 'none'],
      /env.localRatio is Infinity; give finite/,
    );
    fails(['train', '--gamma', 'NaN', '--out', 'none'], /settings.gamma is "NaN"; give a number from 0 to 1/);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('sizes that are written in another way are refused with an example', () => {
    fails(
      ['train', '--hidden', '64x64'],
      /settings.hidden is "64x64"; give a list of integers of at least 1, such as \[64, 64\], or 64,64 as a flag/,
    );
  });

  test('a mistyped option is refused', () => {
    fails(['train', '--episode', '3'], /unknown option '--episode'[\s\S]*--episodes/);
  });

  test('a truncated checkpoint is refused', () => {
    const weights = join(folder, 'second', 'checkpoint', 'networks.safetensors');
    truncateSync(weights, 5000);
    fails(['evaluate', 'second'], /checkpoint: networks.safetensors: safetensors: /);
  });

  test('a folder that holds no run is refused', () => {
    fails(['evaluate', 'nowhere'], /there is no folder nowhere; give a folder that train wrote/);
  });

  test('an export that is not possible says why', () => {
    fails(['export', 'first'], /required option '--to <format>' not specified/);
    fails(['export', 'first', '--to', 'onx'], /'onx' is invalid. Allowed choices are onnx, pytorch/);
    fails(['export', 'nowhere', '--to', 'onnx'], /there is no folder nowhere/);
    fails(
      ['export', '.', '--to', 'onnx'],
      /\. is not a run folder: it has no config.json; give a folder that train wrote/,
    );
    fails(
      ['export', 'first', '--to', 'onnx', '--out', 'file/x'],
      /can't write to file\/x: .*; choose another .* --out/,
    );
    fails(['export', 'second', '--to', 'onnx'], /checkpoint: networks.safetensors: safetensors: /); // truncated above
  });

  test('a configuration that is damaged, missing or mistyped is refused', () => {
    writeFileSync(join(folder, 'broken.json'), '{"seed": ');
    fails(['train', '--config', 'broken.json'], /broken.json is not JSON/);
    fails(['train', '--config', 'missing.json'], /can't read missing.json/);

    const { gamma, ...settings } = defaultConfig.settings;
    writeFileSync(
      join(folder, 'mistyped.json'),
      JSON.stringify({ ...defaultConfig, settings: { ...settings, gama: gamma } }),
    );
    fails(
      ['train', '--config', 'mistyped.json'],
      /mistyped.json: maddpg has no setting settings.gama \(did you mean settings.gamma\?\); the settings are gamma, tau, /,
    );
  });
});
