/** Kernels on worker threads: the results are the same, bit for bit, and nothing hangs when a worker is lost. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  explainKernelChoice,
  type KernelSet,
  referenceKernels,
  scope,
  simdKernels,
  Tensor,
  useKernels,
  useThreads,
} from '../src/index.js';
import { relu, tanh } from '../src/ops/index.js';

const built = new URL('../dist/index.js', import.meta.url);
const simd = simdKernels()!;

afterAll(() => useThreads(1));

function pseudo(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.sin(seed + k * 12.9898) * 2);
}

/** Results of all kernels that run on threads, with sizes that give several chunks and an incomplete last one. */
function results(set: KernelSet): Float32Array[] {
  const products = [
    { form: 'nt', m: 1027, k: 61, n: 67, activation: 'relu' },
    { form: 'nn', m: 515, k: 64, n: 129 },
    { form: 'tn', m: 67, k: 1024, n: 61, activation: 'tanh' },
    { form: 'nt', m: 4099, k: 64, n: 3 },
    { form: 'tn', m: 201, k: 700, n: 5 },
    { form: 'nn', m: 130, k: 300, n: 260 },
  ] as const;
  const products32 = products.map((product, seed) => {
    const { m, k, n } = product;
    const c = new Float32Array(m * n);
    set.matmul({ ...product, bias: pseudo(n, seed) }, pseudo(m * k, seed), pseudo(k * n, seed + 1), c);
    return c;
  });
  const before = useKernels(set);
  const elementwise = scope(() => {
    const x = new Tensor(pseudo(100_003, 1), [100_003]);
    const y = new Tensor(pseudo(100_003, 2), [100_003]);
    const rows = relu(x.mul(y)).narrow(0, 0, 100_000).reshape([1000, 100]);
    return [tanh(x.add(y)), rows.narrow(1, 7, 50), rows.narrow(1, 99, 1)];
  });
  useKernels(before);
  return [...products32, ...elementwise.map(({ data }) => data as Float32Array)];
}

test('the same bits for any number of threads', async () => {
  const onOneThread = results(simd);
  for (const count of [2, 3, 5]) {
    expect(await useThreads(count)).toBe(count);
    for (let time = 0; time < 5; time++) expect(results(simd)).toEqual(onOneThread);
  }
  expect(await useThreads(1)).toBe(1);
  expect(results(simd)).toEqual(onOneThread);
});

test('products of any size, on threads, agree with the reference kernels', async () => {
  await useThreads(3);
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(fc.constantFrom('nn', 'nt', 'tn'), size, size, size, (form, m, k, n) => {
      const [a, b] = [pseudo(m * k, m), pseudo(k * n, n)];
      const [c, expected] = [new Float32Array(m * n), new Float32Array(m * n)];
      simd.matmul({ form, m, k, n }, a, b, c);
      referenceKernels.matmul({ form, m, k, n }, a, b, expected);
      for (let i = 0; i < c.length; i++) {
        if (!(Math.abs(c[i] - expected[i]) <= 1e-5 * 4 * k))
          expect.fail(`${c[i]} for ${expected[i]} at ${i}`);
      }
    }),
  );
});

test('thousands of jobs, with pauses in which the workers fall asleep', async () => {
  await useThreads(2);
  const x = pseudo(70_000, 1);
  const y = new Float32Array(x.length);
  const expected = new Float32Array(x.length);
  referenceKernels.unary.relu(x, expected);
  for (let job = 0; job < 3000; job++) {
    y.fill(7);
    simd.unary.relu(x, y);
    if (y[job] !== expected[job] || y[x.length - 1 - job] !== expected[x.length - 1 - job]) {
      expect.fail(`job ${job}`);
    }
    if (job % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

test('threads share only what is large enough, and explain says which products', async () => {
  await useThreads(2);
  expect(explainKernelChoice(128, 64, 64)).toMatchObject({
    threads: 1,
    why: expect.stringMatching(
      /; one thread, because 1,048,576 operations are fewer than the 2,097,152 that/,
    ),
  });
  expect(explainKernelChoice(1024, 64, 64)).toMatchObject({
    threads: 2,
    why: expect.stringMatching(/; 2 threads share its 8,388,608 operations$/),
  });
  await useThreads(1);
  expect(explainKernelChoice(1024, 64, 64).threads).toBeUndefined();
});

test('the reference kernels have one thread', async () => {
  const before = useKernels(referenceKernels);
  expect(await useThreads(2)).toBe(1);
  useKernels(before);
});

test('a count of 0 is rejected', async () => {
  await expect(useThreads(0)).rejects.toThrow('useThreads: count is 0; give an integer from 1 to 1024');
});

test('overlapping calls run one after the other', async () => {
  await useThreads(3);
  expect(await Promise.all([useThreads(2), useThreads(3)])).toEqual([2, 3]);
  expect(simd.threads).toBe(3);
  expect(await Promise.all([useThreads(3), useThreads(1)])).toEqual([3, 1]);
  expect(simd.threads).toBe(1);
  expect(await Promise.all([useThreads(2), useThreads(4)])).toEqual([2, 4]);
  expect(simd.threads).toBe(4);
});

describe('in a separate process', () => {
  function run(program: string, ...flags: string[]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, '--input-type=module', '--eval', `import * as t from '${built}';\n${program}`],
      { encoding: 'utf8', timeout: 60_000 },
    );
    return { status, stdout, stderr };
  }
  const product = `
    const generator = new t.Generator(1);
    const a = t.normal([512, 256], generator), b = t.normal([256, 64], generator);`;

  test('worker threads do not keep the process alive', () => {
    const { status, stdout } = run(`console.log(await t.useThreads(2));`);
    expect([status, stdout]).toEqual([0, '2\n']);
  });

  test('useThreads uses all cores by default', () => {
    const { stdout } = run(`
      import { availableParallelism } from 'node:os';
      console.log(await t.useThreads() === availableParallelism());`);
    expect(stdout).toBe('true\n');
  });

  test('a worker that does not start is an error, and one thread continues', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      class Worker extends threads.Worker { constructor(_, options) { super('throw new Error("no room")', options); } }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      ${product}
      const before = t.matmul(a, b).data;
      try { await t.useThreads(2); } catch (error) { console.log(error.message); }
      console.log(t.matmul(a, b).data.every((x, i) => x === before[i]));`);
    expect(stdout).toMatch(/^useThreads: a worker thread did not start.*no room\ntrue\n$/);
  });

  test('a worker that traps is an error, not a hang, and one thread continues', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      class Worker extends threads.Worker {
        constructor(program, options) {
          // Fails as soon as there is a job for it.
          super(program.replace('serve();', 'const cells = new Int32Array(memory.buffer); while (Atomics.load(cells, 1) === 0); throw new Error("trapped");'), options);
        }
      }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      ${product}
      const before = t.matmul(a, b).data;
      await t.useThreads(2);
      for (let i = 0; i < 100; i++) {
        try { t.matmul(a, b); } catch (error) { console.log(error.message); break; }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      console.log(t.matmul(a, b).data.every((x, i) => x === before[i]));`);
    expect(stdout).toMatch(/^useThreads: a worker thread was lost.*trapped.*one thread, until.*\ntrue\n$/s);
  });

  test('a worker that ends unexpectedly is an error, and one thread continues', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      let worker;
      class Worker extends threads.Worker { constructor(...given) { super(...given); worker = this; } }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      ${product}
      await t.useThreads(2);
      await worker.terminate();
      await new Promise((resolve) => setTimeout(resolve, 50));
      try { t.matmul(a, b); } catch (error) { console.log(error.message); }
      console.log(await t.useThreads(1), t.matmul(a, b).shape);`);
    expect(stdout).toMatch(/^useThreads: a worker thread was lost.*ended with code.*\n1 \[ 512, 64 \]\n$/s);
  });

  test('a worker that does not end in time is terminated', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      class Worker extends threads.Worker { constructor(program, options) { super(program.replace('serve();', 'for (;;);'), options); } }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      await t.useThreads(2);
      console.log(await t.useThreads(1));`);
    expect(stdout).toBe('1\n');
  });

  test('kernels still run after two workers that do not start', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      let delay = 0;
      class Worker extends threads.Worker {
        constructor(_, options) { super('setTimeout(() => { throw new Error("no room") }, ' + (delay += 100) + ')', options); }
      }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      ${product}
      await t.useThreads(3).catch((error) => console.log(error.message));
      console.log(t.matmul(a, b).shape);`);
    expect(stdout).toMatch(/did not start.*no room\n\[ 512, 64 \]\n$/);
  });

  test('a chunk that is never finished is an error, not a hang', () => {
    const { stdout } = run(`
      import threads from 'node:worker_threads';
      const { getBuiltinModule } = process;
      class Worker extends threads.Worker {
        constructor(program, options) {
          // Takes one chunk and never computes it.
          super(program.replace('serve();', 'const cells = new Int32Array(memory.buffer); for (let left = true; left; ) { const taken = Atomics.load(cells, 0); if ((taken & 0xffff) < taken >>> 16) left = Atomics.compareExchange(cells, 0, taken, taken + 1) !== taken; } for (;;);'), options);
        }
      }
      process.getBuiltinModule = (name) => name === 'node:worker_threads' ? { ...threads, Worker } : getBuiltinModule(name);
      ${product}
      await t.useThreads(2);
      try { for (let i = 0; i < 1e5; i++) t.matmul(a, b); } catch (error) { console.log(error.message); }
      process.exit();`);
    expect(stdout).toMatch(/^useThreads: a worker thread was lost/);
  }, 70_000);

  test('threads work if code generation from strings is forbidden', () => {
    const { stdout } = run(
      `console.log(await t.useThreads(2), t.currentKernels().name);`,
      '--disallow-code-generation-from-strings',
    );
    expect(stdout).toMatch(/^2 (relaxed-)?simd\n$/);
  });
});
