/**
 * Every public function, class and method is called with wrong arguments: it must work, or throw an error of Paragrad that begins with
 * its name and says what is possible. An unknown option is an error. The tables have valid arguments for each; one without fails.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as check from '@paragrad/check';
import * as maddpg from '@paragrad/maddpg';
import * as mpe from '@paragrad/mpe';
import * as gif from '@paragrad/mpe/gif';
import * as mpeTesting from '@paragrad/mpe/testing';
import * as nn from '@paragrad/nn';
import * as tensor from '@paragrad/tensor';
import * as gpu from '@paragrad/tensor/gpu';
import * as inspect from '@paragrad/tensor/inspect';
import * as testing from '@paragrad/tensor/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { checkExceptions, checkTable } from './arguments/check-table.js';
import { fuzz, type Outcome } from './arguments/fuzz.js';
import { maddpgExceptions, maddpgObjects, maddpgTable } from './arguments/maddpg-table.js';
import { mpeExceptions, mpeObjects, mpeTable } from './arguments/mpe-table.js';
import { nnExceptions, nnTable } from './arguments/nn-table.js';
import { tensorExceptions, tensorObjects, tensorTable } from './arguments/tensor-table.js';
import { testingTable } from './arguments/testing-table.js';
import { type Exceptions, functionsOf, methodsOf, objectsOf, type Table } from './arguments/walk.js';

const kernels = tensor.currentKernels();
afterAll(() => void tensor.useKernels(kernels));

interface Package {
  exports: object;
  table: Table;
  /** Why something is not walked. */
  exceptions: Exceptions;
  /** Objects that no exported class makes. */
  objects?: Readonly<Record<string, () => object>>;
}

const packages: Record<string, Package> = {
  check: { exports: check, table: checkTable, exceptions: checkExceptions },
  tensor: {
    exports: { ...tensor, ...inspect, ...gpu },
    table: tensorTable,
    exceptions: tensorExceptions,
    objects: tensorObjects,
  },
  'tensor/testing': { exports: testing, table: testingTable, exceptions: tensorExceptions },
  nn: { exports: nn, table: nnTable, exceptions: nnExceptions },
  mpe: {
    exports: { ...mpe, ...gif, ...mpeTesting },
    table: mpeTable,
    exceptions: mpeExceptions,
    objects: mpeObjects,
  },
  maddpg: {
    exports: maddpg,
    table: maddpgTable,
    exceptions: maddpgExceptions,
    objects: maddpgObjects,
  },
};

let tried = 0;

describe.each(Object.entries(packages))('%s', (_, { exports, table, exceptions, objects = {} }) => {
  const functions = functionsOf(exports).filter(([name]) => !(name in exceptions));
  const methods = [...Object.entries(objects), ...objectsOf(exports, table, exceptions)].flatMap(
    ([name, make]) => methodsOf(make()).map((method) => ({ ...method, of: name, make })),
  );
  const own = (of: string, name: string) => `${of}.${name.split('.')[1]}`;
  const isWalked = new Set<unknown>();
  const toWalk = methods.filter(({ of, name, itself }) => {
    if (name in exceptions || NOT_PUBLIC.has(name) || isWalked.has(itself)) return false;
    if (own(of, name) in exceptions) return false;
    isWalked.add(itself);
    return true;
  });
  const argumentsOf = (of: string, name: string) => table[own(of, name)] ?? table[name];

  test('everything has valid arguments in the table', () => {
    const missing = functions.map(([name]) => name).filter((name) => !(name in table));
    const missingMethods = toWalk.filter(({ of, name }) => !argumentsOf(of, name)).map(({ name }) => name);
    expect([...missing, ...missingMethods]).toEqual([]);
  });

  test('wrong arguments of functions', async () => {
    const outcome: Outcome = { tried: 0, complaints: [] };
    for (const [name, call] of functions) if (name in table) await fuzz(name, call, table[name], outcome);
    tried += outcome.tried;
    expect(outcome.complaints).toEqual([]);
  });

  test('wrong arguments of methods', async () => {
    const outcome: Outcome = { tried: 0, complaints: [] };
    for (const { of, name, call, make } of toWalk) {
      const object = make();
      const valid = argumentsOf(of, name);
      if (valid) await fuzz(name, (...args) => call(object, ...args), valid, outcome);
    }
    tried += outcome.tried;
    expect(outcome.complaints).toEqual([]);
  });
});

/** The methods that only a class and its subclasses may call, as `Module.ownBuffers`. */
const NOT_PUBLIC: ReadonlySet<string> = new Set(
  ['nn', 'maddpg'].flatMap(sourcesOf).flatMap((source) => {
    let owner = '';
    return source.split('\n').flatMap((line) => {
      owner = /^(?:export )?(?:abstract )?class (\w+)/.exec(line)?.[1] ?? owner;
      const name = /^ {2}(?:protected|private) (?:\w+ )*?(\w+)[(<]/.exec(line)?.[1];
      return name === undefined ? [] : [`${owner}.${name}`];
    });
  }),
);

function sourcesOf(name: string): string[] {
  const folder = fileURLToPath(new URL(`../packages/${name}/src/`, import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(folder + file, 'utf8'));
}

test('how many calls', () => {
  expect(tried).toBeGreaterThan(45_000);
});
