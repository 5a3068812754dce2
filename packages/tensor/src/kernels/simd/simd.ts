import type { FloatArray } from '../../memory/allocate.js';
import type { KernelSet } from '../kernel-set.js';
import { reference } from '../reference.js';
import { type Compiled, compile } from './compile.js';

let made: KernelSet | null | undefined;

/**
 * Matrix products, relu and gate on WebAssembly's vectors of four, the rest on the reference kernels. (Beside this
 * matmul, the reference's relu and gate took a third of a training step of MADDPG.)
 *
 * Null where there is no WebAssembly, or none with vectors, or where it is forbidden: a Content Security Policy must
 * allow 'wasm-unsafe-eval'. Compiled on the first call; later calls give the same set.
 */
export function simdKernels(): KernelSet | null {
  if (made === undefined) {
    const compiled = compile();
    made = compiled && kernelSet(compiled);
  }
  return made;
}

/**
 * Operands are copied into WebAssembly's memory and results out of it: 11 of the 270 microseconds of a product of
 * 1024 x 64 x 64. The smallest products take 0.15 microseconds, 0.1 more than on the reference kernels, and are not
 * worth a path of their own; from 6 x 6 x 6 on, this set is faster. (Medians of alternating runs, Node 20, one core.)
 */
function kernelSet(wasm: Compiled): KernelSet {
  let numbers = new Float32Array(wasm.memory.buffer);

  /** Room for `length` numbers at least, until the next call. Null where the result is for the reference to compute. */
  function workspace(length: number, result: FloatArray): Float32Array | null {
    if (result instanceof Float64Array || length > MAX_LENGTH) return null;
    if (length > numbers.length) {
      wasm.memory.grow(Math.ceil((length - numbers.length) / NUMBERS_PER_PAGE));
      numbers = new Float32Array(wasm.memory.buffer);
    }
    return numbers;
  }

  return {
    ...reference,
    name: 'simd',

    unary: {
      ...reference.unary,
      relu(x, y) {
        const work = workspace(aligned(x.length), y);
        if (!work) return reference.unary.relu(x, y);
        work.set(x);
        wasm.relu(x.length, 0);
        y.set(work.subarray(0, y.length));
      },
    },

    binary: {
      ...reference.binary,
      gate(a, b, z) {
        const atB = aligned(a.length);
        const work = workspace(2 * atB, z);
        if (!work) return reference.binary.gate(a, b, z);
        work.set(a);
        work.set(b, atB);
        wasm.gate(a.length, 0, 4 * atB);
        z.set(work.subarray(0, z.length));
      },
    },

    matmul(product, a, b, c) {
      const { form, m, k, n, bias } = product;
      const atA = aligned(8 * k); // a panel of eight columns lies before it
      const atB = atA + aligned(a.length);
      const atBias = atB + aligned(b.length);
      const atC = atBias + aligned(n + 8);
      const work = workspace(atC + aligned(c.length + 8), c);
      if (!work) return reference.matmul(product, a, b, c);
      work.set(a, atA);
      work.set(b, atB);
      if (bias) work.set(bias, atBias);
      else work.fill(0, atBias, atBias + n);
      const [aRow, aCol] = form === 'tn' ? [1, m] : [k, 1]; // op(A)[i, p] is a[i aRow + p aCol]
      const [bRow, bCol] = form === 'nt' ? [1, k] : [n, 1]; // op(B)[p, j] is b[p bRow + j bCol]
      // biome-ignore format: sizes and operands stay together
      wasm.matmul(
        m, k, n,
        4 * atA, 4 * aRow, 4 * aCol,
        4 * atB, 4 * bRow, 4 * bCol,
        4 * atBias, 4 * atC, 0,
      );
      c.set(work.subarray(atC, atC + c.length));
      if (product.activation) reference.unary[product.activation](c, c);
    },
  };
}

/** 1 GiB. WebAssembly's memory grows and is kept; what needs more runs on the reference kernels. */
const MAX_LENGTH = 2 ** 28;
const NUMBERS_PER_PAGE = 2 ** 14;

/** Operands start at multiples of 64 bytes: vectors that straddle cache lines take longer to load. */
function aligned(length: number): number {
  return Math.ceil(length / 16) * 16;
}
