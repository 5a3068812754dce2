/** The learning rates that `lrDecay`, `lrDecayStart` and `lrDecayEnd` give. */
import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Algorithm } from '../src/index.js';
import {
  algorithmNames,
  loadTraining,
  makeAlgorithm,
  prepareRun,
  saveTraining,
  train,
} from '../src/index.js';
import { Learner } from '../src/learning/learner.js';
import { lrFactor } from '../src/learning/lr-decay.js';
import { numbers, smallConfig } from './short-run.js';

const decay = { lrDecay: 0.1, lrDecayStart: 2, lrDecayEnd: 6 };
const configFor = (algorithm: (typeof algorithmNames)[number], settings: object = decay) => ({
  ...smallConfig,
  scenario: 'simple_spread' as const,
  algorithm,
  ...(['iql', 'qmix'].includes(algorithm) && {
    actions: 'discrete' as const,
    exploration: { kind: 'epsilon-greedy' as const },
  }),
  settings: { hidden: [16, 16], ...settings },
});

const learnersOf = (algorithm: Algorithm) =>
  algorithm
    .namedParts()
    .flatMap(([, parts]) => Object.values(parts).filter((part) => part instanceof Learner));
/** The rate of each optimizer, divided by its rate without decay. */
const factors = (algorithm: Algorithm) => learnersOf(algorithm).map(({ optimizer, lr }) => optimizer.lr / lr);

test('the factor is 1, then falls in a line, then stays', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 1e9].map((updates) => lrFactor(decay, updates))).toEqual(
    [1, 1, 1, 0.775, 0.55, 0.325, 0.1, 0.1, 0.1].map((factor) => expect.closeTo(factor, 12)),
  );
});

test('the factor lies between 1 and lrDecay, and never turns around', () => {
  const settings = fc.record({
    lrDecay: fc.double({ min: 1e-3, max: 10, noNaN: true }),
    lrDecayStart: fc.nat(1000),
    length: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(settings, fc.nat(3000), ({ length, ...rest }, updates) => {
      const given = { ...rest, lrDecayEnd: rest.lrDecayStart + length };
      const [now, next] = [updates, updates + 1].map((count) => lrFactor(given, count));
      expect(Math.min(1, rest.lrDecay) - 1e-9).toBeLessThanOrEqual(now);
      expect(now).toBeLessThanOrEqual(Math.max(1, rest.lrDecay) + 1e-9);
      if (rest.lrDecay < 1) expect(next).toBeLessThanOrEqual(now + 1e-9);
    }),
  );
});

describe.each(algorithmNames)('%s', (name) => {
  test('every optimizer takes each step with the rate of its update', () => {
    const training = prepareRun({ ...configFor(name), episodes: 100 });
    const { algorithm } = training;
    let steps: number[] = [];
    for (const { optimizer, lr } of learnersOf(algorithm)) {
      const { step } = optimizer;
      optimizer.step = () => {
        steps.push(optimizer.lr / lr);
        step.call(optimizer);
      };
    }
    const trainer = train({ ...training, onWarning: () => {} });
    for (let k = 0; k < 9; k++) {
      steps = [];
      while (algorithm.updates === k) trainer.step();
      expect(steps.length).toBeGreaterThan(0);
      for (const factor of steps) expect(factor).toBeCloseTo(lrFactor(decay, k), 12);
    }
  });

  test('without decay the rates are what someone sets', () => {
    const { algorithm, memory, generator, env } = prepareRun({ ...configFor(name, {}), episodes: 2 });
    const learners = learnersOf(algorithm);
    for (const learner of learners) learner.optimizer.lr = 0.5;
    const training = {
      env,
      algorithm,
      memory,
      generator,
      exploration: prepareRun(configFor(name, {})).exploration,
    };
    const trainer = train({ ...training, episodes: 2, batchSize: 4, warmupSteps: 4, stepsPerUpdate: 5 });
    trainer.step();
    while (algorithm.updates < 2) trainer.step();
    for (const learner of learners) expect(learner.optimizer.lr).toBe(0.5);
  });
});

test('a training that is saved within the decay goes on as if nothing had happened', () => {
  const make = () => train({ ...prepareRun({ ...configFor('maddpg'), episodes: 40 }), onWarning: () => {} });
  const whole = make();
  while (whole.training.algorithm.updates < 4) whole.step();
  const files = saveTraining(whole);
  const resumed = loadTraining(files, make().training);
  for (const trainer of [whole, resumed]) while (trainer.training.algorithm.updates < 9) trainer.step();
  const [weights, again] = [whole, resumed].map(({ training: { algorithm } }) =>
    algorithm
      .namedParts()
      .flatMap(([, parts]) =>
        Object.values(parts).flatMap((part) =>
          part instanceof Learner ? numbers(part.network.parameters()) : [],
        ),
      ),
  );
  expect(again).toEqual(weights);
  expect(factors(resumed.training.algorithm)).toEqual(factors(whole.training.algorithm));
});

test.each([
  [
    { lrDecay: 0.1 },
    /lrDecay is 0.1, but lrDecayEnd is missing; give the number of updates until the decay ends/,
  ],
  [
    { lrDecay: 0.1, lrDecayStart: 5, lrDecayEnd: 5 },
    /lrDecayEnd is 5, and lrDecayStart 5; the end must come after/,
  ],
])('refuses %j', (settings, message) => {
  const { specs } = prepareRun(smallConfig).algorithm;
  expect(() => makeAlgorithm('maddpg', specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
