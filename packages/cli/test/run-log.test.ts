/** What a run measures, when it is cut short and goes on: in this process, so that it is cut at chosen moments. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeConfig, loadTraining, prepareRun, type Trainer, train } from '@paragrad/maddpg';
import { afterAll, expect, test } from 'vitest';
import { RunFolder } from '../src/run/run-folder.js';
import { TrainingEvaluation } from '../src/training/training-evaluation.js';
import { defaultSaves, trainAndSave } from '../src/training/training-loop.js';

const root = mkdtempSync(join(tmpdir(), 'paragrad-log-'));
afterAll(() => rmSync(root, { recursive: true }));

const config = completeConfig({
  scenario: 'simple_tag',
  env: { maxCycles: 5 },
  episodes: 24,
  batchSize: 16,
  warmupSteps: 20,
  stepsPerUpdate: 5,
  evaluationEvery: 4,
  evaluationEpisodesInTraining: 3,
  settings: { hidden: [8] },
});

/** Trains until so many episodes are over. */
async function trainUntil(trainer: Trainer, folder: RunFolder, episodes: number): Promise<void> {
  const stop: { reason?: 'SIGTERM' } = {};
  const progress = {
    update: ({ episode }: { episode: number }) => {
      if (episode + 1 === episodes) stop.reason = 'SIGTERM';
    },
    print: () => {},
  };
  const evaluation = new TrainingEvaluation(trainer, config, folder);
  await trainAndSave(trainer, folder, evaluation, { ...defaultSaves, tensorboard: true }, stop, progress);
}

function measured(folder: RunFolder): Record<string, string> {
  const best = ['adversaries', 'good'].map((team) => `best-${team}/evaluation.json`);
  return Object.fromEntries(
    ['metrics.csv', 'evaluations.csv', ...best].map((name) => [
      name,
      readFileSync(join(folder.path, name), 'utf8'),
    ]),
  );
}

test.each([[7], [8], [9]])('a run that is cut after %i episodes ends as one in one piece', async (cut) => {
  const training = () => ({ ...prepareRun(config), onWarning: () => {} });
  const whole = RunFolder.create(join(root, `whole-${cut}`), config);
  await trainUntil(train(training()), whole, Number.POSITIVE_INFINITY);

  const folder = RunFolder.create(join(root, `cut-${cut}`), config);
  await trainUntil(train(training()), folder, cut);
  // What a killed process may leave: lines of episodes after its last save.
  const path = (name: string) => join(folder.path, name);
  const lineOf = (name: string) => readFileSync(path(name), 'utf8').trimEnd().split('\n').at(-1)!;
  appendFileSync(path('metrics.csv'), `${lineOf('metrics.csv').replace(/^\d+/, String(cut))}\n${cut + 1},4`);
  appendFileSync(path('evaluations.csv'), `${lineOf('evaluations.csv').replace(/^\d+/, '11')}\n15,`);

  const again = RunFolder.open(folder.path);
  const trainer = loadTraining(again.readTraining(), training());
  again.log.truncate(trainer);
  await trainUntil(trainer, again, Number.POSITIVE_INFINITY);
  expect(measured(again)).toEqual(measured(whole));
  expect(readdirSync(path('tensorboard'))).toHaveLength(2);
  expect(again.log.evaluations.read().episode).toEqual([3, 7, 11, 15, 19, 23]);
});

test('an evaluation has no line before its best checkpoint is on the disk', async () => {
  const folder = RunFolder.create(join(root, 'full'), config);
  folder.writeFolder = () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  const trainer = train({ ...prepareRun(config), onWarning: () => {} });
  await expect(trainUntil(trainer, folder, Number.POSITIVE_INFINITY)).rejects.toThrow('the last save failed');
  expect(folder.log.evaluations.read()).toEqual({}); // else the run would go on without playing it again
});
