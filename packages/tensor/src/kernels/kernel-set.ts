import type { FloatArray } from '../dtype.js';
import type { Shape } from '../shape.js';
import type { Arena } from './arena.js';

/**
 * The kernels that ops run on: every loop over elements is one. All kernel sets have this interface.
 * `referenceKernels` is its specification, and property tests compare the other sets with it. All arrays of one call
 * have the same element type, the last array argument is the output, and the output never overlaps an input.
 */
export interface KernelSet extends ParameterKernels {
  /** What `explainKernelChoice` calls it. */
  readonly name: string;
  /** Which kernel set computes a float32 product of [m, k] and [k, n], and why; null if it is simply this set. */
  explain?(m: number, k: number, n: number): KernelChoice | null;
  /** The memory that the kernels compute in, if tensors can be stored there. */
  readonly arena?: Arena;
  /** The number of threads that share the work of a kernel, if this set supports threads. */
  readonly threads?: number;
  /** How many of them compute a float32 product of [m, k] and [k, n] on this set, and why. */
  threadsOf?(m: number, k: number, n: number): { readonly threads: number; readonly why: string };
  /** Sets the number of threads, the calling one included; resolves to the number that there are then. */
  useThreads?(count: number): Promise<number>;
  /** y[i] = f(x[i]) */
  readonly unary: Readonly<Record<UnaryKernelName, (x: FloatArray, y: FloatArray) => void>>;
  /** y[i] = f(x[i]; p, q) */
  readonly parametric: Readonly<
    Record<ParametricKernelName, (x: FloatArray, y: FloatArray, p: number, q: number) => void>
  >;
  /** z[i] = f(a[i], b[i]) */
  readonly binary: Readonly<Record<BinaryKernelName, (a: FloatArray, b: FloatArray, z: FloatArray) => void>>;
  /** z[i] = a[i] if condition[i] is not 0, else b[i] */
  select(condition: FloatArray, a: FloatArray, b: FloatArray, z: FloatArray): void;
  /** C = activation(op(A) op(B) + bias), with the bias added to every row. Bias and activation are optional. */
  matmul(product: MatmulProduct, a: FloatArray, b: FloatArray, c: FloatArray): void;
  /** y[i...] = x[view(i...)], for every index i... of the view */
  readView(x: FloatArray, view: StridedView, y: FloatArray): void;
  /** y[view(i...)] = x[i...]; all other elements of y stay unchanged */
  writeView(x: FloatArray, view: StridedView, y: FloatArray): void;
  /** y[view(i...)] = the sum of all x[i...] that the view maps there; y is zero before. Sums in float64. */
  sumView(x: FloatArray, view: StridedView, y: FloatArray): void;
  /** y[view(i...)] = the maximum of all x[i...] that the view maps there; NaN if one is NaN, -Infinity if there is none */
  maxView(x: FloatArray, view: StridedView, y: FloatArray): void;
  /** For x of [outer, length, inner]: the index of the first maximum along the middle axis. NaN counts as the maximum. */
  argmax(x: FloatArray, length: number, inner: number, indices: Int32Array): void;
  /**
   * For x of [outer, length, inner]: the indices that put the middle axis in order. Ties stay in their order, and NaN
   * counts as the largest number. Indices of [outer, count, inner] with a smaller `count` receive the first ones.
   */
  argsort(x: FloatArray, length: number, inner: number, descending: boolean, indices: Int32Array): void;
  /** For x of [outer, length, inner]: y = the sums of x up to each index of the middle axis, or from it on. Sums in float64. */
  cumsum(x: FloatArray, length: number, inner: number, fromTheEnd: boolean, y: FloatArray): void;
  /** y[i] = x[positions[i]] */
  take(x: FloatArray, positions: Int32Array, y: FloatArray): void;
  /** y[j] = the sum of all x[i] with positions[i] = j. Sums in float64. */
  putAdd(x: FloatArray, positions: Int32Array, y: FloatArray): void;
}

/** What training does to whole parameters, in place. */
export interface ParameterKernels {
  /**
   * One step of Adam (nn's `Adam` has the equations) for parameter p with gradient g and the moving averages m and v:
   *
   *     p <- factor p,  g <- g + weightDecay p
   *     m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g²
   *     p <- p - stepSize m / (sqrt(v) / correction + eps)
   *
   * Computed in float64. Every value that is stored is rounded, and then read again.
   */
  adam(step: AdamStep, p: FloatArray, g: FloatArray, m: FloatArray, v: FloatArray): void;
  /** y[i] = share x[i] + (1 - share) y[i], computed in float64 */
  average(x: FloatArray, y: FloatArray, share: number): void;
  /** x[i] = factor x[i], with the factor rounded to the type of x */
  scale(x: FloatArray, factor: number): void;
  /** sum + x[0]² + x[1]² + ..., in float64 and in this order. For float32, it is finite exactly if all numbers are. */
  addSquares(x: FloatArray, sum: number): number;
}

/** The numbers of one step of Adam. */
export interface AdamStep {
  /** The decay rate of m. */
  readonly beta1: number;
  /** The decay rate of v. */
  readonly beta2: number;
  /** Added to the root, so that nothing is divided by 0. */
  readonly eps: number;
  /** lr / (1 - beta1^t) */
  readonly stepSize: number;
  /** sqrt(1 - beta2^t) */
  readonly correction: number;
  /** λ of a penalty in the loss */
  readonly weightDecay: number;
  /** 1 - lr λ for a decay apart from the loss, else 1 */
  readonly factor: number;
}

/** The result of `explainKernelChoice`. */
export interface KernelChoice {
  /** The name of the set that computes the product, such as 'reference', 'simd' or 'gpu'. */
  readonly kernels: string;
  /** The reason, as a sentence that begins with that name. */
  readonly why: string;
  /** How many threads share the product: 1 if it is too small. Only where there is more than one. */
  readonly threads?: number;
  /** The measurement that decided, if there was one. */
  readonly measured?: MatmulTiming;
}

/** The time of one product of [m, k] and [k, n], in milliseconds, on the GPU and on the CPU's kernel set. */
export interface MatmulTiming {
  /** Rows of the product. */
  readonly m: number;
  /** Products that are summed for each element. */
  readonly k: number;
  /** Columns of the product. */
  readonly n: number;
  /** On the GPU. */
  readonly gpuMs: number;
  /** On the CPU. */
  readonly cpuMs: number;
}

/** Kernels with one operand. Their names say what they compute. */
export type UnaryKernelName =
  | 'neg'
  | 'square'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'abs'
  | 'sign'
  | 'sin'
  | 'cos'
  | 'erf'
  | 'relu'
  | 'tanh'
  | 'sigmoid';

/**
 * `powNumber`: x^p · `clamp`: x limited to the range from p to q · `leakyRelu`: x if x > 0, else p x · `softplus`:
 * log(1 + e^(p x)) / p, or x if p x > q.
 */
export type ParametricKernelName = 'powNumber' | 'clamp' | 'leakyRelu' | 'softplus';

/**
 * `wherePositive`: 0 if b <= 0, else a (ReLU's gradient) · from `less` on: 1 if the comparison holds, else 0. The other
 * names say what they compute.
 */
export type BinaryKernelName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'minimum'
  | 'maximum'
  | 'wherePositive'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual'
  | 'eq'
  | 'notEqual';

/**
 * C [m, n] = op(A) op(B), a sum over k. The form says how A and B are stored, so that no transpose is ever copied:
 * `nn` A [m, k], B [k, n] · `nt` A [m, k], B [n, k] · `tn` A [k, m], B [k, n].
 */
export interface MatmulProduct {
  /** How A and B are stored. */
  readonly form: MatmulForm;
  /** Rows of C. */
  readonly m: number;
  /** Products that are summed for each element of C. */
  readonly k: number;
  /** Columns of C. */
  readonly n: number;
  /** If B is some columns of a wider matrix, which is stored: the first of them, and how many that matrix has. */
  readonly columns?: { readonly start: number; readonly total: number } | undefined;
  /** [n], added to every row of C */
  readonly bias?: FloatArray | undefined;
  /** Applied to every element of C, after the bias */
  readonly activation?: FusedActivation | undefined;
}

/** The activations that a matrix product can apply in the same pass. */
export type FusedActivation = 'relu' | 'tanh';

/** Which operands are stored transposed: none, B or A. */
export type MatmulForm = 'nn' | 'nt' | 'tn';

/**
 * Flat data read with strides: element [i, j, ...] of `shape` is at offset + i strides[0] + j strides[1] + ...
 * A stride of 0 repeats the same elements along that axis. Broadcasting reads such views; its gradient sums into them.
 * A negative stride goes backwards.
 */
export interface StridedView {
  /** The length of each axis. */
  readonly shape: Shape;
  /** For each axis, the distance from one index to the next. */
  readonly strides: readonly number[];
  /** The place of the first element. */
  readonly offset: number;
}
