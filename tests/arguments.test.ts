/**
 * Every public function and class is called with wrong arguments: it must work, or throw an error that begins with its name and
 * says what is possible. An unknown option is an error. The tables have valid arguments for each export; one without fails.
 */
import * as mpe from '@paragrad/mpe';
import * as gif from '@paragrad/mpe/gif';
import * as nn from '@paragrad/nn';
import * as tensor from '@paragrad/tensor';
import * as inspect from '@paragrad/tensor/inspect';
import { afterAll, describe, expect, test } from 'vitest';
import { type Call, fuzz, type Outcome, type ValidArguments } from './arguments/fuzz.js';
import { mpeTable } from './arguments/mpe-table.js';
import { nnTable } from './arguments/nn-table.js';
import { tensorTable } from './arguments/tensor-table.js';

const kernels = tensor.currentKernels();
afterAll(() => void tensor.useKernels(kernels));

const packages: [string, Record<string, unknown>, Record<string, ValidArguments>][] = [
  ['tensor', { ...tensor, ...inspect }, tensorTable],
  ['nn', nn, nnTable],
  ['mpe', { ...mpe, ...gif }, mpeTable],
];

/** What is exported, and is not a function of users: checks, classes to inherit from, and of errors. */
const EXCEPT =
  /^(ArgumentError|formatShape|sameShape|Module|Optimizer|Entity|Dict|drawOnCanvas)$|^geometry\./;

function functionsOf(exports: Record<string, unknown>): [string, Call][] {
  return Object.entries(exports).flatMap(([name, value]): [string, Call][] => {
    if (EXCEPT.test(name)) return [];
    if (typeof value === 'function') return [[name, callable(value as Call)]];
    if (Object.prototype.toString.call(value) !== '[object Module]') return [];
    return functionsOf(value as Record<string, unknown>)
      .map(([inner, call]): [string, Call] => [`${name}.${inner}`, call])
      .filter(([inner]) => !EXCEPT.test(inner));
  });
}

/** A class as a function that makes an object. */
function callable(value: Call): Call {
  return /^class\b/.test(Function.prototype.toString.call(value))
    ? (...args) => Reflect.construct(value, args) as unknown
    : value;
}

describe.each(packages)('%s', (_, exports, table) => {
  test('every function and class has valid arguments in the table', () => {
    const names = functionsOf(exports).map(([name]) => name);
    expect(names.filter((name) => !(name in table))).toEqual([]);
    expect(names.length).toBeGreaterThan(15);
  });

  test('wrong arguments', async () => {
    const outcome: Outcome = { tried: 0, complaints: [] };
    for (const [name, call] of functionsOf(exports)) {
      if (name in table) await fuzz(name, call, table[name], outcome);
    }
    expect(outcome.complaints).toEqual([]);
    expect(outcome.tried).toBeGreaterThan(1000);
  });
});

test('wrong arguments of the methods of a tensor', async () => {
  const outcome: Outcome = { tried: 0, complaints: [] };
  for (const name of Object.getOwnPropertyNames(tensor.Tensor.prototype)) {
    const ofFunction = Object.hasOwn(tensorTable, name) && name !== 'grad' ? tensorTable[name] : undefined;
    const valid = tensorTable[`Tensor.${name}`] ?? (ofFunction && (() => ofFunction().slice(1)));
    if (!valid || name === 'constructor') continue;
    const x = () => tensor.tensor([[1, 2, 3], [4, 5, 6]], { requiresGrad: true }).mul(1); // biome-ignore format: a matrix
    const call = (...args: never[]) => (x() as unknown as Record<string, Call>)[name](...args);
    await fuzz(`Tensor.${name}`, call, valid, outcome);
  }
  expect(outcome.complaints).toEqual([]);
  expect(outcome.tried).toBeGreaterThan(1000);
});
