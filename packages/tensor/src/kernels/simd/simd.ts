import type { FloatArray } from '../../memory/allocate.js';
import type { KernelSet, View } from '../kernel-set.js';
import { reference } from '../reference.js';
import { type Compiled, compile, MAX_BYTES } from './compile.js';
import { Workers } from './workers.js';

export interface SimdOptions {
  /**
   * Whether products may multiply and add in one rounding, where the platform offers that: faster, but numbers can differ
   * in the last bit from one make of processor to another. Default true.
   */
  relaxed?: boolean;
}

const made = new Map<boolean, KernelSet | null>();

/**
 * Matrix products and the most used loops on WebAssembly's vectors of four, the rest on the reference kernels. Named
 * `relaxed-simd` where products round once.
 *
 * Null where there is no WebAssembly, or none with vectors, or where it is forbidden: a Content Security Policy must
 * allow 'wasm-unsafe-eval'. Compiled on the first call; later calls give the same set.
 */
export function simdKernels({ relaxed = true }: SimdOptions = {}): KernelSet | null {
  let set = made.get(relaxed);
  if (set === undefined) {
    const compiled = compile(relaxed);
    if (compiled) set = kernelSet(relaxed ? 'relaxed-simd' : 'simd', compiled);
    else set = relaxed ? simdKernels({ relaxed: false }) : null;
    made.set(relaxed, set);
  }
  return set;
}

/**
 * Arrays in WebAssembly's memory, where `scope` keeps tensors, are computed on where they are. Others are copied in and
 * out: 16 microseconds for a matrix of 1024 x 64, whose product with one of 64 x 64 takes 210. A loop that JavaScript runs as
 * fast as it copies stays there, unless its result is in WebAssembly's memory.
 */
function kernelSet(name: string, { exports: wasm, arena, module, memory }: Compiled): KernelSet {
  const workers = new Workers(module, memory, wasm);

  /** The address of an array's numbers, copied if need be; 0 if there is no room for a copy. */
  function addressOf(x: FloatArray): number {
    const own = arena.addressOf(x as Float32Array);
    if (own !== 0) return own;
    const address = arena.reserve(x.length);
    if (address !== 0) arena.write(address, x);
    return address;
  }

  /** The address to write a result to. */
  function addressFor(y: FloatArray): number {
    return arena.addressOf(y as Float32Array) || arena.reserve(y.length);
  }

  /** Runs `compute` unless an address is 0, and takes the result out of there if it belongs elsewhere. False if not run. */
  function run(y: FloatArray, address: number, others: number, compute: () => void): boolean {
    if (address === 0 || others === 0) return false;
    workers.guard(compute);
    if (arena.addressOf(y as Float32Array) === 0) arena.read(address, y);
    return true;
  }

  /** Releases what `compute` has reserved. Float64 and results in other memory, if not `anywhere`, are not for it. */
  function inArena(y: FloatArray, anywhere: boolean, compute: () => boolean): boolean {
    if (y instanceof Float64Array || !(anywhere || arena.addressOf(y) !== 0)) return false;
    const { top } = arena;
    try {
      return compute();
    } finally {
      arena.release(top);
    }
  }

  function elementwise(op: number, anywhere: boolean, a: FloatArray, b: FloatArray, z: FloatArray): boolean {
    return inArena(z, anywhere, () => {
      const atA = addressOf(a);
      const atB = b === a ? atA : addressOf(b);
      const atZ = addressFor(z);
      return run(z, atZ, Math.min(atA, atB), () => {
        wasm.elementwise(op, z.length, atA, atB, atZ, workers.ready);
      });
    });
  }

  const unary = (name: keyof KernelSet['unary'], op: number, anywhere = false) => ({
    [name]: (x: FloatArray, y: FloatArray) => {
      if (!elementwise(op, anywhere, x, x, y)) reference.unary[name](x, y);
    },
  });
  const binary = (name: keyof KernelSet['binary'], op: number, anywhere = false) => ({
    [name]: (a: FloatArray, b: FloatArray, z: FloatArray) => {
      if (!elementwise(op, anywhere, a, b, z)) reference.binary[name](a, b, z);
    },
  });

  /** Rows from one place to the other, both with the numbers of a row side by side. */
  function copyRows(
    rows: number,
    length: number,
    x: FloatArray,
    [xOffset, xRow]: [number, number],
    y: FloatArray,
    [yOffset, yRow]: [number, number],
  ): boolean {
    // Of a long array elsewhere, only the rows are worth copying, and JavaScript does just that.
    const isElsewhere = arena.addressOf(x as Float32Array) === 0;
    if (isElsewhere && x.length > 2 * rows * length) return false;
    return inArena(y, false, () => {
      const from = addressOf(x);
      const to = addressFor(y);
      return run(y, to, from, () => {
        wasm.copyRows(rows, length, from + 4 * xOffset, 4 * xRow, to + 4 * yOffset, 4 * yRow, workers.ready);
      });
    });
  }

  return {
    ...reference,
    name,
    get threads() {
      return workers.count;
    },
    ...(arena.stable && { arena, useThreads: (count: number) => workers.use(count) }),

    explain(m, k, n) {
      const bytes = 4 * (m * k + k * n + k * Math.ceil(n / 8) * 8 + m * n); // as matmul reserves
      if (arena.top + bytes < MAX_BYTES) return null;
      return {
        kernels: reference.name,
        why: `${reference.name}: copies of operands and result don't fit in what is free of WebAssembly's memory, 1 GiB at most`,
      };
    },

    // The numbers are assembly/elementwise.ts's. With `true`: worth the copies.
    unary: {
      ...reference.unary,
      ...unary('neg', 0),
      ...unary('square', 1),
      ...unary('sqrt', 2),
      ...unary('abs', 3),
      ...unary('relu', 4, true),
      ...unary('tanh', 5, true),
    },
    binary: {
      ...reference.binary,
      ...binary('add', 6),
      ...binary('sub', 7),
      ...binary('mul', 8),
      ...binary('div', 9),
      ...binary('gate', 10, true),
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
        // Turning A costs as much as it gains with the fewer passes over A that a smaller C takes.
        const turned = form === 'tn' && m * n >= 2 ** 14 ? arena.reserve(m * k) : 0;
        const atC = addressFor(c);
        return run(c, atC, Math.min(atA, atB, panels, bias ? atBias : panels), () => {
          // biome-ignore format: sizes and operands stay together
          wasm.matmul(
            m, k, n,
            atA, 4 * aRow, 4 * aCol,
            atB, 4 * bRow, 4 * bCol,
            atBias, atC, panels, turned, activation ? ACTIVATIONS[activation] : 0, workers.ready,
          );
        });
      });
      if (!done) reference.matmul(product, a, b, c);
    },

    readView(x, view, y) {
      const rows = rowsOf(view);
      if (!rows || !copyRows(rows.count, rows.length, x, rows.from, y, [0, rows.length])) {
        reference.readView(x, view, y);
      }
    },

    writeView(x, view, y) {
      const rows = rowsOf(view);
      if (!rows || !copyRows(rows.count, rows.length, x, [0, rows.length], y, rows.from)) {
        reference.writeView(x, view, y);
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
      if (!done) reference.sumView(x, view, y);
    },
  };
}

/** As in assembly/matmul.ts. */
const ACTIVATIONS = { relu: 1, tanh: 2 };

/** A view of one or two axes whose rows are each side by side in memory; null of any other. */
function rowsOf({ shape, strides, offset }: View) {
  if (shape.length === 0 || shape.length > 2 || strides.at(-1) !== 1) return null;
  const [count, length] = shape.length === 2 ? shape : [1, shape[0]];
  return { count, length, from: [offset, strides[0]] as [number, number] };
}
