// Measures what checkpoints, logs and evaluations cost: whole trainings of `npm start`'s configuration, in processes of their
// own, alternately with all of them, without evaluations, and with nothing but the training. `npm run bench:saving -- 5` has
// five rounds of 2,000 episodes; `-- 5 20000` has whole runs. The shares are those within a process: the time outside of the
// training's steps. They need no comparison of two processes, so other programs disturb them less.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig, prepareRun, train, useRunKernels } from '@paragrad/maddpg';

const CONFIG = fileURLToPath(new URL('../examples/cooperative-navigation.json', import.meta.url));
const dist = new URL('../packages/cli/dist/', import.meta.url);

const [count = '5', episodes = '2000', kind] = process.argv.slice(2);
if (kind) await measure(kind);
else compare(['nothing', 'saves and logs', 'saves, logs and evaluations']);

/** Prints the seconds of one training, and the shares of what is not training. */
async function measure(kind) {
  const config = { ...parseConfig(readFileSync(CONFIG, 'utf8'), CONFIG), episodes: Number(episodes) };
  if (kind === 'saves and logs') config.evaluationEvery = 0;
  useRunKernels(config);
  const trainer = train(prepareRun(config));
  if (kind === 'nothing') {
    const began = performance.now();
    for (const _ of trainer);
    console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, saves: 0, evaluations: 0 }));
    return;
  }
  const load = (name) => import(new URL(name, dist).href);
  const { RunFolder } = await load('run/run-folder.js');
  const { defaultSaves, trainAndSave } = await load('training/training-loop.js');
  const { TrainingEvaluation } = await load('training/training-evaluation.js');
  const { TrainingProgress } = await load('training/progress.js');
  const parent = mkdtempSync(join(tmpdir(), 'paragrad-saving-'));
  const folder = RunFolder.create(join(parent, 'run'), config);
  const evaluation = new TrainingEvaluation(trainer, config, folder);
  const progress = new TrainingProgress(config.episodes, 0);
  const inSteps = timed(trainer, 'step');
  const inEvaluations = timedIteration(evaluation, 'play');
  const began = performance.now();
  await trainAndSave(trainer, folder, evaluation, defaultSaves, {}, progress);
  const seconds = (performance.now() - began) / 1000;
  const [training, evaluations] = [inSteps(), inEvaluations()];
  const saves = seconds - training - evaluations;
  console.log(JSON.stringify({ seconds, saves: saves / training, evaluations: evaluations / training }));
  progress.stop();
  rmSync(parent, { recursive: true });
}

/** From now on, measures the calls of a method. Returns a function for their seconds. */
function timed(object, name) {
  const method = object[name].bind(object);
  let total = 0;
  object[name] = () => {
    const began = performance.now();
    const result = method();
    total += performance.now() - began;
    return result;
  };
  return () => total / 1000;
}

/** The same for a method that returns an iterable: the time of its steps. */
function timedIteration(object, name) {
  const method = object[name].bind(object);
  const times = [];
  object[name] = function* () {
    const iterator = method()[Symbol.iterator]();
    const next = timed(iterator, 'next');
    times.push(next);
    for (let step = iterator.next(); !step.done; step = iterator.next()) yield step.value;
  };
  return () => times.reduce((sum, seconds) => sum + seconds(), 0);
}

function compare(kinds) {
  const rounds = Array.from({ length: Number(count) }, () => kinds.map(run));
  kinds.slice(1).forEach((kind, k) => {
    const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const of = (measure) => median(rounds.map((results) => measure(results[k + 1], results[0])));
    const percent = (x) => `${(100 * x).toFixed(2)} %`;
    console.log(
      `${kind}: x ${of(({ seconds }, nothing) => seconds / nothing.seconds).toFixed(3)} of nothing; ` +
        `shares: saves and logs ${percent(of(({ saves }) => saves))}, evaluations ${percent(of(({ evaluations }) => evaluations))}`,
    );
  });
}

function run(kind) {
  const args = [fileURLToPath(import.meta.url), count, episodes, kind];
  const { stdout, stderr } = spawnSync('node', args, { encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  const result = JSON.parse(stdout);
  console.log(`${kind}: ${result.seconds.toFixed(2)} s`);
  return result;
}
