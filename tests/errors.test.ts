/** The classes of errors: which mistake gives which, which package exports them, and that docs/errors.md says so. */
import { readdirSync, readFileSync } from 'node:fs';
import * as check from '@paragrad/check';
import * as maddpg from '@paragrad/maddpg';
import * as mpe from '@paragrad/mpe';
import * as mpeTesting from '@paragrad/mpe/testing';
import * as nn from '@paragrad/nn';
import * as tensor from '@paragrad/tensor';
import * as testing from '@paragrad/tensor/testing';
import { describe, expect, test, vi } from 'vitest';
import { read } from './markdown.js';

type ErrorClass = abstract new (...args: never[]) => Error;

const errorsIn = (exports: object): [string, ErrorClass][] =>
  Object.entries(exports).filter(([, value]) => value.prototype instanceof Error);

const x = tensor.ones([2], { requiresGrad: true });
const squared = () => x.square().sum();
const envWithout = () => ({ ...mpe.makeEnv('simple'), reset: () => ({}) });
const specs = [{ name: 'ada', observationSize: 1, actionSize: 1, maxAction: 1 }];

/** A mistake of each kind. */
const mistakes: Record<string, [string, () => unknown][]> = {
  ShapeError: [
    ['shapes that do not broadcast', () => tensor.zeros([2]).add(tensor.zeros([3]))],
    ['inner sizes', () => tensor.zeros([2, 3]).matmul(tensor.zeros([2, 3]))],
    ['another size', () => tensor.zeros([2]).reshape([3])],
    ['more than one number', () => tensor.zeros([2]).item()],
    ['backward of a vector', () => x.mul(2).backward()],
    ['a state of another shape', () => linear().loadStateDict({ ...linear(2).stateDict() })],
  ],
  ArgumentError: [
    ['no number', () => tensor.full([2], 'three' as never)],
    ['an unknown option', () => tensor.zeros([2]).sum({ dim: 0 } as never)],
    ['no such axis', () => tensor.zeros([2]).sum({ axis: 1 })],
    ['a setting out of range', () => maddpg.completeConfig({ settings: { gamma: 2 } })],
  ],
  AutogradError: [
    [
      'a second backward',
      () => {
        const loss = squared();
        loss.backward();
        loss.backward();
      },
    ],
    [
      'a change in place',
      () => {
        const loss = squared();
        x.update((data) => data.fill(2));
        loss.backward();
      },
    ],
    ['an ended scope', () => left().data],
  ],
  ActionError: [
    ['no such action', () => started().step({ agent_0: 9 })],
    ['a missing action', () => started().step({})],
  ],
  StateError: [
    ['step before reset', () => mpe.makeEnv('simple').step({ agent_0: 0 })],
    ['an empty memory', () => new maddpg.ReplayMemory(specs).sample(1, new tensor.Generator(1))],
  ],
  FileError: [
    ['no safetensors', () => nn.readSafetensors(new Uint8Array(3))],
    ['no JSON', () => maddpg.parseConfig('{', 'config.json')],
    ['a bad value in a file', () => maddpg.parseConfig('{ "episodes": -1 }', 'config.json')],
    ['a damaged checkpoint', () => maddpg.loadCheckpoint({ ...files(), 'algorithm.json': '{' })],
  ],
  NumericalError: [
    ['NaN in a gradient', () => nn.clipGradNorm([withGrad(Number.NaN)], 1)],
    ['NaN while it is looked for', () => tensor.detectAnomaly(() => x.mul(-1).sqrt())],
  ],
  PlatformError: [['too little memory', withoutMemory]],
  CheckError: [
    ['an environment without observations', () => mpeTesting.parallelApiTest(envWithout() as never)],
  ],
  GradcheckError: [
    ['a wrong gradient', () => testing.gradcheck(wrong, [tensor.ones([2], { dtype: 'float64' })])],
  ],
};

const linear = (inputs = 3) => new nn.Linear(inputs, 1, { generator: new tensor.Generator(1) });
function left(): tensor.Tensor {
  let escaped = x;
  tensor.scope(() => {
    escaped = tensor.normal([2], new tensor.Generator(1)).mul(2);
    return tensor.zeros([1]);
  });
  return escaped;
}
function withoutMemory(): void {
  vi.stubGlobal('Float32Array', function refuse() {
    throw new RangeError('Array buffer allocation failed');
  });
  try {
    tensor.zeros([2]);
  } finally {
    vi.unstubAllGlobals();
  }
}
function started(): mpe.ParallelEnv {
  const env = mpe.makeEnv('simple');
  env.reset({ seed: 1 });
  return env;
}
function withGrad(value: number): tensor.Tensor {
  const parameter = tensor.ones([2], { requiresGrad: true });
  parameter.grad = tensor.full([2], value);
  return parameter;
}
const files = () =>
  maddpg.saveCheckpoint(new maddpg.Maddpg(specs, { generator: new tensor.Generator(1), hidden: [2] }));
const wrong = (y: tensor.Tensor) => y.mul(y.detach());

const classes = Object.fromEntries([...errorsIn(check), ...errorsIn(testing)]);

describe.each(Object.entries(mistakes))('%s', (name, list) => {
  test.each(list)('%s', (_, mistake) => {
    let error: unknown;
    try {
      mistake();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(check.ParagradError);
    expect((error as Error).constructor).toBe(classes[name]);
    expect((error as Error).name).toBe(name);
  });
});

test('there is a mistake for each class', () => {
  expect(Object.keys(mistakes).sort()).toEqual(
    Object.keys(classes)
      .filter((name) => name !== 'ParagradError')
      .sort(),
  );
});

const packages = { tensor, nn, mpe, maddpg, 'tensor/testing': testing, 'mpe/testing': mpeTesting };

test('the page has each class, what it extends, and who exports it', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `(\w+)` +\| `(\w+)` +\|.*\| ([\w/, ]+?) +\|$/gm)];
  const expected = Object.entries(classes).map(([name, one]) => {
    const libraries = Object.entries(packages).filter(([, exports]) => Object.hasOwn(exports, name));
    const names = libraries.map(([library]) => library).filter((library) => !library.includes('/'));
    return [
      name,
      Object.getPrototypeOf(one).name,
      names.length === 4
        ? 'all'
        : (names.length > 0 ? names : libraries.map(([library]) => library)).join(', '),
    ];
  });
  expect(rows.map(([, name, base, by]) => [name, base, by]).sort()).toEqual(expected.sort());
});

test.each(['tensor', 'nn', 'mpe', 'maddpg'] as const)(
  '%s exports what it throws, and throws nothing else',
  (name) => {
    const folder = new URL(`../packages/${name}/src/`, import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    for (const file of files) {
      const thrown = readFileSync(new URL(file, folder), 'utf8').matchAll(
        /(?:throw|return|=>|\?|:) new (\w*Error)\(/g,
      );
      const exports = file.startsWith('testing/')
        ? { ...packages[name], ...testing, ...mpeTesting }
        : packages[name];
      for (const [, one] of thrown) expect(Object.keys(exports), file).toContain(one);
    }
  },
);
