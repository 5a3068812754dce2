import type { FloatArray } from '../memory/allocate.js';
import type { Arena } from '../memory/arena.js';
import type { Shape } from '../shape.js';

/**
 * What ops run on: every loop over elements is a kernel. The sets have this one interface; `reference` is its
 * specification, and property tests hold the others to it. All arrays of one call have the same element type, the
 * last array argument is the output, and an output never overlaps an input.
 */
export interface KernelSet {
  readonly name: string;
  /** Who computes a float32 product of [m, k] and [k, n], and why; null where it is simply this set. */
  explain?(m: number, k: number, n: number): KernelChoice | null;
  /** The memory it computes in, if tensors can be kept there. */
  readonly arena?: Arena;
  /** How many threads its kernels are shared out to, if it has any. */
  readonly threads?: number;
  /** Shares kernels out to this many threads, the calling one included; gives how many there are then. */
  useThreads?(count: number): Promise<number>;
  /** y[i] = f(x[i]) */
  readonly unary: Readonly<Record<UnaryKernelName, (x: FloatArray, y: FloatArray) => void>>;
  /** y[i] = f(x[i]; p, q) */
  readonly parametric: Readonly<
    Record<ParametricKernelName, (x: FloatArray, y: FloatArray, p: number, q: number) => void>
  >;
  /** z[i] = f(a[i], b[i]) */
  readonly binary: Readonly<Record<BinaryKernelName, (a: FloatArray, b: FloatArray, z: FloatArray) => void>>;
  /** z[i] = condition[i] is not 0 ? a[i] : b[i] */
  select(condition: FloatArray, a: FloatArray, b: FloatArray, z: FloatArray): void;
  /** C = activation(op(A) op(B) + bias on every row), the last two where they are given */
  matmul(product: MatmulProduct, a: FloatArray, b: FloatArray, c: FloatArray): void;
  /** y[i...] = x[view(i...)], for every i of the view */
  readView(x: FloatArray, view: View, y: FloatArray): void;
  /** y[view(i...)] = x[i...]; the rest of y stays as it is */
  writeView(x: FloatArray, view: View, y: FloatArray): void;
  /** y[view(i...)] = the sum of all x[i...] that land there; y is zero before. Accumulates in float64. */
  sumView(x: FloatArray, view: View, y: FloatArray): void;
  /** y[view(i...)] = the largest of all x[i...] that land there, NaN if one is; -Infinity where none does. */
  maxView(x: FloatArray, view: View, y: FloatArray): void;
  /** For x of [outer, length, inner]: where along the middle axis each first largest number is; a NaN counts as largest. */
  argmax(x: FloatArray, length: number, inner: number, indices: Int32Array): void;
  /** y[i] = x[places[i]] */
  take(x: FloatArray, places: Int32Array, y: FloatArray): void;
  /** y[j] = the sum of all x[i] with places[i] = j. Accumulates in float64. */
  putAdd(x: FloatArray, places: Int32Array, y: FloatArray): void;
}

/** What `explainKernelChoice` says. */
export interface KernelChoice {
  /** The name of the set that computes the product, such as 'reference', 'simd' or 'gpu'. */
  readonly kernels: string;
  /** The reason, as a sentence that begins with that name. */
  readonly why: string;
  /** The measurement that decided it, if one did. */
  readonly measured?: Timing;
}

/** What one product of [m, k] and [k, n] took, in milliseconds, on the GPU and on the kernel set beside it. */
export interface Timing {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly gpuMs: number;
  readonly cpuMs: number;
}

export type UnaryKernelName =
  | 'neg'
  | 'square'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'relu'
  | 'tanh'
  | 'sigmoid';

/**
 * `powNumber` is x^p · `clamp` x held between p and q · `leakyRelu` x where x > 0, else p x · `softplus`
 * log(1 + e^(p x)) / p, and x where p x > q.
 */
export type ParametricKernelName = 'powNumber' | 'clamp' | 'leakyRelu' | 'softplus';

/** `gate` is a where b > 0, else 0: ReLU's gradient. `greater` and `equal` are 1 where a > b or a = b, else 0. */
export type BinaryKernelName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'minimum'
  | 'maximum'
  | 'gate'
  | 'greater'
  | 'equal';

/**
 * C [m, n] = op(A) op(B) with k the summed length. The form says how A and B lie in memory, so that no transpose is
 * ever materialized: `nn` A [m, k], B [k, n] · `nt` A [m, k], B [n, k] · `tn` A [k, m], B [k, n].
 */
export interface MatmulProduct {
  readonly form: MatmulForm;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** [n], added to every row of C */
  readonly bias?: FloatArray | undefined;
  /** Applied to every element, after the bias */
  readonly activation?: Activation | undefined;
}

export type Activation = 'relu' | 'tanh';

export type MatmulForm = 'nn' | 'nt' | 'tn';

/**
 * A strided window on flat data: element [i, j, ...] of `shape` is at offset + i strides[0] + j strides[1] + ...
 * A stride of 0 repeats along that axis, which is what broadcasting and its gradient, summing, are made of.
 */
export interface View {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}
