/** Checkpoints that are damaged, mixed or changed: each is an error that names the file and the reason, or loads the same policy. */
import { crc32 as zlibCrc32 } from 'node:zlib';
import { readSafetensors, type StateDict, writeSafetensors } from '@paragrad/nn';
import { Generator, Tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type Algorithm,
  ArgumentError,
  type CheckpointFiles,
  checkpointFileNames,
  loadCheckpoint,
  type Maddpg,
  makeAlgorithm,
  saveCheckpoint,
} from '../../src/index.js';
import { crc32 } from '../../src/running/crc32.js';

const specs: AgentSpec[] = ['ada', 'bob'].map((name) => ({
  name,
  observationSize: 3,
  actionSize: 2,
  maxAction: 1,
}));
const choosers = specs.map((spec) => ({ ...spec, choices: [2] }));
const settings = { hidden: [4], observationNorm: 'running', rewardNorm: 'return' } as const;

function learned(seed: number, more: object = {}, agents = specs): Algorithm {
  const generator = new Generator(seed);
  const algorithm = makeAlgorithm('maddpg', agents, { generator, ...settings, ...more });
  const memory = algorithm.makeMemory({ capacity: 10 });
  const numbers = (length: number) => Array.from({ length }, () => generator.uniform());
  for (let k = 0; k < 5; k++) {
    const step = {
      observations: [numbers(3), numbers(3)],
      actions: [numbers(2), numbers(2)],
      rewards: numbers(2),
      nextObservations: [numbers(3), numbers(3)],
      terminations: [false, false],
    };
    memory.add(step);
    algorithm.observe(step);
  }
  algorithm.learn(memory, 4, generator);
  return algorithm;
}

const files = saveCheckpoint(learned(1));
const description = JSON.parse(files['algorithm.json']);
type Change = (description: Record<string, unknown> & { specs: AgentSpec[]; settings: object }) => object;
const redescribed = (change: Change): CheckpointFiles => ({
  ...files,
  'algorithm.json': JSON.stringify(change(structuredClone(description))),
});
type TensorFile = 'networks.safetensors' | 'optimizers.safetensors';
const retensored = (file: TensorFile, change: (tensors: StateDict) => StateDict): CheckpointFiles => ({
  ...files,
  [file]: writeSafetensors(change(readSafetensors(files[file])), { format: 'paragrad-2' }),
});
const withNumber = (file: TensorFile, name: string, value: number) =>
  retensored(file, (tensors) => {
    const { data, shape } = tensors[name];
    return { ...tensors, [name]: new Tensor(data.slice().fill(value, 0, 1), shape) };
  });
/** As an earlier version would have saved it. */
const unchecked = ({ 'algorithm.json': json, ...rest }: CheckpointFiles): CheckpointFiles => {
  const { crc32: _, ...older } = JSON.parse(json);
  return { ...rest, 'algorithm.json': JSON.stringify(older) };
};
const refuses = (given: unknown, message: string | RegExp) => {
  const load = () => loadCheckpoint(given as CheckpointFiles);
  expect(load).toThrow(ArgumentError);
  expect(load).toThrow(message);
};

test('the checksums are those that other programs compute', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926'); // the check value in every catalog of CRCs
  for (const file of ['networks.safetensors', 'optimizers.safetensors'] as const) {
    expect(description.crc32[file]).toBe(crc32(files[file]));
    if (typeof zlibCrc32 === 'function') {
      expect(Number.parseInt(description.crc32[file], 16)).toBe(zlibCrc32(files[file]));
    }
  }
});

test('what was saved loads, in any layout of algorithm.json, and without checksums', () => {
  expect(saveCheckpoint(loadCheckpoint(files))).toEqual(files);
  expect(saveCheckpoint(loadCheckpoint(redescribed((same) => same)))).toEqual(files);
  expect(saveCheckpoint(loadCheckpoint(unchecked(files)))).toEqual(files);
});

describe('tensors that do not fit the algorithm are named', () => {
  test.each<[string, Change, RegExp]>([
    [
      'parameterSharing in a run without',
      (one) => ({ ...one, settings: { ...one.settings, parameterSharing: true } }),
      /^checkpoint: networks.safetensors: the algorithm has other tensors: missing \[\], unused \[bob.actor.body.0.bias, /,
    ],
    [
      'another algorithm',
      (one) => ({ ...one, algorithm: 'matd3' }),
      /^checkpoint: networks.safetensors: the algorithm has other tensors: missing \[ada.critic.q1.body.0.weight, .*, and \d+ more\], unused \[ada.critic.body/,
    ],
    [
      'other hidden sizes',
      (one) => ({ ...one, settings: { ...one.settings, hidden: [5] } }),
      /^checkpoint: networks.safetensors: ada.actor.body.0.weight is float32 of shape \[4, 3\], but this algorithm's is float32 of shape \[5, 3\]/,
    ],
    [
      'more hidden layers',
      (one) => ({ ...one, settings: { ...one.settings, hidden: [4, 4] } }),
      /^checkpoint: networks.safetensors: the algorithm has other tensors: missing \[ada.actor.body.4.weight, /,
    ],
    [
      'a renamed agent',
      (one) => ({ ...one, specs: [one.specs[0], { ...one.specs[1], name: 'eve' }] }),
      /^checkpoint: networks.safetensors: .* missing \[eve.actor.body.0.weight, .* unused \[bob\./,
    ],
    [
      'an agent less',
      (one) => ({ ...one, specs: [one.specs[0]] }),
      /^checkpoint: networks.safetensors: .* unused \[bob\./,
    ],
    [
      'no normalization',
      (one) => ({ ...one, settings: { ...one.settings, observationNorm: 'none' } }),
      /^checkpoint: networks.safetensors: .* unused \[ada.normalizer.observations/,
    ],
    [
      'agents in another order, which only the checksum shows',
      (one) => ({ ...one, specs: one.specs.toReversed() }),
      /^checkpoint: algorithm.json: its CRC-32 is [0-9a-f]{8}, but algorithm.json says "[0-9a-f]{8}": it was damaged or changed/,
    ],
    [
      'another gamma',
      (one) => ({ ...one, settings: { ...one.settings, gamma: 0.5 } }),
      /^checkpoint: algorithm.json: its CRC-32 is .* remove crc32 from algorithm.json to load them all the same/,
    ],
  ])('%s', (_, change, message) => refuses(redescribed(change), message));

  test.each<[string, CheckpointFiles, string]>([
    [
      'an unknown tensor',
      retensored('networks.safetensors', (tensors) => ({
        ...tensors,
        extra: new Tensor(new Float32Array(1), [1]),
      })),
      'checkpoint: networks.safetensors: the algorithm has other tensors: missing [], unused [extra]',
    ],
    [
      'a missing tensor',
      retensored('optimizers.safetensors', ({ 'bob.criticOptimizer.0.mean': _, ...rest }) => rest),
      'checkpoint: optimizers.safetensors: the algorithm has other tensors: missing [bob.criticOptimizer.0.mean], unused []',
    ],
    [
      'a tensor of another type',
      retensored('networks.safetensors', (tensors) => ({
        ...tensors,
        'ada.actor.body.0.bias': new Tensor(new Float64Array(4), [4]),
      })),
      'networks.safetensors: ada.actor.body.0.bias is float64 of shape [4], but this algorithm',
    ],
  ])('%s', (_, given, message) => refuses(unchecked(given), message));

  test('agents whose names make two parts of one name are refused', () => {
    const three = ['x', 'y', 'x.inferred.y'].map((name) => ({ ...specs[0], name }));
    const algorithm = makeAlgorithm('inferring-maddpg', three, { generator: new Generator(1), hidden: [4] });
    expect(() => saveCheckpoint(algorithm)).toThrow(
      'checkpoint: two parts are named x.inferred.y.actor; rename an agent',
    );
  });
});

describe('files of two runs that are alike', () => {
  const other = saveCheckpoint(learned(2));
  test.each(checkpointFileNames)('%s of another run is refused', (name) => {
    refuses(
      { ...files, [name]: other[name] },
      /^checkpoint: (networks|optimizers).safetensors: its CRC-32 is /,
    );
  });
  test('swapped with each other', () => {
    const [networks, optimizers] = [files['optimizers.safetensors'], files['networks.safetensors']];
    refuses(
      { ...files, 'networks.safetensors': networks, 'optimizers.safetensors': optimizers },
      /^checkpoint: networks.safetensors: the algorithm has other tensors: /,
    );
  });
});

describe('numbers that are not finite, or negative where none can be', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const spoiled: [TensorFile, string, number][] = [
    ['networks.safetensors', 'ada.actor.body.0.weight', nan],
    ['networks.safetensors', 'bob.targetCritic.body.2.bias', infinity],
    ['networks.safetensors', 'ada.normalizer.observations.statistics.squares', nan],
    ['networks.safetensors', 'ada.normalizer.observations.statistics.squares', -1],
    ['networks.safetensors', 'bob.normalizer.rewards.returns.count', -1],
    ['optimizers.safetensors', 'ada.actorOptimizer.0.mean', nan],
    ['optimizers.safetensors', 'ada.criticOptimizer.1.meanSquare', -infinity],
    ['optimizers.safetensors', 'ada.criticOptimizer.1.meanSquare', -1],
    ['optimizers.safetensors', 'bob.criticOptimizer.3.step', -1],
    ['optimizers.safetensors', 'bob.actorOptimizer.lr', nan],
  ];
  test.each(spoiled)('%s: %s is %d', (file, name, value) => {
    const damaged = withNumber(file, name, value);
    for (const given of [damaged, unchecked(damaged)]) {
      refuses(
        given,
        `checkpoint: ${file}: damaged: ${name} contains ${value} at 0, but needs finite numbers`,
      );
    }
  });

  test.each([nan, infinity])('a network with %d is not saved', (value) => {
    const algorithm = learned(1) as Maddpg;
    algorithm.agents[1].critic.target.parameters()[0].update((data) => data.fill(value, 2, 3));
    expect(() => saveCheckpoint(algorithm)).toThrow(
      `saveCheckpoint: bob.targetCritic.body.0.weight contains ${value} at 2, but needs finite numbers`,
    );
  });

  test('an optimizer with NaN is not saved', () => {
    const algorithm = learned(1) as Maddpg;
    const { optimizer } = algorithm.agents[0].actor;
    const state = optimizer.stateDict();
    state['0.mean'].update((data) => data.fill(nan));
    try {
      optimizer.loadStateDict(state);
    } catch {
      return; // as good: it did not even get there
    }
    expect(() => saveCheckpoint(algorithm)).toThrow(
      'saveCheckpoint: ada.actorOptimizer.0.mean contains NaN at 0',
    );
  });

  test('a spec with NaN is not written as null', () => {
    const algorithm = learned(1);
    (algorithm.specs[0] as { maxAction: number }).maxAction = nan;
    expect(() => saveCheckpoint(algorithm)).toThrow(
      'saveCheckpoint: specs[0].maxAction is NaN, which JSON cannot hold',
    );
    (algorithm.specs[0] as { maxAction: number }).maxAction = 1;
  });
});

describe('a description is checked as settings are', () => {
  const ofSpec =
    (change: object): Change =>
    (one) => ({ ...one, specs: [{ ...one.specs[0], ...change }, one.specs[1]] });
  test.each<[string, Change, string]>([
    ['maxAction 0', ofSpec({ maxAction: 0 }), 'specs[0]: maxAction is 0; give a number above 0'],
    ['maxAction null', ofSpec({ maxAction: null }), 'specs[0]: maxAction is null'],
    ['no maxAction', ofSpec({ maxAction: undefined }), 'specs[0]: maxAction is missing'],
    [
      'a negative size',
      ofSpec({ actionSize: -2 }),
      'specs[0]: actionSize is -2; give an integer of at least 1',
    ],
    ['half a number', ofSpec({ observationSize: 2.5 }), 'specs[0]: observationSize is 2.5'],
    [
      'too many options',
      ofSpec({ choices: [2, 2] }),
      'choices is [2, 2], more options than its actionSize 2',
    ],
    ['an unknown field', ofSpec({ obsSize: 2 }), 'specs[0]: there is no option obsSize'],
    ['a name of two', ofSpec({ name: 'bob' }), 'specs[0] and specs[1] have the name "bob"'],
    ['updates of text', (one) => ({ ...one, updates: 'x' }), 'updates is "x"; give an integer of at least 0'],
    ['negative updates', (one) => ({ ...one, updates: -1 }), 'updates is -1; give an integer of at least 0'],
    ['specs that are no list', (one) => ({ ...one, specs: {} }), 'specs is {}; give an array'],
    ['no specs', (one) => ({ ...one, specs: undefined }), 'specs is missing; give an array'],
    ['no agents', (one) => ({ ...one, specs: [] }), 'specs is []; give an array with the spec of each agent'],
    ['settings of text', (one) => ({ ...one, settings: 'x' }), 'settings is "x"; give an object'],
    [
      'an unknown setting',
      (one) => ({ ...one, settings: { ...one.settings, gama: 1 } }),
      'no setting gama (did you mean gamma?)',
    ],
    [
      'a setting out of range',
      (one) => ({ ...one, settings: { ...one.settings, tau: 2 } }),
      'tau is 2; give a number',
    ],
    [
      'a setting that is null',
      (one) => ({ ...one, settings: { ...one.settings, gamma: null } }),
      'gamma is null',
    ],
    [
      'an unknown algorithm',
      (one) => ({ ...one, algorithm: 'ppo' }),
      'algorithm is "ppo"; give one of maddpg, ',
    ],
    ['a name of every object', (one) => ({ ...one, algorithm: 'constructor' }), 'algorithm is "constructor"'],
    [
      'an unknown field of its own',
      (one) => ({ ...one, update: 3 }),
      'there is no option update (did you mean updates?)',
    ],
    ['checksums of text', (one) => ({ ...one, crc32: 'x' }), 'crc32 is "x"; give an object'],
    ['a missing checksum', (one) => ({ ...one, crc32: {} }), 'but algorithm.json says undefined'],
    [
      'another format',
      (one) => ({ ...one, format: 'paragrad-9' }),
      'the format is "paragrad-9", but this version reads',
    ],
    ['a list', () => [], 'the format is undefined'],
  ])('%s', (_, change, message) => {
    refuses(redescribed(change), /^checkpoint: (algorithm.json|networks.safetensors): /);
    refuses(redescribed(change), message);
  });

  test.each([
    [undefined, 'loadCheckpoint: files is undefined; give an object'],
    [{}, 'loadCheckpoint: algorithm.json is undefined; give a string'],
    [
      { ...files, 'algorithm.json': new Uint8Array(3) },
      'loadCheckpoint: algorithm.json is Uint8Array [0, 0, 0]',
    ],
    [
      { ...files, 'networks.safetensors': undefined },
      'loadCheckpoint: networks.safetensors is undefined; give the bytes',
    ],
    [
      { ...files, 'optimizers.safetensors': 'text' },
      'loadCheckpoint: optimizers.safetensors is "text"; give the bytes',
    ],
    [{ 'maddpg.json': '{}' }, 'checkpoint: maddpg.json: the format is undefined'],
  ])('files %#', (given, message) => refuses(given, message));
});

test('whatever happens to the bytes: an error that names a file, or the same algorithm', () => {
  const all = saveCheckpoint(learned(3, {}, choosers));
  const bytesOf = (name: keyof CheckpointFiles) => {
    const content = all[name];
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  const damages: Record<string, (bytes: Uint8Array, at: number, value: number) => Uint8Array> = {
    flip: (bytes, at, value) => bytes.with(at, bytes[at] ^ (1 << (value % 8))),
    overwrite: (bytes, at, value) => bytes.with(at, value),
    truncate: (bytes, at) => bytes.slice(0, at),
    drop: (bytes, at) => new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)]),
    insert: (bytes, at, value) => new Uint8Array([...bytes.slice(0, at), value, ...bytes.slice(at)]),
    zero: (bytes, at, value) => bytes.slice().fill(0, at, at + value),
  };
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...checkpointFileNames),
      fc.constantFrom(...Object.keys(damages)),
      fc.nat(),
      fc.nat(255),
      (name, kind, position, value) => {
        const bytes = bytesOf(name);
        const damaged = damages[kind](bytes, position % bytes.length, value);
        const content = name === 'algorithm.json' ? new TextDecoder().decode(damaged) : damaged;
        try {
          expect(saveCheckpoint(loadCheckpoint({ ...all, [name]: content }))).toEqual(all);
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
          expect((error as Error).message).toMatch(/^checkpoint: (algorithm.json|\w+.safetensors): ./);
          refused += 1;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(200);
});
