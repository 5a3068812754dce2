// Measures what checkpoints, logs and evaluations cost: whole trainings of `npm start`'s configuration, in processes of their
// own, alternately with all of them, without evaluations, and with nothing but the training. `npm run bench:saving -- 5` has
// five rounds of 2,000 episodes; `-- 5 20000` has whole runs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseConfig, prepareRun, train, useRunKernels } from '@paragrad/maddpg';

const CONFIG = fileURLToPath(new URL('../examples/cooperative-navigation.json', import.meta.url));
const dist = new URL('../packages/cli/dist/', import.meta.url);

const [rounds = '5', episodes = '2000', kind] = process.argv.slice(2);
if (kind) await measure(kind);
else compare(['nothing', 'saves and logs', 'saves, logs and evaluations']);

/** Prints the seconds of one training. */
async function measure(kind) {
  const config = { ...parseConfig(readFileSync(CONFIG, 'utf8'), CONFIG), episodes: Number(episodes) };
  if (kind === 'saves and logs') config.evaluationEvery = 0;
  useRunKernels(config);
  const trainer = train(prepareRun(config));
  if (kind === 'nothing') {
    const began = performance.now();
    for (const _ of trainer);
    console.log((performance.now() - began) / 1000);
    return;
  }
  const load = (name) => import(new URL(name, dist).href);
  const { RunFolder } = await load('run-folder.js');
  const { defaultSaves, trainAndSave } = await load('training-loop.js');
  const { TrainingEvaluation } = await load('training-evaluation.js');
  const { TrainingProgress } = await load('progress.js');
  const parent = mkdtempSync(join(tmpdir(), 'paragrad-saving-'));
  const folder = RunFolder.create(join(parent, 'run'), config);
  const evaluation = new TrainingEvaluation(trainer, config, folder);
  const progress = new TrainingProgress(config.episodes, 0);
  const began = performance.now();
  await trainAndSave(trainer, folder, evaluation, defaultSaves, {}, progress);
  console.log((performance.now() - began) / 1000);
  progress.stop();
  rmSync(parent, { recursive: true });
}

function compare(kinds) {
  const times = kinds.map(() => []);
  for (let round = 0; round < Number(rounds); round++) {
    kinds.forEach((kind, k) => {
      const args = [fileURLToPath(import.meta.url), rounds, episodes, kind];
      const { stdout, stderr } = spawnSync('node', args, { encoding: 'utf8' });
      const seconds = Number(stdout);
      if (!(seconds > 0)) throw new Error(stderr);
      times[k].push(seconds);
    });
    const [nothing, ...others] = times.map((all) => all[round]);
    console.log(
      `nothing: ${nothing.toFixed(2)} s; ${kinds
        .slice(1)
        .map((kind, k) => `${kind}: x ${(others[k] / nothing).toFixed(3)}`)
        .join('; ')}`,
    );
  }
  kinds.slice(1).forEach((kind, k) => {
    const ratios = times[k + 1].map((time, round) => time / times[0][round]).sort((a, b) => a - b);
    console.log(`${kind}: median of the ratios ${ratios[Math.floor(ratios.length / 2)].toFixed(3)}`);
  });
}
