/** A project that loads each package twice: what one copy has made is refused by the other, with an error that says why. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { libraries } from './packed.js';
import { addPackage, unpack } from './unpack.js';

let folder: string;
beforeAll(() => {
  folder = unpack();
  // The second copies are those of another package in the project.
  for (const tarball of libraries()) addPackage(join(folder, 'node_modules/another'), tarball);
});
afterAll(() => rmSync(folder, { recursive: true }));

const PROGRAM = `
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as tensor from '@paragrad/tensor';
import { inspect } from '@paragrad/tensor/inspect';
import * as nn from '@paragrad/nn';
import * as mpe from '@paragrad/mpe';
import * as maddpg from '@paragrad/maddpg';

const other = createRequire(process.cwd() + '/node_modules/another/index.js');
const load = (name) => import(pathToFileURL(other.resolve('@paragrad/' + name)).href);
const [theirs, theirNn, theirMpe] = await Promise.all(['tensor', 'nn', 'mpe'].map(load));

const x = theirs.tensor([[1, 2]], { requiresGrad: true });
const own = tensor.tensor([[1, 2]], { requiresGrad: true });
const generator = new tensor.Generator(1);
const square = tensor.defineOp('square', { forward: ([a]) => a.mul(a), gradient: [(dy) => dy] });
class Net extends nn.Module {
  weight = x;
  forward(input) { return input; }
}
class Nested extends nn.Module {
  inner = [new theirNn.Linear(2, 2, { generator })];
  forward(input) { return input; }
}
const env = mpe.makeEnv('simple_spread', { actionMode: 'force' });
const algorithm = new maddpg.Maddpg(maddpg.agentSpecs(env), { generator });

const cases = {
  add: () => tensor.add(own, x),
  'Tensor.mul': () => own.mul(x),
  matmul: () => tensor.matmul(own, x),
  linear: () => tensor.linear(x, own),
  'linear of several': () => tensor.linear([own, x], own),
  concat: () => tensor.concat([own, x]),
  relu: () => tensor.relu(x),
  sum: () => tensor.sum(x),
  defineOp: () => square([x]),
  backward: () => tensor.backward(x),
  grad: () => tensor.grad(own.sum(), [x]),
  'Tensor.grad': () => { own.grad = x; },
  inspect: () => inspect(x),
  pin: () => tensor.pin([x]),
  'Linear.forward': () => new nn.Linear(2, 2, { generator }).forward(x),
  Sequential: () => new nn.Sequential(new theirNn.Linear(2, 2, { generator })),
  Adam: () => new nn.Adam([own, x], { lr: 0.1 }),
  clipGradNorm: () => nn.clipGradNorm([x], 1),
  'parameters of a module': () => new Net().parameters(),
  'parameters of a module inside': () => new Nested().parameters(),
  loadStateDict: () => new nn.Linear(2, 1, { generator }).loadStateDict({ weight: x, bias: x }),
  'Maddpg.act': () => algorithm.act(algorithm.specs.map(() => x)),
  scriptedActions: () => mpe.scriptedActions(theirMpe.makeEnv('simple_spread')),
};
const answers = {};
for (const [name, run] of Object.entries(cases)) {
  try {
    run();
    answers[name] = 'accepted';
  } catch (error) {
    answers[name] = error.name + ': ' + error.message;
  }
}
// A generator is known by its methods, and an environment by what it does.
own.mul(tensor.normal([1, 2], new theirs.Generator(1)));
maddpg.agentSpecs(theirMpe.makeEnv('simple_spread'));
console.log(JSON.stringify(answers));
`;

test('every function says that there are two copies, and how to find them', () => {
  const args = ['--input-type=module', '--eval', PROGRAM];
  const answers: Record<string, string> = JSON.parse(
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }),
  );
  for (const [name, answer] of Object.entries(answers)) {
    expect.soft(answer, name).toMatch(/^ArgumentError: .*of another copy of .*`npm ls/s);
  }
  expect(answers.add).toBe(
    'ArgumentError: add: an operand is a tensor of another copy of @paragrad/tensor: two copies are loaded, and each ' +
      'refuses what the other has made; `npm ls @paragrad/tensor` shows where they come from',
  );
  expect(answers['Linear.forward']).toContain('x is a tensor of another copy of @paragrad/tensor');
  expect(answers['parameters of a module']).toContain('Net: weight is a tensor of another copy');
  expect(answers['parameters of a module inside']).toContain('Nested: inner.0 is a Module of another copy');
});
