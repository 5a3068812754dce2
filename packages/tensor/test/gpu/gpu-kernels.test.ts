/** Which products run on the GPU, which stay on the CPU's kernel set, and how that is explained. */
import { expect, test, vi } from 'vitest';
import { type KernelSet, referenceKernels } from '../../src/index.js';
import { gpuKernels } from '../../src/kernels/gpu/gpu-kernels.js';
import { alwaysGpu } from '../../src/kernels/gpu/policy.js';

/** A fake GPU that writes 7 everywhere until `lose` is called, with the reference kernels on the CPU. */
function setUp(options: { onContextLost?: 'throw' | 'cpu'; cpu?: KernelSet } = {}) {
  const { onContextLost = 'throw', cpu = referenceKernels } = options;
  let alive = true;
  const multiply = vi.fn((_product: unknown, _a: unknown, _b: unknown, c: Float32Array | Float64Array) => {
    if (alive) c.fill(7);
    return alive;
  });
  const set = gpuKernels({ name: 'gpu', multiply, cpu, policy: alwaysGpu, onContextLost });
  const lose = () => {
    alive = false;
  };
  return { set, multiply, lose };
}

const one = { form: 'nn', m: 1, k: 1, n: 1 } as const;
const ones = (length: number) => new Float32Array(length).fill(1);

function oneTimesOne(set: KernelSet): number {
  const c = new Float32Array(1);
  set.matmul(one, ones(1), ones(1), c);
  return c[0];
}

test('a product is computed by the GPU, and explain says so', () => {
  const { set } = setUp();
  expect(oneTimesOne(set)).toBe(7);
  expect(set.explain!(1, 1, 1)?.kernels).toBe('gpu');
});

test('a product with some columns gets a copy of them: shaders read whole matrices', () => {
  const { set, multiply } = setUp();
  const b = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7); // [2, 4]
  const product = { form: 'nt', m: 1, k: 2, n: 2, columns: { start: 1, total: 4 } } as const;
  set.matmul(product, ones(2), b, ones(2));
  expect(multiply.mock.calls[0].slice(0, 3)).toEqual([
    { form: 'nt', m: 1, k: 2, n: 2 },
    ones(2),
    Float32Array.of(1, 2, 5, 6),
  ]);
});

test('all other kernels are those of the CPU', () => {
  const { matmul, explain, name, threads, ...rest } = setUp().set;
  const { matmul: _, name: __, ...others } = referenceKernels;
  expect(rest).toEqual(others);
  expect(threads).toBe(1);
});

test('float64 stays on the CPU', () => {
  const { set, multiply } = setUp();
  const c = new Float64Array(1);
  set.matmul({ form: 'nn', m: 1, k: 2, n: 1 }, new Float64Array([0.1, 1]), new Float64Array([1, 0]), c);
  expect(c[0]).toBe(0.1);
  expect(multiply).not.toHaveBeenCalled();
});

test('a product with an empty inner axis gives the bias, on the CPU', () => {
  const { set, multiply } = setUp();
  const c = new Float32Array(2);
  set.matmul({ form: 'nn', m: 1, k: 0, n: 2, bias: new Float32Array([3, 4]) }, ones(0), ones(0), c);
  expect(c).toEqual(new Float32Array([3, 4]));
  expect(multiply).not.toHaveBeenCalled();
  expect(set.explain!(1, 0, 2)).toEqual({
    kernels: 'reference',
    why: 'reference: an axis is empty, and shaders cannot have empty arrays',
  });
});

test('products with arrays that are too long for float32 indices stay on the CPU', () => {
  const { set, multiply } = setUp();
  const k = 2 ** 24 + 1;
  set.matmul({ form: 'nn', m: 1, k, n: 1 }, ones(k), new Float32Array(k), ones(1));
  expect(multiply).not.toHaveBeenCalled();
  expect(set.explain!(1, k, 1)?.why).toContain('more than 2^24 numbers');
  expect(set.explain!(1, k - 1, 1)?.kernels).toBe('gpu');
});

test('if the CPU set leaves a product to a third set, explain names that one', () => {
  const cpu: KernelSet = {
    ...referenceKernels,
    name: 'simd',
    explain: () => ({ kernels: 'reference', why: '' }),
  };
  expect(setUp({ cpu }).set.explain!(0, 1, 1)?.kernels).toBe('reference');
});

test('after a lost context every product throws', () => {
  const { set, lose } = setUp();
  lose();
  for (let i = 0; i < 2; i++) {
    expect(() => oneTimesOne(set)).toThrow(
      /^useGpu: the WebGL context was lost.*dispose\(\).*onContextLost: 'cpu'/,
    );
  }
});

test("with onContextLost: 'cpu', the CPU takes over from the lost product on, and explain says so", () => {
  const { set, multiply, lose } = setUp({ onContextLost: 'cpu' });
  expect(oneTimesOne(set)).toBe(7);
  lose();
  expect(oneTimesOne(set)).toBe(1);
  expect(oneTimesOne(set)).toBe(1);
  expect(multiply).toHaveBeenCalledTimes(2);
  expect(set.explain!(1, 1, 1)).toEqual({
    kernels: 'reference',
    why: "reference: the WebGL context was lost, and useGpu got onContextLost: 'cpu'",
  });
});
