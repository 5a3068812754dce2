/** The GPU kernels on WebGL2, in a minified bundle. The page is isolated, because one test needs shared memory. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ISOLATED, type OpenPage, openPage } from './open-page.js';

let opened: OpenPage;

beforeAll(async () => {
  opened = await openPage(ISOLATED);
  await opened.page.evaluate(watchWebGL);
});
afterEach(() => opened.page.evaluate(() => globalThis.gpu?.dispose()));
afterAll(() => opened?.close());

declare global {
  var gpu: Awaited<ReturnType<typeof paragrad.useGpu>> | undefined;
  /** The WebGL objects of the page: see watchWebGL. */
  var webgl: { context: WebGL | undefined; alive: Record<string, Set<unknown>> };
}
interface WebGL {
  getExtension(name: 'WEBGL_lose_context'): { loseContext(): void };
}

/** Runs in the page. Records the WebGL context, and the objects that were created and not deleted. */
function watchWebGL() {
  const alive: Record<string, Set<unknown>> = {};
  globalThis.webgl = { context: undefined, alive };
  const { prototype } = (globalThis as unknown as { WebGL2RenderingContext: { prototype: object } })
    .WebGL2RenderingContext;
  const methods = prototype as Record<string, (this: WebGL, ...args: unknown[]) => unknown>;
  for (const kind of ['Program', 'Shader', 'Texture', 'Framebuffer', 'Buffer']) {
    const objects = new Set();
    alive[kind] = objects;
    const { [`create${kind}`]: create, [`delete${kind}`]: destroy } = methods;
    methods[`create${kind}`] = function (...args) {
      globalThis.webgl.context = this;
      const created = create.apply(this, args);
      objects.add(created);
      return created;
    };
    methods[`delete${kind}`] = function (object) {
      objects.delete(object);
      return destroy.call(this, object);
    };
  }
}

test('an isolated page uses WebGL2, and its renderer is recognized as software', async () => {
  const found = await opened.page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu();
    const { mode, renderer, software, calibration } = globalThis.gpu;
    const { why } = paragrad.explainKernelChoice(1024, 1024, 1024);
    return { mode, renderer, software, calibration, why, name: paragrad.currentKernels().name };
  });
  expect(found).toMatchObject({ mode: 'webgl2', software: true, calibration: [], name: 'auto' });
  expect(found.renderer).toContain('SwiftShader');
  expect(found.why).toMatch(/^(relaxed-)?simd: the WebGL renderer here is .*SwiftShader/);
});

const length = fc.oneof(fc.constantFrom(1, 2, 7, 13, 31, 61, 97), fc.integer({ min: 1, max: 130 }));
const activations = fc.constantFrom(...([undefined, 'relu', 'tanh'] as const));

test.for(['nn', 'nt', 'tn'] as const)('%s is within 1e-5 of float64, for every shape', async (form) => {
  await opened.page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu({ choice: 'always' });
  });
  await fc.assert(
    fc.asyncProperty(
      ...[length, length, length, fc.boolean(), activations, fc.nat()],
      async (m, k, n, withBias, activation, seed) => {
        const product = { form, m, k, n, withBias, ...(activation && { activation }) };
        const error = await opened.page.evaluate(
          ([product, seed]) => {
            if (paragrad.currentKernels().name !== 'gpu') throw new Error('not on the GPU');
            return paragrad.errorOfRandom(product, seed);
          },
          [product, seed] as const,
        );
        expect(error).toBeLessThan(1e-5);
      },
    ),
    { numRuns: 40 }, // each run compiles a shader
  );
});

test('a product of a training step, 1024 x 64 x 64, is within 1e-5 of float64', async () => {
  const error = await opened.page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu({ choice: 'always' });
    return paragrad.errorOfRandom(
      { form: 'nt', m: 1024, k: 64, n: 64, withBias: true, activation: 'relu' },
      1,
    );
  });
  expect(error).toBeLessThan(1e-5);
});

test('products and activations pass NaN and infinities on', async () => {
  const results = await opened.page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu({ choice: 'always' });
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const a = Float32Array.of(nan, -nan, inf, -inf, 1e3, -1e3, 2, -2);
    const [one, zero] = [Float32Array.of(1), Float32Array.of(0)];
    const product = { form: 'nn', m: a.length, k: 1, n: 1 } as const;
    return {
      plain: [...paragrad.multiply(product, a, one).c].map(String),
      times0: [...paragrad.multiply(product, a, zero).c].map(String),
      relu: [...paragrad.multiply({ ...product, activation: 'relu' }, a, one).c].map(String),
      tanh: [...paragrad.multiply({ ...product, activation: 'tanh' }, a, one).c].map((x) => x.toFixed(4)),
    };
  });
  expect(results).toEqual({
    plain: ['NaN', 'NaN', 'Infinity', '-Infinity', '1000', '-1000', '2', '-2'],
    times0: ['NaN', 'NaN', 'NaN', 'NaN', '0', '0', '0', '0'],
    relu: ['NaN', 'NaN', 'Infinity', '0', '1000', '0', '2', '0'],
    tanh: ['NaN', 'NaN', '1.0000', '-1.0000', '1.0000', '-1.0000', '0.9640', '-0.9640'],
  });
});

test('operands and results can be views of shared memory', async () => {
  const [plain, onShared] = await opened.page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu({ choice: 'always' });
    const shared = (values: Float32Array) => {
      const view = new Float32Array(new SharedArrayBuffer(4 * values.length + 64), 16, values.length);
      view.set(values);
      return view;
    };
    const [a, b, bias] = [paragrad.numbers(15, 1), paragrad.numbers(21, 2), paragrad.numbers(7, 3)];
    const product = { form: 'nt', m: 5, k: 3, n: 7 } as const;
    const c = shared(new Float32Array(35));
    paragrad.currentKernels().matmul({ ...product, bias: shared(bias) }, shared(a), shared(b), c);
    return [[...paragrad.multiply({ ...product, bias }, a, b).c], [...c]];
  });
  expect(onShared).toEqual(plain);
});

test('2,000 calls with changing shapes grow neither the heap nor WebGL beyond 8 programs; dispose() frees all', async () => {
  const { page } = opened;
  const devtools = await page.context().newCDPSession(page);
  const alive = () =>
    page.evaluate(() =>
      Object.fromEntries(
        Object.entries(globalThis.webgl.alive).map(([kind, objects]) => [kind, objects.size]),
      ),
    );
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize / 2 ** 20; // MiB
  };
  const use = (calls: number) =>
    page.evaluate((calls) => {
      for (let i = 0; i < calls; i++) paragrad.multiplyOnes(1 + ((i >> 2) % 32)); // each size four times
    }, calls);

  await page.evaluate(async () => {
    globalThis.gpu = await paragrad.useGpu({ choice: 'always', maxKernels: 8 });
  });
  await use(250);
  const [aliveBefore, heapBefore] = [await alive(), await heap()];
  await use(2000);
  expect(await alive()).toEqual(aliveBefore);
  expect(aliveBefore.Program).toBe(8);
  expect((await heap()) - heapBefore).toBeLessThan(1); // 0.2 measured

  await page.evaluate(() => globalThis.gpu!.dispose());
  expect(Object.values(await alive())).toEqual([0, 0, 0, 0, 0]);
}, 120_000);

/** In the page: computes a product, loses the context, and computes the product again. */
async function loseContext(onContextLost: 'throw' | 'cpu') {
  return opened.page.evaluate(async (onContextLost) => {
    const { explainKernelChoice, currentKernels, multiplyOnes, useGpu } = paragrad;
    const attempt = (k: number) => {
      try {
        return multiplyOnes(k);
      } catch (error) {
        return String(error);
      }
    };
    globalThis.gpu = await useGpu({ choice: 'always', onContextLost });
    const before = attempt(5);
    globalThis.webgl.context!.getExtension('WEBGL_lose_context').loseContext();
    const lost = [attempt(5), attempt(6)]; // the second is not compiled yet
    const { why } = explainKernelChoice(8, 5, 8);
    await globalThis.gpu.dispose();
    return { before, lost, why, after: attempt(5), name: currentKernels().name };
  }, onContextLost);
}

test('a lost context is an error that says so; after dispose() the CPU computes', async () => {
  const { before, lost, after, name } = await loseContext('throw');
  expect([before, after]).toEqual([5, 5]);
  expect(name).toMatch(/simd$/);
  for (const error of lost) expect(error).toContain('useGpu: the WebGL context was lost');
});

test("with onContextLost 'cpu' the CPU computes after a lost context", async () => {
  const { before, lost, why } = await loseContext('cpu');
  expect([before, ...lost]).toEqual([5, 5, 6]);
  expect(why).toMatch(/^(relaxed-)?simd: the WebGL context was lost/);
});
