/** A user's program against the types in the tarballs, with several versions of TypeScript, and no types but its own. */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, read } from '../markdown.js';
import { unpack } from './unpack.js';

const COMPILERS = fileURLToPath(new URL('compilers', import.meta.url));
const versions: Record<string, string> = JSON.parse(
  read('tests/packages/compilers/package.json'),
).dependencies;
const compilers = Object.keys(versions);
const least = versions[compilers[0]].split('@')[1].replace(/\.\d+$/, '');

/** Every entry but those whose optional peer is not installed here; and an op, a layer and an environment of the user's own. */
const PROGRAM = `
import { ArgumentError, checkOptions, integer } from '@paragrad/check';
import { defineOp, type Op, Tensor, tensor } from '@paragrad/tensor';
import { useGpu } from '@paragrad/tensor/gpu';
import { gradcheck } from '@paragrad/tensor/gradcheck';
import { inspect } from '@paragrad/tensor/inspect';
import * as inOneFile from '@paragrad/maddpg/standalone';
import { Adam, Linear, Module } from '@paragrad/nn';
import { Box, makeEnv, type ParallelEnv } from '@paragrad/mpe';
import { parallelApiTest } from '@paragrad/mpe/testing';
import { agentSpecs, Maddpg } from '@paragrad/maddpg';

export const cube: Op<[x: Tensor]> = defineOp<[x: Tensor]>('cube', {
  forward: ([x]) => x.mul(x).mul(x),
  gradient: [(dy, { inputs: [x] }) => dy.mul(x.square()).mul(3)],
});
export class Cubic extends Module {
  readonly inner: Linear;
  constructor(generator: inOneFile.Generator) {
    super();
    this.inner = new Linear(2, 1, { generator });
  }
  forward(x: Tensor): Tensor {
    return cube([this.inner.forward(x)]);
  }
}
export function train(generator: inOneFile.Generator): number {
  const layer = new Cubic(generator);
  const adam = new Adam(layer.parameters(), { lr: 0.1 });
  layer.forward(tensor([[1, 2]])).sum().backward();
  adam.step();
  gradcheck((x: Tensor) => cube([x]), [tensor([1, 2], { dtype: 'float64', requiresGrad: true })]);
  const env: ParallelEnv = makeEnv('simple_spread');
  parallelApiTest(env);
  const algorithm = new Maddpg(agentSpecs(env), { generator });
  // @ts-expect-error: there is no such option. So the types are found, and are not any.
  new Adam(layer.parameters(), { learningRate: 0.1 });
  return inspect(algorithm.specs.length > 0 ? tensor(1) : tensor([2])).nodes.length + new Box([0], [1]).shape.length;
}
export const all = [ArgumentError, checkOptions, integer, useGpu];
`;

let folder: string;
beforeAll(() => {
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: COMPILERS });
  folder = unpack();
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  const readme = blocksOf(read('README.md'), 'ts').find((code) => code.includes('makeEnv'))!;
  writeFileSync(join(folder, 'readme.ts'), readme);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler prints; '' if it has nothing to say. */
async function compile(compiler: string, ...args: string[]): Promise<string> {
  const program = join(COMPILERS, 'node_modules', compiler, 'bin/tsc');
  return promisify(execFile)(process.execPath, [program, ...args], { cwd: folder }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }) => `${stdout}${stderr}` || 'it failed',
  );
}

test('docs/installing.md names the least version', () => {
  expect(read('docs/installing.md')).toContain(`TypeScript ${least} or newer`);
});

describe.each(compilers)('%s', (compiler) => {
  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])(
    'module %s, resolved as by %s: without DOM, @types/node or skipLibCheck',
    async (module, moduleResolution) => {
      const options = {
        module,
        moduleResolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
      };
      const compilerOptions = {
        ...options,
        target: 'es2023',
        lib: ['es2023'],
        types: [],
        skipLibCheck: false,
        noEmit: true,
      };
      const file = `tsconfig.${compiler}.${moduleResolution}.json`;
      writeFileSync(join(folder, file), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
      expect(await compile(compiler, '-p', file)).toBe('');
    },
  );
});

test('the example of the README compiles as `tsc --init` of the current version says', async () => {
  const current = compilers.at(-1)!;
  await compile(current, '--init');
  expect(readdirSync(folder)).toContain('tsconfig.json');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  rmSync(join(folder, 'program.ts'));
  expect(await compile(current, '--noEmit')).toBe('');
});
