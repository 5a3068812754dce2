/** Which kernels gpu.js compiles, and how many are kept; on a fake gpu.js. */
import { expect, test } from 'vitest';
import { LruCache } from '../../src/kernels/gpu/lru-cache.js';
import { gpuMatmul } from '../../src/kernels/gpu/matmul.js';
import { matmulSource } from '../../src/kernels/gpu/matmul-source.js';
import { fakeGpuJs } from './fake-gpu.js';

test('the source of A B + bias', () => {
  expect(matmulSource({ form: 'nn', m: 2, k: 3, n: 5, bias: new Float32Array(5) })).toBe(
    `function (a, b, bias) {
  const row = rowOf(this.thread.x, 5);
  const column = this.thread.x - row * 5;
  let sum = bias[column];
  for (let p = 0; p < 3; p++) {
    sum += a[row * 3 + p] * b[p * 5 + column];
  }
  return sum;
}`,
  );
});

test('the source of A Bᵀ reads rows of B, without a bias', () => {
  const source = matmulSource({ form: 'nt', m: 2, k: 3, n: 5 });
  expect(source).toContain('function (a, b) {');
  expect(source).toContain('let sum = 0;');
  expect(source).toContain('a[row * 3 + p] * b[column * 3 + p]');
});

test('the source of Aᵀ B reads columns of A', () => {
  expect(matmulSource({ form: 'tn', m: 2, k: 3, n: 5 })).toContain('a[p * 2 + row] * b[p * 5 + column]');
});

test('an activation is applied to the sum', () => {
  const product = { form: 'nt', m: 2, k: 3, n: 5 } as const;
  expect(matmulSource({ ...product, activation: 'relu' })).toContain('return relu(sum);');
  expect(matmulSource({ ...product, activation: 'tanh' })).toContain('return hyperbolicTangent(sum);');
});

function setUp(maxKernels = 64) {
  const { GPU, log } = fakeGpuJs();
  return { matmul: gpuMatmul(new GPU({ mode: 'headlessgl' }), maxKernels), log };
}

const ones = (length: number) => new Float32Array(length).fill(1);

test('the result is written to the given c', () => {
  const { matmul } = setUp();
  const c = new Float32Array(4);
  expect(matmul({ form: 'nn', m: 2, k: 3, n: 2 }, ones(6), ones(6), c)).toBe(true);
  expect(c).toEqual(new Float32Array(4).fill(6));
});

test('if the context is lost there is no result, and c is unchanged', () => {
  const { matmul, log } = setUp();
  log.lost = true;
  const c = ones(1);
  expect(matmul({ form: 'nn', m: 1, k: 1, n: 1 }, ones(1), ones(1), c)).toBe(false);
  expect(c).toEqual(ones(1));
});

test('each form and size is compiled once, and once more with a bias and with each activation', () => {
  const { matmul, log } = setUp();
  const c = ones(4);
  for (let i = 0; i < 3; i++) {
    matmul({ form: 'nn', m: 2, k: 2, n: 2 }, ones(4), ones(4), c);
    matmul({ form: 'nt', m: 2, k: 2, n: 2 }, ones(4), ones(4), c);
    matmul({ form: 'nt', m: 2, k: 2, n: 2, bias: ones(2) }, ones(4), ones(4), c);
    matmul({ form: 'nt', m: 2, k: 2, n: 2, activation: 'relu' }, ones(4), ones(4), c);
    matmul({ form: 'nt', m: 2, k: 2, n: 2, bias: ones(2), activation: 'tanh' }, ones(4), ones(4), c);
  }
  expect(log.created).toBe(5);
});

test('sizes that differ only in m have separate kernels', () => {
  const { matmul, log } = setUp();
  matmul({ form: 'nn', m: 1, k: 2, n: 2 }, ones(2), ones(4), ones(2));
  matmul({ form: 'nn', m: 2, k: 2, n: 2 }, ones(4), ones(4), ones(4));
  expect(log.created).toBe(2);
});

test('after a hundred sizes, maxKernels kernels are kept and the others are destroyed', () => {
  const { matmul, log } = setUp(64);
  for (let k = 1; k <= 100; k++) matmul({ form: 'nn', m: 1, k, n: 1 }, ones(k), ones(k), ones(1));
  expect(log).toMatchObject({ created: 100, alive: 64 });
});

test('the cache evicts the value that has been unused for the longest time', () => {
  const evicted: string[] = [];
  const cache = new LruCache<string, string>(2, (value) => evicted.push(value));
  const get = (key: string) => cache.get(key, () => key.toUpperCase());

  get('a');
  get('b');
  get('a');
  expect(get('c')).toBe('C');
  expect(evicted).toEqual(['B']);
  get('a');
  get('d');
  expect(evicted).toEqual(['B', 'C']);
  expect(cache.size).toBe(2);
});

test('if a value cannot be created, no other value is evicted', () => {
  const evicted: string[] = [];
  const cache = new LruCache<string, string>(1, (value) => evicted.push(value));
  cache.get('a', () => 'A');
  const fail = () => {
    throw new Error('no');
  };
  expect(() => cache.get('b', fail)).toThrow('no');
  expect(evicted).toEqual([]);
});
