import { checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import type { FloatArray } from '../../dtype.js';
import type { KernelSet, StridedView } from '../kernel-set.js';
import { referenceKernels } from '../reference.js';
import { kernelCalls } from './calls.js';
import { type Compiled, compile, MAX_BYTES } from './compile.js';
import { threadsOf } from './sharing.js';
import { Workers } from './workers.js';

/** Options of `simdKernels`. */
export interface SimdOptions {
  /**
   * Whether products may round once per multiply-add instead of twice, if the platform can. This is faster, but results
   * may differ in the last bit between makes of processor. By default it is true where this platform can (Node 20 cannot).
   */
  relaxed?: boolean;
}

const simdOptions: OptionChecks<SimdOptions> = { relaxed: trueOrFalse };

const compiledSets = new Map<boolean, KernelSet | null>();

/**
 * A kernel set that runs matrix products and the most used loops in WebAssembly SIMD, four numbers at a time, and the
 * rest on the reference kernels. Its name is `relaxed-simd` if products round once, else `simd`.
 *
 * Null if WebAssembly SIMD is missing or forbidden; with `relaxed: true`, also if relaxed SIMD is missing. A Content
 * Security Policy must allow 'wasm-unsafe-eval'. Compiled on the first call; later calls return the same set.
 */
export function simdKernels(options: SimdOptions = {}): KernelSet | null {
  checkOptions('simdKernels', options, simdOptions);
  const { relaxed } = options;
  if (relaxed === undefined) return simdKernels({ relaxed: true }) ?? simdKernels({ relaxed: false });
  let set = compiledSets.get(relaxed);
  if (set === undefined) {
    const compiled = compile(relaxed);
    set = compiled && kernelSet(relaxed ? 'relaxed-simd' : 'simd', compiled);
    compiledSets.set(relaxed, set);
  }
  return set;
}

/**
 * Arrays in WebAssembly's memory, where `scope` stores tensors, are used in place. Other arrays are copied in and out:
 * that takes 16 microseconds for a matrix of 1024 x 64, whose product with one of 64 x 64 takes 210. Loops that
 * JavaScript runs as fast as it copies run in JavaScript, unless their result is in WebAssembly's memory.
 */
function kernelSet(name: string, compiled: Compiled): KernelSet {
  const { exports: wasm, arena, module, memory } = compiled;
  const workers = new Workers(module, memory, wasm);

  const { elementwise, copyRows, sumColumns, multiply, inPlace } = kernelCalls(compiled, workers);

  const unary = (name: keyof KernelSet['unary'], op: number, worthCopying = false) => ({
    [name]: (x: FloatArray, y: FloatArray) => {
      if (!elementwise(op, worthCopying, x, x, y)) referenceKernels.unary[name](x, y);
    },
  });
  const binary = (name: keyof KernelSet['binary'], op: number, worthCopying = false) => ({
    [name]: (a: FloatArray, b: FloatArray, z: FloatArray) => {
      if (!elementwise(op, worthCopying, a, b, z)) referenceKernels.binary[name](a, b, z);
    },
  });

  return {
    ...referenceKernels,
    name,
    get threads() {
      return workers.count;
    },
    ...(arena.stable && { arena, useThreads: (count: number) => workers.use(count) }),

    threadsOf: (m, k, n) => threadsOf(m, k, n, workers.count),

    explain(m, k, n) {
      const bytes = 4 * (m * k + k * n + k * Math.ceil(n / 8) * 8 + m * n); // as much as matmul reserves
      if (arena.top + bytes < MAX_BYTES) return null;
      const { name } = referenceKernels;
      return {
        kernels: name,
        why: `${name}: copies of the operands and the result do not fit into WebAssembly's memory of at most 1 GiB`,
      };
    },

    // The numbers are the op numbers of assembly/elementwise.ts. `true` means worth copying.
    unary: {
      ...referenceKernels.unary,
      ...unary('neg', 0),
      ...unary('square', 1),
      ...unary('sqrt', 2),
      ...unary('abs', 3),
      ...unary('relu', 4, true),
      ...unary('tanh', 5, true),
    },
    binary: {
      ...referenceKernels.binary,
      ...binary('add', 6),
      ...binary('sub', 7),
      ...binary('mul', 8),
      ...binary('div', 9),
      ...binary('wherePositive', 10, true),
    },

    matmul(product, a, b, c) {
      if (!multiply(product, a, b, c)) referenceKernels.matmul(product, a, b, c);
    },

    readView(x, view, y) {
      const { strides, offset } = view;
      const [rows, length, row] = rowsOf(view);
      const isOneNumber = strides.every((stride) => stride === 0);
      if (isOneNumber) y.fill(x[offset]);
      else if (length === 0 || !copyRows(rows, length, x, offset, row, y, 0, length))
        referenceKernels.readView(x, view, y);
    },

    writeView(x, view, y) {
      const [rows, length, row] = rowsOf(view);
      if (length === 0 || !copyRows(rows, length, x, 0, length, y, view.offset, row))
        referenceKernels.writeView(x, view, y);
    },

    sumView(x, view, y) {
      const { shape, strides } = view;
      const isSumOfRows = shape.length === 2 && strides[0] === 0 && strides[1] === 1 && shape[1] === y.length;
      const isSumOfAll = y.length === 1 && view.offset === 0;
      if (isSumOfAll && sumColumns(x.length, 1, x, y)) return;
      if (isSumOfRows && sumColumns(shape[0], y.length, x, y)) return;
      referenceKernels.sumView(x, view, y);
    },

    adam(step, p, g, m, v) {
      const { beta1, beta2, eps, stepSize, correction, weightDecay, factor } = step;
      const done = inPlace([p, g, m, v], [p, m, v], ([atP, atG, atM, atV]) => {
        // biome-ignore format: operands and numbers stay together
        wasm.adam(
          p.length, atP, atG, atM, atV,
          beta1, beta2, eps, stepSize, correction, weightDecay, factor,
        );
      });
      if (!done) referenceKernels.adam(step, p, g, m, v);
    },

    average(x, y, share) {
      const done = inPlace([x, y], [y], ([atX, atY]) => wasm.average(y.length, atX, atY, share));
      if (!done) referenceKernels.average(x, y, share);
    },

    scale(x, factor) {
      if (!inPlace([x], [x], ([atX]) => wasm.scale(x.length, atX, factor))) referenceKernels.scale(x, factor);
    },

    addSquares(x, sum) {
      let total = sum;
      const done = inPlace([x], [], ([atX]) => {
        total = wasm.addSquares(x.length, atX, sum);
      });
      return done ? total : referenceKernels.addSquares(x, sum);
    },
  };
}

/** A view of one or two axes as rows that are contiguous in memory: how many, how long, how far apart. Length 0 if it is not of that kind. */
function rowsOf({ shape, strides }: StridedView): [count: number, length: number, row: number] {
  const axes = shape.length;
  if (axes === 0 || axes > 2 || strides[axes - 1] !== 1) return NO_ROWS;
  return axes === 2 ? [shape[0], shape[1], strides[0]] : [1, shape[0], shape[0]];
}

const NO_ROWS: [number, number, number] = [0, 0, 0];
