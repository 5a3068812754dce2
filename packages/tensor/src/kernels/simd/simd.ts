import { checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import type { FloatArray } from '../../dtype.js';
import type { KernelSet, StridedView } from '../kernel-set.js';
import { referenceKernels } from '../reference.js';
import { type Compiled, compile, MAX_BYTES } from './compile.js';
import { Workers } from './workers.js';

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
function kernelSet(name: string, { exports: wasm, arena, module, memory }: Compiled): KernelSet {
  const workers = new Workers(module, memory, wasm);

  /** The address of an array in WebAssembly's memory. Copies it there if needed; 0 if there is no room. */
  function addressOf(x: FloatArray): number {
    const own = arena.addressOf(x as Float32Array);
    if (own !== 0) return own;
    const address = arena.reserve(x.length);
    if (address !== 0) arena.write(address, x);
    return address;
  }

  /** The address to which a result is written; 0 if there is no room. */
  function addressFor(y: FloatArray): number {
    return arena.addressOf(y as Float32Array) || arena.reserve(y.length);
  }

  /**
   * Runs `compute`, then copies the result to `y` if that is in other memory. Does nothing and returns false if an
   * address is 0. `inputs` is the smallest address of the inputs.
   */
  function run(y: FloatArray, output: number, inputs: number, compute: () => void): boolean {
    if (output === 0 || inputs === 0) return false;
    workers.run(compute);
    if (arena.addressOf(y as Float32Array) === 0) arena.read(output, y);
    return true;
  }

  /**
   * Runs `compute`, then releases the memory that it reserved. Does nothing and returns false if `y` is float64 or, when
   * the kernel is not `worthCopying`, if `y` is in other memory.
   */
  function inArena(y: FloatArray, worthCopying: boolean, compute: () => boolean): boolean {
    if (y instanceof Float64Array || !(worthCopying || arena.addressOf(y) !== 0)) return false;
    const { top } = arena;
    try {
      return compute();
    } finally {
      arena.release(top);
    }
  }

  function elementwise(
    op: number,
    worthCopying: boolean,
    a: FloatArray,
    b: FloatArray,
    z: FloatArray,
  ): boolean {
    return inArena(z, worthCopying, () => {
      const atA = addressOf(a);
      const atB = b === a ? atA : addressOf(b);
      const atZ = addressFor(z);
      return run(z, atZ, Math.min(atA, atB), () => {
        wasm.elementwise(op, z.length, atA, atB, atZ, workers.ready);
      });
    });
  }

  /**
   * Runs `compute` with the addresses of these arrays, and copies back those that are in other memory and are `changed`.
   * Does nothing and returns false if one is float64, or there is no room.
   */
  function inPlace(
    arrays: readonly FloatArray[],
    changed: readonly FloatArray[],
    compute: (addresses: readonly number[]) => void,
  ): boolean {
    if (arrays.some((x) => x instanceof Float64Array)) return false;
    const { top } = arena;
    try {
      const addresses = arrays.map(addressOf);
      if (addresses.includes(0)) return false;
      compute(addresses);
      for (const x of changed)
        if (arena.addressOf(x as Float32Array) === 0) arena.read(addresses[arrays.indexOf(x)], x);
      return true;
    } finally {
      arena.release(top);
    }
  }

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

  /** Copies rows from x to y. The numbers of a row are contiguous in both. */
  function copyRows(
    rows: number,
    length: number,
    x: FloatArray,
    [xOffset, xRow]: [number, number],
    y: FloatArray,
    [yOffset, yRow]: [number, number],
  ): boolean {
    // If x is long and in other memory, copying all of it takes too long. JavaScript copies only the rows.
    const isInOtherMemory = arena.addressOf(x as Float32Array) === 0;
    if (isInOtherMemory && x.length > 2 * rows * length) return false;
    return inArena(y, false, () => {
      const from = addressOf(x);
      const to = addressFor(y);
      return run(y, to, from, () => {
        wasm.copyRows(rows, length, from + 4 * xOffset, 4 * xRow, to + 4 * yOffset, 4 * yRow, workers.ready);
      });
    });
  }

  return {
    ...referenceKernels,
    name,
    get threads() {
      return workers.count;
    },
    ...(arena.stable && { arena, useThreads: (count: number) => workers.use(count) }),

    explain(m, k, n) {
      const bytes = 4 * (m * k + k * n + k * Math.ceil(n / 8) * 8 + m * n); // as much as matmul reserves
      if (arena.top + bytes < MAX_BYTES) return null;
      const { name } = referenceKernels;
      return {
        kernels: name,
        why: `${name}: copies of the operands and the result do not fit into WebAssembly's memory, which has 1 GiB at most`,
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
      const { form, m, k, n, bias, activation } = product;
      const [aRow, aCol] = form === 'tn' ? [1, m] : [k, 1]; // op(A)[i, p] is a[i aRow + p aCol]
      const [bRow, bCol] = form === 'nt' ? [1, k] : [n, 1]; // op(B)[p, j] is b[p bRow + j bCol]
      const done = inArena(c, true, () => {
        const atA = addressOf(a);
        const atB = b === a ? atA : addressOf(b);
        const atBias = bias ? addressOf(bias) : 0;
        const panels = arena.reserve(k * Math.ceil(n / 8) * 8);
        // Transposing A pays off only if C is large: for a small C the kernel makes fewer passes over A.
        const transposedA = form === 'tn' && m * n >= 2 ** 14 ? arena.reserve(m * k) : 0;
        const atC = addressFor(c);
        return run(c, atC, Math.min(atA, atB, panels, bias ? atBias : panels), () => {
          // biome-ignore format: sizes and operands stay together
          wasm.matmul(
            m, k, n,
            atA, 4 * aRow, 4 * aCol,
            atB, 4 * bRow, 4 * bCol,
            atBias, atC, panels, transposedA, activation ? ACTIVATIONS[activation] : 0, workers.ready,
          );
        });
      });
      if (!done) referenceKernels.matmul(product, a, b, c);
    },

    readView(x, view, y) {
      const rows = rowsOf(view);
      if (!rows || !copyRows(rows.count, rows.length, x, rows.from, y, [0, rows.length])) {
        referenceKernels.readView(x, view, y);
      }
    },

    writeView(x, view, y) {
      const rows = rowsOf(view);
      if (!rows || !copyRows(rows.count, rows.length, x, [0, rows.length], y, rows.from)) {
        referenceKernels.writeView(x, view, y);
      }
    },

    sumView(x, view, y) {
      const [rows, columns] = view.shape;
      const isSumOfRows =
        view.shape.length === 2 && view.strides[0] === 0 && view.strides[1] === 1 && columns === y.length;
      const done =
        isSumOfRows &&
        inArena(y, true, () => {
          const atX = addressOf(x);
          const atY = addressFor(y);
          return run(y, atY, atX, () => wasm.sumColumns(rows, columns, atX, atY));
        });
      if (!done) referenceKernels.sumView(x, view, y);
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

/** The activation numbers of assembly/matmul.ts. */
const ACTIVATIONS = { relu: 1, tanh: 2 };

/** Describes a view of one or two axes as rows that are contiguous in memory; null if it is not of that kind. */
function rowsOf({ shape, strides, offset }: StridedView) {
  if (shape.length === 0 || shape.length > 2 || strides.at(-1) !== 1) return null;
  const [count, length] = shape.length === 2 ? shape : [1, shape[0]];
  return { count, length, from: [offset, strides[0]] as [number, number] };
}
