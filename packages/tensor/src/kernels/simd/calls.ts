import type { FloatArray } from '../../dtype.js';
import type { MatmulProduct } from '../kernel-set.js';
import type { Compiled } from './compile.js';
import { sharesNumbers, sharesProduct } from './sharing.js';
import type { Workers } from './workers.js';

/**
 * The kernels as calls with arrays. They copy operands and results that are in other memory. A call returns false, and has done
 * nothing, if the kernel is for JavaScript, or if there is no room for the copies.
 */
export function kernelCalls({ exports: wasm, arena }: Compiled, workers: Workers) {
  // Many kernels run for less than a microsecond. So the functions below make no closures and no arrays.

  /** The address of an array in WebAssembly's memory. Copies it there if needed; 0 if there is no room. */
  function addressOf(x: FloatArray): number {
    const own = arena.addressOf(x);
    if (own !== 0) return own;
    const address = arena.reserve(x.length);
    if (address !== 0) arena.write(address, x);
    return address;
  }

  /** The address to which a result is written; 0 if there is no room. */
  function addressFor(y: FloatArray): number {
    return arena.addressOf(y) || arena.reserve(y.length);
  }

  /** Copies the result to `y` if that is in other memory. */
  function deliver(output: number, y: FloatArray): void {
    if (arena.addressOf(y) === 0) arena.read(output, y);
  }

  /** Whether a kernel for the result `y` runs in JavaScript: if it is float64 or, unless it is `worthCopying`, in other memory. */
  function isForJavaScript(y: FloatArray, worthCopying: boolean): boolean {
    return y instanceof Float64Array || !(worthCopying || arena.addressOf(y) !== 0);
  }

  /** Returns false, and does nothing, if the kernel is for JavaScript, or if there is no room. */
  function elementwise(
    op: number,
    worthCopying: boolean,
    a: FloatArray,
    b: FloatArray,
    z: FloatArray,
  ): boolean {
    if (isForJavaScript(z, worthCopying)) return false;
    const { top } = arena;
    workers.check();
    try {
      const atA = addressOf(a);
      const atB = b === a ? atA : addressOf(b);
      const atZ = addressFor(z);
      if (atA === 0 || atB === 0 || atZ === 0) return false;
      wasm.elementwise(op, z.length, atA, atB, atZ, workers.ready && sharesNumbers(z.length));
      deliver(atZ, z);
      return true;
    } catch (trap) {
      throw workers.errorOf(trap);
    } finally {
      arena.release(top);
    }
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
      for (const x of changed) if (arena.addressOf(x) === 0) arena.read(addresses[arrays.indexOf(x)], x);
      return true;
    } finally {
      arena.release(top);
    }
  }

  /** Copies rows from x to y. The numbers of a row are contiguous in both. Returns false as `elementwise` does. */
  // biome-ignore format: sizes and operands stay together
  function copyRows(
    rows: number, length: number,
    x: FloatArray, xOffset: number, xRow: number,
    y: FloatArray, yOffset: number, yRow: number,
  ): boolean {
    if (isForJavaScript(y, false)) return false;
    // If x is long and in other memory, copying all of it takes too long. JavaScript copies only the rows.
    if (arena.addressOf(x) === 0 && x.length > 2 * rows * length) return false;
    const { top } = arena;
    workers.check();
    try {
      const from = addressOf(x);
      const to = addressFor(y);
      if (from === 0 || to === 0) return false;
      const shared = workers.ready && sharesNumbers(rows * length);
      wasm.copyRows(rows, length, from + 4 * xOffset, 4 * xRow, to + 4 * yOffset, 4 * yRow, shared);
      return true;
    } catch (trap) {
      throw workers.errorOf(trap);
    } finally {
      arena.release(top);
    }
  }

  function sumColumns(rows: number, columns: number, x: FloatArray, y: FloatArray): boolean {
    if (isForJavaScript(y, true)) return false;
    const { top } = arena;
    try {
      const atX = addressOf(x);
      const atY = addressFor(y);
      if (atX === 0 || atY === 0) return false;
      wasm.sumColumns(rows, columns, atX, atY);
      deliver(atY, y);
      return true;
    } finally {
      arena.release(top);
    }
  }

  function multiply(product: MatmulProduct, a: FloatArray, b: FloatArray, c: FloatArray): boolean {
    if (isForJavaScript(c, true)) return false;
    const { form, m, k, n, bias, activation, columns } = product;
    const aRow = form === 'tn' ? 1 : k; // op(A)[i, p] is a[i aRow + p aCol]
    const aCol = form === 'tn' ? m : 1;
    const width = columns ? columns.total : form === 'nt' ? k : n;
    const bRow = form === 'nt' ? 1 : width; // op(B)[p, j] is b[start + p bRow + j bCol]
    const bCol = form === 'nt' ? width : 1;
    const start = columns ? columns.start : 0;
    const { top } = arena;
    workers.check();
    try {
      const atA = addressOf(a);
      const atB = b === a ? atA : addressOf(b);
      const atBias = bias ? addressOf(bias) : 0;
      const panels = arena.reserve(k * Math.ceil(n / 8) * 8);
      // Transposing A pays off only if C is large: for a small C the kernel makes fewer passes over A.
      const transposedA = form === 'tn' && m * n >= 2 ** 14 ? arena.reserve(m * k) : 0;
      const atC = addressFor(c);
      if (atA === 0 || atB === 0 || (bias && atBias === 0) || panels === 0 || atC === 0) return false;
      // biome-ignore format: sizes and operands stay together
      wasm.matmul(
        m, k, n,
        atA, 4 * aRow, 4 * aCol,
        atB + 4 * start, 4 * bRow, 4 * bCol,
        atBias, atC, panels, transposedA, activation ? ACTIVATIONS[activation] : 0,
        workers.ready && sharesProduct(m, k, n),
      );
      deliver(atC, c);
      return true;
    } catch (trap) {
      throw workers.errorOf(trap);
    } finally {
      arena.release(top);
    }
  }

  return { elementwise, copyRows, sumColumns, multiply, inPlace };
}

/** The activation numbers of assembly/matmul.ts. */
const ACTIVATIONS = { relu: 1, tanh: 2 };
