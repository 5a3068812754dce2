/** The WebAssembly kernels against float64 and against the reference. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MatmulForm, type MatmulProduct, reference } from '../src/index.js';
import { simdKernels } from '../src/kernels/simd/simd.js';

const simd = simdKernels()!;
const FORMS: MatmulForm[] = ['nn', 'nt', 'tn'];

interface Case {
  product: MatmulProduct;
  a: Float32Array;
  b: Float32Array;
}

function caseOf(form: MatmulForm, m: number, k: number, n: number, biased: boolean, seed: number): Case {
  const bias = biased ? { bias: pseudo(n, seed + 2) } : {};
  return { product: { form, m, k, n, ...bias }, a: pseudo(m * k, seed), b: pseudo(k * n, seed + 1) };
}

function pseudo(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, k) => Math.sin(seed + k * 12.9898) * 2);
}

const size = fc.integer({ min: 0, max: 70 });
const cases = fc
  .tuple(fc.constantFrom(...FORMS), size, size, size, fc.boolean(), fc.integer())
  .map((sizes) => caseOf(...sizes));

function run({ product, a, b }: Case, kernels = simd): Float32Array {
  const c = new Float32Array(product.m * product.n).fill(99);
  kernels.matmul(product, a, b, c);
  return c;
}

/** Of the largest sum of magnitudes. Rounding each of k products and sums to float32 gives k 2^-24 at most. */
const TOLERANCE = 1e-5;

function expectClose({ product, a, b }: Case): void {
  const { form, m, k, n, bias } = product;
  const c = run({ product, a, b });
  let error = 0;
  let scale = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = bias ? bias[j] : 0;
      let magnitude = Math.abs(sum);
      for (let p = 0; p < k; p++) {
        const term = a[form === 'tn' ? p * m + i : i * k + p] * b[form === 'nt' ? j * k + p : p * n + j];
        sum += term;
        magnitude += Math.abs(term);
      }
      error = Math.max(error, Math.abs(c[i * n + j] - sum));
      scale = Math.max(scale, magnitude);
      if (Number.isNaN(c[i * n + j])) expect.fail(`NaN at [${i}, ${j}]`);
    }
  }
  expect(error).toBeLessThanOrEqual(TOLERANCE * scale);
}

test('matmul is the sum of products, whatever the sizes', () => {
  fc.assert(fc.property(cases, expectClose), { numRuns: 500 });
});

test.for([
  [1024, 64, 64],
  [64, 1024, 64],
  [1024, 620, 64],
  [1024, 64, 1],
  [1, 1024, 64],
  [2, 1021, 3],
  [257, 131, 67],
])('matmul is right for %i x %i x %i', ([m, k, n]) => {
  for (const form of FORMS) for (const biased of [false, true]) expectClose(caseOf(form, m, k, n, biased, 7));
});

test('NaN and infinities come through where they do in the reference, and nowhere else', () => {
  const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0);
  const places = fc.array(fc.tuple(fc.boolean(), fc.nat(), special), { maxLength: 3 });
  const kind = (c: Float32Array) => Array.from(c, (x) => (Number.isFinite(x) ? 'finite' : x));
  fc.assert(
    fc.property(cases, places, (one, specials) => {
      for (const [inA, place, value] of specials) {
        const operand = inA ? one.a : one.b;
        if (operand.length > 0) operand[place % operand.length] = value;
      }
      expect(kind(run(one))).toEqual(kind(run(one, reference)));
    }),
    { numRuns: 300 },
  );
});

test('the same product gives the same bits, whatever ran before', () => {
  fc.assert(
    fc.property(cases, cases, (one, other) => {
      const bits = run(one);
      other.a.fill(Number.NaN);
      run(other);
      expect(run(one)).toEqual(bits);
    }),
  );
});

test('relu and gate give what the reference gives', () => {
  const pairs = fc.array(fc.tuple(fc.float(), fc.float()), { maxLength: 70 });
  fc.assert(
    fc.property(pairs, (pairs) => {
      const [a, b] = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side]));
      const results = [simd, reference].map(({ unary, binary }) => {
        const outputs = [new Float32Array(a.length), new Float32Array(a.length)];
        unary.relu(a, outputs[0]);
        binary.gate(a, b, outputs[1]);
        return outputs;
      });
      expect(results[0]).toEqual(results[1]);
    }),
    { numRuns: 300 },
  );
});

test('memory grows when operands need it', () => {
  const a = pseudo(1_000_001, 1); // more than any product above
  const z = new Float32Array(a.length);
  simd.unary.relu(a, z);
  simd.binary.gate(a, z.slice(), z);
  expect(z.findIndex((value, i) => value !== Math.max(a[i], 0))).toBe(-1);
});

test('float64 runs on the reference kernels', () => {
  const third = Float64Array.of(1 / 3, -1 / 3);
  const y = new Float64Array(2);
  simd.matmul({ form: 'nn', m: 1, k: 1, n: 2 }, Float64Array.of(1), third, y);
  expect([...y]).toEqual([...third]);
  simd.unary.relu(third, y);
  expect([...y]).toEqual([1 / 3, 0]);
  simd.binary.gate(third, third, y);
  expect([...y]).toEqual([1 / 3, 0]);
});

test('the binary is what its source gives', () => {
  const script = fileURLToPath(new URL('../../../scripts/build-simd.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
