/** Which kernel set is the default. */
import { spawnSync } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { currentKernels } from '../src/index.js';
import { RELAXED } from '../src/kernels/simd/binary.js';

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (options: object) => object;
  Instance: unknown;
  validate: (bytes: Uint8Array) => boolean;
};
const { Module, Memory, Instance, validate } = WebAssembly;
const webAssembly = { Module, Memory, Instance, validate };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Imports the package as if for the first time. */
function importAnew() {
  vi.resetModules();
  return import('../src/index.js');
}

test('WebAssembly is the default, and is compiled once, on first use', async () => {
  const compile = vi.spyOn(WebAssembly, 'Module');
  const { currentKernels, tensor, matmul } = await importAnew();
  expect(compile).not.toHaveBeenCalled();
  expect(matmul(tensor([[2]]), tensor([[3]])).item()).toBe(6);
  expect(currentKernels().name).toMatch(/simd$/);
  expect(compile).toHaveBeenCalledOnce();
});

test('useKernels overrides the default and returns it', async () => {
  const { currentKernels, useKernels, referenceKernels } = await importAnew();
  const byDefault = useKernels(referenceKernels);
  expect(byDefault.name).toMatch(/simd$/);
  expect(currentKernels()).toBe(referenceKernels);
  expect(useKernels(byDefault)).toBe(referenceKernels);
  expect(currentKernels()).toBe(byDefault);
});

test('without WebAssembly, the reference kernels run', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const { explainKernelChoice, currentKernels, referenceKernels } = await importAnew();
  expect(currentKernels()).toBe(referenceKernels);
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: 'reference',
    why: expect.stringMatching(/^reference: WebAssembly SIMD is missing or forbidden here/),
  });
});

test('the choice is explained, by default and after useKernels', async () => {
  const { explainKernelChoice, currentKernels, useKernels, referenceKernels } = await importAnew();
  const byDefault = currentKernels().name;
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: byDefault,
    why:
      byDefault === 'simd'
        ? 'simd: WebAssembly SIMD runs here, but relaxed SIMD does not; useKernels chose no other set'
        : 'relaxed-simd: WebAssembly SIMD runs here; useKernels chose no other set',
  });
  expect(explainKernelChoice(20_000, 20_000, 1)).toEqual({
    kernels: 'reference',
    why: expect.stringMatching(
      /^reference: copies of the operands and the result do not fit into WebAssembly's memory/,
    ),
  });
  useKernels(referenceKernels);
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: 'reference',
    why: 'reference: useKernels chose this set',
  });
});

test('if WebAssembly is forbidden, or has no SIMD, the reference kernels run', async () => {
  class Forbidden {
    constructor() {
      throw new Error('a CompileError from the browser');
    }
  }
  for (const missing of [{ Module: Forbidden }, { validate: () => false }]) {
    vi.stubGlobal('WebAssembly', { ...webAssembly, ...missing });
    const { currentKernels, referenceKernels } = await importAnew();
    expect(currentKernels()).toBe(referenceKernels);
  }
});

test('without relaxed SIMD, plain SIMD is used', async () => {
  const relaxed = vi.fn((bytes: Uint8Array) => bytes.length !== sizes.relaxed);
  const sizes = { relaxed: Buffer.from(RELAXED, 'hex').length };
  vi.stubGlobal('WebAssembly', { ...webAssembly, validate: relaxed });
  const { currentKernels, explainKernelChoice, simdKernels } = await importAnew();
  expect(currentKernels().name).toBe('simd');
  expect(explainKernelChoice(64, 64, 64).why).toMatch(/relaxed SIMD does not/);
  expect(simdKernels()).toBe(currentKernels());
  expect(simdKernels({ relaxed: false })).toBe(currentKernels());
  expect(simdKernels({ relaxed: true })).toBeNull(); // asked for, so nothing else is given in silence
});

test('without shared memory, the same kernels run on a memory that is not shared', async () => {
  class NotShared {
    constructor({ shared, ...options }: { shared: boolean }) {
      if (shared) throw new Error('a TypeError from the browser');
      // biome-ignore lint/correctness/noConstructorReturn: it stands in for Memory, so it returns one
      return new Memory(options) as NotShared;
    }
  }
  vi.stubGlobal('WebAssembly', { ...webAssembly, Memory: NotShared });
  const { currentKernels, normal, Generator, matmul, scope, useThreads } = await importAnew();
  const generator = new Generator(1);
  const [a, b] = [normal([300, 200], generator), normal([200, 1000], generator)];
  const alone = scope(() => matmul(a, b).relu());
  expect(currentKernels().name).toMatch(/simd$/);
  expect(currentKernels().arena).toBeUndefined();
  expect(await useThreads(2)).toBe(1);
  vi.unstubAllGlobals();
  const { Tensor: _, ...shared } = await importAnew();
  expect(shared.currentKernels().arena).toBeDefined();
  expect(alone.data).toEqual(
    shared.matmul(shared.tensor([...rowsOf(a)]), shared.tensor([...rowsOf(b)])).relu().data,
  );
});

function* rowsOf({ data, shape: [rows, columns] }: { data: ArrayLike<number>; shape: readonly number[] }) {
  for (let row = 0; row < rows; row++)
    yield Array.from({ length: columns }, (_, column) => data[row * columns + column]);
}

test.for([
  { flag: '--jitless', name: 'reference' },
  { flag: '--disallow-code-generation-from-strings', name: currentKernels().name },
])('the built package runs on $name under node $flag', ({ flag, name }) => {
  const built = new URL('../dist/index.js', import.meta.url);
  const program = `
    import { currentKernels, matmul, tensor } from '${built}';
    const c = matmul(tensor([[1, 2], [3, 4]]), tensor([[5, 6], [7, 8]]));
    console.log(JSON.stringify([[...c.data], currentKernels().name]));`;
  const { stdout } = spawnSync(process.execPath, [flag, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual([[19, 22, 43, 50], name]);
});
