/** What the algorithm, training and evaluation refuse before they change anything. */
import { makeEnv } from '@paragrad/mpe';
import { Generator, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  agentSpecs,
  defaultsOf,
  evaluate,
  GaussianNoise,
  Maddpg,
  type MaddpgSettings,
  maddpgSettings,
  makeRunEnv,
  metrics,
  prepareRun,
  type RunConfig,
  randomActions,
  type Training,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

const generator = new Generator(1);
const specs = agentSpecs(makeRunEnv(smallConfig));
const maddpg = new Maddpg(specs, { generator });

describe('settings', () => {
  test.each<[Partial<MaddpgSettings>, string]>([
    [{ gamma: 5 }, 'Maddpg: gamma is 5; give a number from 0 to 1'],
    [{ tau: -1 }, 'Maddpg: tau is -1; give a number from 0 to 1'],
    [{ tau: Number.NaN }, 'Maddpg: tau is NaN; give a number from 0 to 1'],
    [{ actorLr: 0 }, 'Maddpg: actorLr is 0; give a finite number above 0'],
    [{ criticLr: -1 }, 'Maddpg: criticLr is -1; give a finite number above 0'],
    [{ maxGradNorm: 0 }, 'Maddpg: maxGradNorm is 0; give a finite number above 0'],
    [{ maxGradNorm: Infinity }, 'Maddpg: maxGradNorm is Infinity; give a finite number above 0'],
    [
      { hidden: [64, 0] },
      'Maddpg: hidden is [64, 0]; give a list of integers of at least 1, such as [64, 64]',
    ],
  ])('%o is refused', (settings, message) => {
    expect(() => new Maddpg(specs, { generator, ...settings })).toThrow(message);
  });

  test('a setting that is undefined gets its default', () => {
    const given = { gamma: undefined, tau: 0.5 } as unknown as Partial<MaddpgSettings>;
    expect(new Maddpg(specs, { generator, ...given }).settings).toEqual({
      ...defaultsOf(maddpgSettings),
      tau: 0.5,
    });
  });
});

test('a missing generator is refused', () => {
  const nothing = {} as { generator: Generator };
  expect(() => new Maddpg(specs, nothing)).toThrow(/^Maddpg: generator is undefined/);
  expect(() => new GaussianNoise(nothing)).toThrow(/^GaussianNoise: generator is undefined/);
  const training = { ...prepareRun(smallConfig), generator: undefined } as unknown as Training;
  expect(() => [...train(training)]).toThrow(/^train: generator is missing/);
});

test.each([{ episodes: 0 }, { batchSize: 1.5 }, { stepsPerUpdate: 0 }, { warmupSteps: -1 }])(
  'training with %j is refused',
  (counts) => {
    const [[name, value]] = Object.entries(counts);
    expect(() => [...train({ ...prepareRun(smallConfig), ...counts })]).toThrow(
      `train: ${name} is ${value}; give an integer of at least 1`,
    );
  },
);

test('acting refuses observations of the wrong number or shape', () => {
  const [size] = specs.map(({ observationSize }) => observationSize);
  const observations = (...shapes: [number, number][]) => shapes.map((shape) => zeros(shape));
  expect(() => maddpg.act([])).toThrow('act: observations of 0 agents; give those of all 3');
  expect(() => maddpg.act(observations([1, size], [1, 4], [1, size]))).toThrow(
    `act: agent_1's observations have shape [1, 4]; give shape [1, ${size}]`,
  );
  expect(() => maddpg.act(observations([2, size], [2, size], [1, size]))).toThrow(
    `act: agent_2's observations have shape [1, ${size}]; give shape [2, ${size}]`,
  );
});

test('environment parameters that follow from the run are refused', () => {
  const withEnv = (env: object): RunConfig => ({ ...smallConfig, env });
  expect(() => prepareRun(withEnv({ actionMode: 'discrete' }))).toThrow(
    "env.actionMode: the run's `actions` decide it; leave it out",
  );
  expect(() => makeRunEnv(withEnv({ benchmarkData: false }))).toThrow(/^env.benchmarkData: .*; leave it out/);
});

test('metrics are refused for an environment without benchmark data', () => {
  const env = makeEnv('simple_spread', { actionMode: 'force' });
  const options = { episodes: 1, seed: 1, metrics: metrics.simple_spread };
  expect(() => evaluate(env, randomActions(env, generator), options)).toThrow(
    /^evaluate: .*; make it with benchmarkData: true/,
  );
});
