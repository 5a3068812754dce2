/** Run folders and configuration files of earlier versions still load, and their policies act as before. */
import { readdirSync, readFileSync } from 'node:fs';
import { readSafetensors } from '@paragrad/nn';
import { Generator, simdKernels, useKernels } from '@paragrad/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  completeConfig,
  evaluate,
  loadCheckpoint,
  makeRunEnv,
  metricsOf,
  type Policy,
  parseConfig,
  policyOf,
  prepareRun,
  restoreCheckpoint,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

const FOLDER = new URL('../../../fixtures/old-runs/', import.meta.url);
const bytes = (path: string) => readFileSync(new URL(path, FOLDER));
const text = (path: string) => bytes(path).toString('utf8');

// The kernels that made these runs: others differ in the last bits.
const inUse = useKernels(simdKernels({ relaxed: false })!);
beforeAll(() => void useKernels(simdKernels({ relaxed: false })!));
afterAll(() => void useKernels(inUse));

const runs = readdirSync(FOLDER).filter((name) => !name.includes('.'));

test('there is an old run of every algorithm of that time', () => {
  expect([...runs].sort()).toEqual([
    'attention-maddpg',
    'communicating-maddpg',
    'ensemble-maddpg',
    'inferring-maddpg',
    'iql',
    'maddpg',
    'matd3',
    'openai-maddpg',
    'qmix',
  ]);
});

describe.each(runs)('%s', (run) => {
  const config = parseConfig(text(`${run}/config.json`), run);
  const files = {
    'maddpg.json': text(`${run}/checkpoint/maddpg.json`),
    'networks.safetensors': bytes(`${run}/checkpoint/networks.safetensors`),
    'optimisers.safetensors': bytes(`${run}/checkpoint/optimisers.safetensors`),
  };

  test('its whole configuration loads, under the current names', () => {
    const old = JSON.parse(text(`${run}/config.json`));
    expect(config.exploration.initial).toBe(old.noise.initial);
    expect(config.settings.gamma).toBe(old.maddpg.gamma);
    const newer = ['updates', 'lrDecay', 'lrDecayStart', 'actionPenalty', 'valueRescaling'];
    const ofThen = Object.keys(config.settings).filter((name) => !newer.includes(name));
    expect(ofThen).toHaveLength(Object.keys(old.maddpg).length);
  });

  test('its policy gets the same evaluation as before', () => {
    const generator = new Generator(config.seed).fork('evaluation');
    const { evaluationEpisodes: episodes } = config;
    const policy = policyOf(loadCheckpoint(files));
    // One after the other, as then. Many at once differ in their last bits, because the kernels sum several rows in another order.
    const oneByOne: Policy = Object.assign((observations: Parameters<Policy>[0]) => policy(observations), {
      startEpisode: policy.startEpisode!,
    });
    const evaluation = evaluate(makeRunEnv(config), oneByOne, {
      episodes,
      seed: generator.next(),
      metrics: metricsOf(config),
    });
    // They do not have the returns by team.
    expect(evaluation).toMatchObject(JSON.parse(text(`${run}/evaluation.json`)).trained);
  });

  test('saving it again keeps all numbers, those of the optimizers included', () => {
    const saved = saveCheckpoint(loadCheckpoint(files));
    const contents = (networks: Uint8Array, optimizers: Uint8Array) =>
      new Set(
        [networks, optimizers].flatMap((file) =>
          Object.values(readSafetensors(file)).map(({ data }) => data.join()),
        ),
      );
    expect(contents(saved['networks.safetensors'], saved['optimizers.safetensors'])).toEqual(
      contents(files['networks.safetensors'], files['optimisers.safetensors']),
    );
  });

  test('its configuration can be trained again', () => {
    const { algorithm } = config;
    expect([...train(prepareRun({ ...config, algorithm, episodes: 8 }))].at(-1)!.updates).toBeGreaterThan(0);
  });
});

test('the first configuration file of the project still loads', () => {
  const defaults = completeConfig({});
  expect(parseConfig(text('first-config.json'), 'first')).toEqual({
    ...defaults,
    episodes: 20_000,
    batchSize: 128,
    stepsPerUpdate: 25,
    settings: { ...defaults.settings, gamma: 0.95, actorLr: 3e-4, criticLr: 2e-3 },
    exploration: { ...defaults.exploration, initial: 0.3 },
  });
});

test('training goes on from a checkpoint that lacks a setting of today: it was what its default is', () => {
  const { algorithm } = prepareRun({ ...smallConfig, episodes: 1 });
  const files = saveCheckpoint(algorithm);
  const { crc32: _, ...description } = JSON.parse(files['algorithm.json']);
  delete description.settings.updates;
  restoreCheckpoint(algorithm, { ...files, 'algorithm.json': JSON.stringify(description) });
  description.settings.gamma = 0.5;
  const other = { ...files, 'algorithm.json': JSON.stringify(description) };
  expect(() => restoreCheckpoint(algorithm, other)).toThrow(/settings.gamma was 0.5/);
});
