/** Compares the WebAssembly kernels with float64 and with the reference kernels. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KernelSet, type MatmulForm, type MatmulProduct, referenceKernels } from '../src/index.js';
import { simdKernels } from '../src/kernels/simd/simd.js';

/** The fastest kernels here. With SIMD=plain in the environment: those that run on every platform with SIMD. */
const simd = simdKernels(process.env.SIMD === 'plain' ? { relaxed: false } : {})!;
const arena = simd.arena!;
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
const inner = fc.oneof({ weight: 4, arbitrary: size }, fc.integer({ min: 250, max: 400 })); // long sums are cut into blocks
const cases = fc
  .tuple(fc.constantFrom(...FORMS), size, inner, size, fc.boolean(), fc.integer())
  .map((sizes) => caseOf(...sizes));

function run({ product, a, b }: Case, kernels = simd): Float32Array {
  const c = new Float32Array(product.m * product.n).fill(99);
  kernels.matmul(product, a, b, c);
  return c;
}

/** Relative to the largest sum of magnitudes. Rounding k products and sums to float32 gives an error of at most k 2^-24. */
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

test('matmul is the sum of products, for all sizes', () => {
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
  [131, 257, 130],
])('matmul is correct for %i x %i x %i', ([m, k, n]) => {
  for (const form of FORMS) for (const biased of [false, true]) expectClose(caseOf(form, m, k, n, biased, 7));
});

test.for([257, 300, 320, 1000, 1021, 4096])('a sum of %i equal terms is as precise as a short one', (k) => {
  const near1000 = (length: number, seed: number) => pseudo(length, seed).map((x) => 1000 + x);
  for (const [m, n] of [
    [7, 9],
    [7, 3],
    [1, 9],
    [130, 130],
  ]) {
    for (const form of FORMS) {
      const product = { form, m, k, n, bias: pseudo(n, 3) };
      const [a, b] = [near1000(m * k, 1), near1000(k * n, 2)];
      const exact = new Float64Array(m * n);
      referenceKernels.matmul(product, Float64Array.from(a), Float64Array.from(b), exact);
      const error = Math.max(...run({ product, a, b }).map((sum, i) => Math.abs(sum / exact[i] - 1)));
      expect(error).toBeLessThan(3e-7); // 2^-24 = 6e-8 for the result and a few for a block; one sum of 1000: up to 2e-6
    }
  }
});

test('NaN and infinities appear at the same elements as with the reference kernels', () => {
  const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0);
  const specials = fc.array(fc.tuple(fc.boolean(), fc.nat(), special), { maxLength: 3 });
  const kind = (c: Float32Array) => Array.from(c, (x) => (Number.isFinite(x) ? 'finite' : x));
  fc.assert(
    fc.property(cases, specials, (one, replacements) => {
      for (const [inA, position, value] of replacements) {
        const operand = inA ? one.a : one.b;
        if (operand.length > 0) operand[position % operand.length] = value;
      }
      expect(kind(run(one))).toEqual(kind(run(one, referenceKernels)));
    }),
    { numRuns: 300 },
  );
});

test('a product with some columns of a matrix is the product with a copy of them, bit for bit', () => {
  fc.assert(
    fc.property(fc.constantFrom('nn', 'nt'), size, size, size, size, size, (form, m, k, n, start, rest) => {
      const [rows, length] = form === 'nt' ? [n, k] : [k, n];
      const columns = { start, total: start + length + rest };
      const [a, b] = [pseudo(m * k, 1), pseudo(rows * columns.total, 2)];
      const copy = new Float32Array(rows * length);
      referenceKernels.readView(
        b,
        { shape: [rows, length], strides: [columns.total, 1], offset: start },
        copy,
      );
      for (const kernels of [simd, referenceKernels]) {
        const product = { form, m, k, n, bias: pseudo(n, 3) };
        const expected = run({ product, a, b: copy }, kernels);
        expect(run({ product: { ...product, columns }, a, b }, kernels)).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

test('kernels of whole parameters give the bits of the reference, on arrays anywhere', () => {
  const number = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 70 }),
      fc.integer(),
      fc.boolean(),
      number,
      number,
      (n, seed, inArena, s, t) => {
        const { top } = arena;
        const place = (x: Float32Array): Float32Array => {
          if (!inArena) return x.slice();
          const placed = arena.at(arena.reserve(n), n);
          placed.set(x);
          return placed;
        };
        const step = {
          beta1: s,
          beta2: t,
          eps: 1e-8,
          stepSize: t,
          correction: 1 - s / 2,
          weightDecay: s / 9,
          factor: 1 - t / 9,
        };
        const results = [simd, referenceKernels].map((kernels) => {
          const [p, g, m, v, x] = [0, 1, 2, 3, 4].map((k) =>
            place(pseudo(n, seed + k).map(k === 3 ? Math.abs : (y) => y)),
          );
          kernels.adam(step, p, g, m, v);
          kernels.average(p, x, t);
          kernels.scale(g, s);
          return [...[p, g, m, v, x].map((y) => [...y]), kernels.addSquares(x, s)];
        });
        arena.release(top);
        expect(results[0]).toEqual(results[1]);
      },
    ),
    { numRuns: 300 },
  );
});

test('the same product gives the same bits, no matter what ran before', () => {
  fc.assert(
    fc.property(cases, cases, (one, other) => {
      const bits = run(one);
      other.a.fill(Number.NaN);
      run(other);
      expect(run(one)).toEqual(bits);
    }),
  );
});

/** Calls `compute` with a function that copies numbers into the memory of the kernels. */
function inArena<T>(compute: (place: (numbers: ArrayLike<number>) => Float32Array) => T): T {
  const { top } = arena;
  const result = compute((numbers) => {
    const array = arena.at(arena.reserve(numbers.length), numbers.length);
    array.set(numbers);
    return array;
  });
  arena.release(top);
  return result;
}

const float = fc.float();
const ELEMENTWISE = {
  unary: ['neg', 'square', 'sqrt', 'abs', 'relu'],
  binary: ['add', 'sub', 'mul', 'div', 'wherePositive'],
} as const;

test('elementwise kernels give the same bits as the reference kernels, in any memory', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(float, float), { maxLength: 70 }), fc.boolean(), (pairs, placed) => {
      const [a, b] = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side]));
      const results = (set: KernelSet, place: (numbers: Float32Array) => Float32Array) => {
        const [inA, inB] = [place(a), place(b)];
        const outputs = [];
        for (const name of ELEMENTWISE.unary) {
          const y = place(new Float32Array(a.length).fill(7));
          set.unary[name](inA, y);
          outputs.push([name, y.slice()]);
        }
        for (const name of ELEMENTWISE.binary) {
          const z = place(new Float32Array(a.length).fill(7));
          set.binary[name](inA, inB, z);
          outputs.push([name, z.slice()]);
        }
        return outputs;
      };
      const got = placed ? inArena((place) => results(simd, place)) : results(simd, (x) => x.slice());
      expect(got).toEqual(results(referenceKernels, (x) => x.slice()));
    }),
    { numRuns: 300 },
  );
});

test('tanh is the float64 tanh, rounded; 1 for large x, NaN for NaN', () => {
  const x = Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 1500); // from -13.3 to 13.3
  const small = Float32Array.from({ length: 1000 }, (_, i) => 10 ** (-i / 25));
  const edges = Float32Array.of(
    0,
    -0,
    1e30,
    -1e30,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  );
  for (const numbers of [x, small, edges]) {
    const y = new Float32Array(numbers.length);
    simd.unary.tanh(numbers, y);
    y.forEach((value, i) => {
      const exact = Math.tanh(numbers[i]);
      if (
        Number.isNaN(exact) ? !Number.isNaN(value) : !(Math.abs(value - exact) <= 6.1e-8 * Math.abs(exact))
      ) {
        expect.fail(`tanh ${numbers[i]} = ${value}, not ${exact}`);
      }
    });
  }
});

test('an activation is applied after the product and the bias', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom('relu', 'tanh'), ({ product, a, b }, activation) => {
      const unfused = run({ product, a, b });
      const expected = new Float32Array(unfused.length);
      simd.unary[activation](unfused, expected);
      expect(run({ product: { ...product, activation }, a, b })).toEqual(expected);
    }),
  );
});

test('views of rows are read, written and summed as by the reference kernels', () => {
  const length = fc.integer({ min: 1, max: 20 });
  const views = fc
    .tuple(length, length, fc.nat({ max: 5 }), fc.nat({ max: 3 }), fc.boolean())
    .map(([rows, columns, gap, offset, repeated]) => ({
      shape: [rows, columns],
      strides: [repeated ? 0 : columns + gap, 1],
      offset,
      size: offset + rows * (columns + gap),
    }));
  fc.assert(
    fc.property(views, fc.integer(), fc.boolean(), ({ size, ...view }, seed, placed) => {
      const [rows, columns] = view.shape;
      const [wide, dense] = [pseudo(size, seed), pseudo(rows * columns, seed + 1)];
      const results = (set: KernelSet, place: (numbers: Float32Array) => Float32Array) => {
        const read = place(new Float32Array(rows * columns));
        set.readView(place(wide), view, read);
        const written = place(new Float32Array(size));
        if (view.strides[0] > 0) set.writeView(place(dense), view, written);
        const sums = place(new Float32Array(columns));
        set.sumView(place(dense), { shape: view.shape, strides: [0, 1], offset: 0 }, sums);
        return [read, written, sums].map((array) => array.slice());
      };
      const got = placed ? inArena((place) => results(simd, place)) : results(simd, (x) => x.slice());
      expect(got).toEqual(results(referenceKernels, (x) => x.slice()));
    }),
    { numRuns: 300 },
  );
});

test('nothing is written outside the result', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(undefined, 'relu', 'tanh'), ({ product, a, b }, activation) => {
      const { m, n } = product;
      inArena((place) => {
        // The result is a part of a larger array, as in batches of products.
        const whole = place(new Float32Array(m * n + 40).fill(-7));
        simd.matmul({ ...product, activation }, place(a), place(b), whole.subarray(20, 20 + m * n));
        expect([...whole.subarray(0, 20), ...whole.subarray(20 + m * n)]).toEqual(new Array(40).fill(-7));
      });
    }),
  );
});

test('the memory grows if operands need it', () => {
  const a = pseudo(1_000_001, 1); // longer than any operand above
  const z = new Float32Array(a.length);
  simd.unary.relu(a, z);
  simd.binary.wherePositive(a, z.slice(), z);
  expect(z.findIndex((value, i) => value !== Math.max(a[i], 0))).toBe(-1);
});

test('float64 runs on the reference kernels', () => {
  const third = Float64Array.of(1 / 3, -1 / 3);
  const y = new Float64Array(2);
  simd.matmul({ form: 'nn', m: 1, k: 1, n: 2 }, Float64Array.of(1), third, y);
  expect([...y]).toEqual([...third]);
  simd.unary.relu(third, y);
  expect([...y]).toEqual([1 / 3, 0]);
  simd.binary.wherePositive(third, third, y);
  expect([...y]).toEqual([1 / 3, 0]);
});

test('the binary is what the source compiles to', () => {
  const script = fileURLToPath(new URL('../../../scripts/build-simd.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
