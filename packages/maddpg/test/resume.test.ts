/** A training that was saved and loaded goes on as one in one piece, bit for bit. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { makeEnv } from '@paragrad/mpe';
import { Generator, referenceKernels, simdKernels, useKernels } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  agentSpecs,
  type Environment,
  type EpisodeReport,
  GaussianNoise,
  loadCheckpoint,
  loadTraining,
  Maddpg,
  prepareRun,
  type RunOptions,
  restoreCheckpoint,
  saveCheckpoint,
  saveTraining,
  type Trainer,
  type TrainingFiles,
  train,
  trainingFileNames,
} from '../src/index.js';
import { everyAlgorithm } from './every-algorithm.js';
import { smallConfig } from './short-run.js';

const STEPS = 110;
const UPDATES_FROM = 50;

/** So many steps. Returns the reports of the episodes that ended in them. */
function advance(trainer: Trainer, steps: number): EpisodeReport[] {
  return Array.from({ length: steps }, () => trainer.step()).flat();
}

/** A digest of each file. Vitest compares long arrays slowly. */
function digests(files: TrainingFiles): Record<string, string> {
  const digestOf = (file: string | Uint8Array) => createHash('sha1').update(file).digest('hex');
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, digestOf(file)]));
}

/** Several copies, whose episodes end at different times. */
const severalCopies = {
  scenario: 'simple_tag',
  env: { numAdversaries: 5, numGood: 1, terminateOnSuccess: true },
  envs: 3,
} as const;

describe('a training that was saved and loaded goes on as one in one piece', () => {
  for (const [algorithm, options] of Object.entries(everyAlgorithm)) {
    const [first] = options;
    const many = [
      { ...first, ...severalCopies },
      ...(algorithm === 'maddpg' ? options.slice(2, 6).map((one) => ({ ...one, envs: 4 })) : []),
    ];
    [...options, ...many].forEach((one, k) => {
      test(`${algorithm} ${k}: ${JSON.stringify(one)}`, () => {
        const config = {
          ...smallConfig,
          ...(algorithm === 'iql' || algorithm === 'qmix' ? {} : { exploration: smallConfig.exploration }),
          warmupSteps: UPDATES_FROM,
          ...one,
          algorithm: algorithm as AlgorithmName,
          settings: { hidden: [8], ...one.settings },
        };
        const whole = train(prepareRun(config));
        const reports = advance(whole, STEPS);
        const end = digests(saveTraining(whole));
        fc.assert(
          fc.property(fc.integer({ min: 0, max: STEPS }), (stop) => {
            const first = train(prepareRun(config));
            const before = advance(first, stop);
            const files = saveTraining(first);
            advance(first, 7); // the files do not follow what happens later
            const second = loadTraining(files, prepareRun(config));
            expect(digests(saveTraining(second))).toEqual(digests(files));
            expect([...before, ...advance(second, STEPS - stop)]).toEqual(reports);
            expect(digests(saveTraining(second))).toEqual(end);
          }),
          { numRuns: 2, examples: [[UPDATES_FROM + 13]] },
        );
      });
    });
  }
});

const OLD = new URL('../../../fixtures/old-training/', import.meta.url);

test.each(readdirSync(OLD))('a training of an earlier version goes on as it would have: %s', (name) => {
  const inUse = useKernels(simdKernels({ relaxed: false })!); // the kernels of that time
  try {
    const read = (file: string) => readFileSync(new URL(`${name}/${file}`, OLD));
    const { config, digests: expected } = JSON.parse(read('then.json').toString());
    const files = Object.fromEntries(
      trainingFileNames.map((file) => [file, file.endsWith('.json') ? read(file).toString() : read(file)]),
    );
    const trainer = loadTraining(files as unknown as TrainingFiles, prepareRun(config));
    expect(trainer.isBetweenEpisodes).toBe(false);
    advance(trainer, 60);
    const now = saveCheckpoint(trainer.training.algorithm);
    // algorithm.json has settings that came later.
    const { 'algorithm.json': _, ...learned } = digests(now as TrainingFiles);
    expect(expected).toMatchObject(learned);
  } finally {
    useKernels(inUse);
  }
});

test('copies of an environment of your own go on, too, within their episodes', () => {
  const make = () => {
    const env = () => makeEnv('simple_tag', { ...severalCopies.env, actionMode: 'force', maxCycles: 9 });
    const generator = new Generator(3);
    const algorithm = new Maddpg(agentSpecs(env()), { generator, hidden: [4] });
    return {
      env: env(),
      envs: [env(), env(), env()],
      algorithm,
      memory: algorithm.makeMemory({ nStep: 2 }),
      exploration: new GaussianNoise({ generator: new Generator(4) }),
      generator,
      ...{ episodes: 30, batchSize: 16, stepsPerUpdate: 5, onWarning: () => {} },
    };
  };
  const whole = train(make());
  advance(whole, 60);
  for (const stop of [1, 13, 31, 45]) {
    const first = train(make());
    advance(first, stop);
    const second = loadTraining(saveTraining(first), make());
    advance(second, 60 - stop);
    expect(digests(saveTraining(second))).toEqual(digests(saveTraining(whole)));
  }
});

test('an algorithm of a class of your own goes on, too', () => {
  class MyMaddpg extends Maddpg {
    readonly ofMyOwn = 1;
  }
  const make = () => {
    const training = prepareRun({ ...smallConfig, warmupSteps: UPDATES_FROM });
    const { specs, settings } = training.algorithm as Maddpg;
    return {
      ...training,
      algorithm: new MyMaddpg(specs, { ...settings, generator: new Generator(3) }),
      onWarning: () => {},
    };
  };
  const whole = train(make());
  advance(whole, STEPS);
  const first = train(make());
  advance(first, 73);
  const files = saveTraining(first);
  const second = loadTraining(files, make());
  advance(second, STEPS - 73);
  expect(digests(saveTraining(second))).toEqual(digests(saveTraining(whole)));

  expect(() => loadCheckpoint(files)).toThrow(
    'algorithm.json: it is of the class MyMaddpg; make one as it was made, and give it to restoreCheckpoint',
  );
  expect(() => loadTraining(files, prepareRun({ ...smallConfig, warmupSteps: UPDATES_FROM }))).toThrow(
    /algorithm .*class MyMaddpg/,
  );
  const { algorithm } = make();
  restoreCheckpoint(algorithm, files);
  expect(saveCheckpoint(algorithm)).toEqual(saveCheckpoint(first.training.algorithm as Maddpg));
});

describe('what may change, and what may not', () => {
  const saved = (config: RunOptions = {}, steps = 60) => {
    const trainer = train(prepareRun({ ...smallConfig, ...config }));
    advance(trainer, steps);
    return saveTraining(trainer);
  };

  test('there may be more episodes', () => {
    const files = saved();
    const longer = loadTraining(files, prepareRun({ ...smallConfig, episodes: 4 }));
    expect([...longer].map(({ episode }) => episode)).toEqual([2, 3]);
    expect(longer.isOver).toBe(true);
  });

  const others: [RunOptions, RegExp][] = [
    [{ seed: 5 }, /training\.json: .*training with another seed/],
    [{ envs: 2 }, /train: envs was 1 when it was saved, and is 2 now/],
    [{ batchSize: 33 }, /batchSize was 32 when it was saved, and is 33 now/],
    [{ nStep: 2 }, /nStep\.steps was 1 when it was saved, and is 2 now/],
    [{ replayCapacity: 99 }, /capacity was 1000000 .* is 99 now/],
    [{ settings: { tau: 0.5 } }, /settings\.(tau|hidden)/],
    [{ algorithm: 'matd3' }, /algorithm was "maddpg" when it was saved, and is "matd3" now/],
    [{ scenario: 'simple_tag' }, /specs/],
    [{ exploration: { initial: 0.9 } }, /initial was/],
    [{ sampling: { kind: 'prioritized' } }, /./],
  ];
  test.each(others)('it is an error if the training is another one: %j', (change, message) => {
    const files = saved();
    const training = prepareRun({ ...smallConfig, ...change });
    expect(() => loadTraining(files, training)).toThrow(message);
  });

  test('a damaged, missing or swapped file is an error that names it', () => {
    const files = saved();
    const other = saved({ seed: 9 });
    const load = (changed: Partial<TrainingFiles>) => () =>
      loadTraining({ ...files, ...changed }, prepareRun(smallConfig));
    for (const name of trainingFileNames) {
      const named = new RegExp(`loadTraining: ${name.replace('.', '\\.')}`);
      expect(load({ [name]: undefined })).toThrow(named);
      if (name !== 'training.json') expect(load({ [name]: other[name] })).toThrow(named);
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.boolean(),
          (place, cut) => {
            const bytes = Buffer.from(files[name]);
            const at = Math.floor(place * bytes.length);
            // A space at the end of the JSON text may go.
            if (cut && bytes.subarray(at).toString().trim() === '') return;
            const changed = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
            if (!cut) changed[at] ^= 1;
            const damaged = name.endsWith('.json') ? changed.toString('latin1') : new Uint8Array(changed);
            expect(load({ [name]: damaged })).toThrow(
              /loadTraining: (algorithm|networks|optimizers|training)\./,
            );
          },
        ),
        { numRuns: 30 },
      );
    }
  });

  test('after a step that failed there is nothing to save', () => {
    const training = prepareRun(smallConfig);
    const trainer = train(training);
    advance(trainer, 3);
    const { step } = training.env;
    training.env.step = () => {
      throw new Error('the simulator stopped');
    };
    expect(() => trainer.step()).toThrow('the simulator stopped');
    training.env.step = step;
    expect(() => trainer.step()).toThrow('the simulator stopped');
    expect(() => saveTraining(trainer)).toThrow(/a step failed/);
  });

  test('another kernel set is a warning', () => {
    const files = saved();
    const warnings: string[] = [];
    const kernels = useKernels(referenceKernels);
    try {
      loadTraining(files, { ...prepareRun(smallConfig), onWarning: (warning) => warnings.push(warning) });
    } finally {
      useKernels(kernels);
    }
    expect(warnings).toEqual([
      expect.stringMatching(/saved on the kernel set .*simd, and goes on on reference/),
    ]);
  });
});

describe('parts of your own', () => {
  const ofEnv = (env: Environment) => {
    const root = new Generator(3);
    const algorithm = new Maddpg(agentSpecs(env), { generator: root.fork('weights'), hidden: [8] });
    return {
      env,
      algorithm,
      memory: algorithm.makeMemory(),
      exploration: new GaussianNoise({ generator: root.fork('noise') }),
      generator: root.fork('training'),
      ...{ episodes: 10, batchSize: 16, stepsPerUpdate: 5, onWarning: () => {} },
    };
  };
  /** An environment without `getState`. */
  const plain = (): Environment => {
    const env = makeEnv('simple_spread', { maxCycles: 9 });
    return {
      possibleAgents: env.possibleAgents,
      get agents() {
        return env.agents;
      },
      observationSpace: (agent) => env.observationSpace(agent),
      actionSpace: (agent) => env.actionSpace(agent),
      actionParts: (agent) => env.actionParts(agent),
      reset: (options) => env.reset(options),
      step: (actions) => env.step(actions as Parameters<typeof env.step>[0]),
    };
  };

  test('an environment without getState can be saved between episodes, and not within', () => {
    const trainer = train(ofEnv(plain()));
    advance(trainer, 27);
    expect(trainer.isBetweenEpisodes).toBe(true);
    const files = saveTraining(trainer);
    advance(trainer, 1);
    expect(() => saveTraining(trainer)).toThrow(
      /environment cannot be saved within an episode; give it getState/,
    );
    const again = loadTraining(files, ofEnv(plain()));
    advance(again, 1);
    expect([...again]).toEqual([...trainer]);
  });

  test('an exploration without getState is named', () => {
    const exploration = { perturb: (action: ArrayLike<number>) => Array.from(action), strength: () => 0 };
    const trainer = train({ ...ofEnv(plain()), exploration });
    expect(() => saveTraining(trainer)).toThrow(/exploration cannot be saved; give it getState/);
  });

  test('a state that files cannot hold is an error with its place', () => {
    const env = Object.assign(makeEnv('simple_spread'), { getState: () => ({ rooms: [new Map()] }) });
    const trainer = train(ofEnv(env));
    advance(trainer, 1);
    expect(() => saveTraining(trainer)).toThrow(/env\.rooms\.0 is .*cannot be saved/);
  });
});
