/** Which kernel set runs when nobody has chosen one. */
import { spawnSync } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { kernels } from '../src/index.js';
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

/** The package as if imported for the first time. */
function importAnew() {
  vi.resetModules();
  return import('../src/index.js');
}

test('WebAssembly is used by default, and compiled on first use, once', async () => {
  const compile = vi.spyOn(WebAssembly, 'Module');
  const { kernels, tensor, matmul } = await importAnew();
  expect(compile).not.toHaveBeenCalled();
  expect(matmul(tensor([[2]]), tensor([[3]])).item()).toBe(6);
  expect(kernels().name).toMatch(/simd$/);
  expect(compile).toHaveBeenCalledOnce();
});

test('useKernels overrides the default and returns it', async () => {
  const { kernels, useKernels, reference } = await importAnew();
  const byDefault = useKernels(reference);
  expect(byDefault.name).toMatch(/simd$/);
  expect(kernels()).toBe(reference);
  expect(useKernels(byDefault)).toBe(reference);
  expect(kernels()).toBe(byDefault);
});

test('without WebAssembly, the reference kernels run', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const { explainKernelChoice, kernels, reference } = await importAnew();
  expect(kernels()).toBe(reference);
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: 'reference',
    why: expect.stringMatching(/^reference: WebAssembly SIMD is missing or forbidden here/),
  });
});

test('the choice is explained by default, and where other kernels were asked for', async () => {
  const { explainKernelChoice, kernels, useKernels, reference } = await importAnew();
  const byDefault = kernels().name;
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: byDefault,
    why: `${byDefault}: WebAssembly SIMD runs here, and no other kernels were asked for`,
  });
  expect(explainKernelChoice(20_000, 20_000, 1)).toEqual({
    kernels: 'reference',
    why: expect.stringMatching(
      /^reference: copies of operands and result don't fit in what is free of WebAssembly's memory/,
    ),
  });
  useKernels(reference);
  expect(explainKernelChoice(64, 64, 64)).toEqual({
    kernels: 'reference',
    why: 'reference: useKernels was told to use this set',
  });
});

test('where WebAssembly is forbidden, or has no vectors, the reference kernels run', async () => {
  class Forbidden {
    constructor() {
      throw new Error('a CompileError, in the words of the browser');
    }
  }
  for (const missing of [{ Module: Forbidden }, { validate: () => false }]) {
    vi.stubGlobal('WebAssembly', { ...webAssembly, ...missing });
    const { kernels, reference } = await importAnew();
    expect(kernels()).toBe(reference);
  }
});

test('without relaxed vectors, the plain ones', async () => {
  const relaxed = vi.fn((bytes: Uint8Array) => bytes.length !== sizes.relaxed);
  const sizes = { relaxed: Buffer.from(RELAXED, 'base64').length };
  vi.stubGlobal('WebAssembly', { ...webAssembly, validate: relaxed });
  const { kernels } = await importAnew();
  expect(kernels().name).toBe('simd');
});

test('without shared memory, the same kernels on a memory of their own', async () => {
  class NotShared {
    constructor({ shared, ...options }: { shared: boolean }) {
      if (shared) throw new Error('a TypeError, in the words of the browser');
      // biome-ignore lint/correctness/noConstructorReturn: what it stands in for is what it gives
      return new Memory(options) as NotShared;
    }
  }
  vi.stubGlobal('WebAssembly', { ...webAssembly, Memory: NotShared });
  const { kernels, normal, Generator, matmul, scope, useThreads } = await importAnew();
  const generator = new Generator(1);
  const [a, b] = [normal([300, 200], generator), normal([200, 1000], generator)];
  const alone = scope(() => matmul(a, b).relu());
  expect(kernels().name).toMatch(/simd$/);
  expect(kernels().arena).toBeUndefined();
  expect(await useThreads(2)).toBe(1);
  vi.unstubAllGlobals();
  const { Tensor: _, ...shared } = await importAnew();
  expect(shared.kernels().arena).toBeDefined();
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
  { flag: '--disallow-code-generation-from-strings', name: kernels().name },
])('the built package runs on $name under node $flag', ({ flag, name }) => {
  const built = new URL('../dist/index.js', import.meta.url);
  const program = `
    import { kernels, matmul, tensor } from '${built}';
    const c = matmul(tensor([[1, 2], [3, 4]]), tensor([[5, 6], [7, 8]]));
    console.log(JSON.stringify([[...c.data], kernels().name]));`;
  const { stdout } = spawnSync(process.execPath, [flag, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual([[19, 22, 43, 50], name]);
});
