import {
  ArgumentError,
  aFunction,
  checkArgument,
  checkOptions,
  countArguments,
  trueOrFalse,
} from '@paragrad/check';
import { aFloatArray, aTensor } from './argument-checks.js';
import { type BackwardOptions, backward } from './autograd/backward.js';
import { type GradientHook, type RemovableHandle, registerHook, retainGrad } from './autograd/hooks.js';
import type { OpLabel, OpRecord } from './autograd/record.js';
import { markChanged, reader } from './autograd/versions.js';
import type { Visit } from './autograd/visits.js';
import type { DType, FloatArray } from './dtype.js';
import { formatNumbers } from './format-numbers.js';
import { allocate, allocateRaw } from './memory/allocate.js';
import { Storage } from './memory/storage.js';
import { type NestedArrays, nest } from './nested.js';
import { relu, sigmoid, tanh } from './ops/activation.js';
import {
  abs,
  add,
  type ClampOptions,
  clamp,
  cos,
  div,
  erf,
  exp,
  expm1,
  log,
  log1p,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  square,
  sub,
} from './ops/arithmetic.js';
import {
  eq,
  greater,
  greaterEqual,
  isfinite,
  isinf,
  isnan,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
} from './ops/compare.js';
import type { Indices } from './ops/indexing.js';
import { type MatmulOptions, matmul } from './ops/matmul.js';
import {
  type ArgOptions,
  amax,
  amin,
  argmax,
  argmin,
  cumsum,
  type KeepDimOptions,
  max,
  mean,
  min,
  norm,
  prod,
  type ReduceOptions,
  std,
  sum,
  type ValuesAndIndices,
  type VarianceOptions,
  variance,
} from './ops/reduce.js';
import { chunk, flip, narrow, roll, type SliceOptions, slice, split } from './ops/slicing.js';
import { type SoftmaxOptions, softmax } from './ops/softmax.js';
import { type SortOptions, sort, type TopkOptions, topk } from './ops/sort.js';
import { tril, triu } from './ops/triangle.js';
import { clone, flatten, permute, reshape, squeeze, to, transpose, unsqueeze } from './ops/view.js';
import { checkShape, formatShape, type Shape, sizeOf } from './shape.js';

/**
 * An n-dimensional array of float32 numbers (or float64, to check gradients). If it requires a gradient, it records
 * what it was computed from. Contiguous and row-major. As PyTorch's Tensor, with names in camelCase.
 */
export class Tensor {
  /** Shown in drawn graphs and in errors. `nameParameters` of nn names the parameters of a module. */
  name = '';
  /** The hooks of a leaf. The hooks of other tensors are stored in their record. */
  hooks: OpRecord['hooks'] = null;
  /** How this tensor was computed; null for a leaf and a constant. */
  readonly record: OpRecord | null = null;
  /**
   * What the backward pass that runs now knows of this leaf.
   * @internal
   */
  visit: Visit | null = null;
  readonly requiresGrad: boolean;
  /** What `detach` cut this tensor off from, for `inspect`. A leaf or a label, which keeps no graph in memory. */
  readonly detachedFrom: Tensor | OpLabel | null;
  /** The number of elements. PyTorch's `numel()`. */
  readonly size: number;
  /** @internal */
  readonly storage: Storage;
  #grad: Tensor | null = null;

  /** Wraps `data` without copying it. Usually you call `tensor`, `zeros` or another function below instead. */
  constructor(
    data: FloatArray | Storage,
    readonly shape: Shape,
    origin: TensorOrigin = CONSTANT,
  ) {
    // Not when this file loads: a bundler would keep the whole class, with all ops, on a page that uses none of it.
    if (!areArgumentsCounted) countArgumentsOfMethods();
    if (data instanceof Storage) {
      this.storage = data; // from an op, which has checked its arguments
      this.size = sizeOf(shape);
    } else {
      checkArgument('Tensor', 'data', data, aFloatArray);
      checkShape('Tensor', shape);
      checkOptions<{ requiresGrad?: boolean }>('Tensor', origin, { requiresGrad: trueOrFalse });
      this.size = sizeOf(shape);
      if (data.length !== this.size) {
        throw new ArgumentError(
          `Tensor: ${data.length} numbers for shape ${formatShape(shape)}, which holds ${this.size}`,
        );
      }
      this.storage = new Storage(data, null, true);
    }
    this.requiresGrad = origin.requiresGrad ?? false;
    this.detachedFrom = origin.detachedFrom ?? null;
  }

  /**
   * The numbers, row by row. Use `update` to change them: a write to this array goes unnoticed, and the gradients of
   * ops that ran before it would be computed from the new numbers.
   */
  get data(): FloatArray {
    reader?.checkRead(this);
    return this.storage.keep();
  }

  /**
   * The numbers, to read now. Do not keep this array: its memory may be reused, and the numbers may move. Unlike `data`,
   * which is an array to keep, it never copies.
   */
  get values(): FloatArray {
    reader?.checkRead(this);
    return this.storage.array;
  }

  /** dL/dthis, accumulated by `backward`; null before the first. */
  get grad(): Tensor | null {
    return this.#grad;
  }
  set grad(grad: Tensor | null) {
    if (grad !== null) checkArgument('grad', 'the gradient', grad, aTensor);
    this.#grad = grad;
    grad?.storage.scope?.holdsGradOf(this); // so that it stays valid after the scope
  }

  /**
   * Changes the numbers in place. No gradient flows through the change. A gradient that needs the old numbers throws
   * instead of using the new ones. Tensors that share the data (`detach`, `reshape`) change too. (Tensors that were
   * made on overlapping parts of one buffer also change, but their gradients do not notice.)
   */
  update(change: (data: FloatArray) => void): void {
    checkArgument('update', 'change', change, aFunction);
    try {
      change(this.storage.keep());
    } finally {
      markChanged(this.storage);
    }
  }

  /** Like `update`, but `change` gets `values`: an array that it must not keep, and that need not be copied before. */
  updateValues(change: (values: FloatArray) => void): void {
    checkArgument('updateValues', 'change', change, aFunction);
    try {
      change(this.storage.array);
    } finally {
      markChanged(this.storage);
    }
  }

  /** Increases with every `update` of this tensor's data; 0 before the first. */
  get version(): number {
    return this.storage.version;
  }

  get dtype(): DType {
    return this.storage.dtype;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The number in a tensor with a single element. Throws for other sizes. */
  item(): number {
    if (this.size !== 1)
      throw new ArgumentError(`item: shape ${formatShape(this.shape)} holds ${this.size} numbers, not one`);
    return this.values[0];
  }

  /** The same data as a constant: no gradient flows back to this tensor. */
  detach(): Tensor {
    const detachedFrom = this.record?.label ?? (this.requiresGrad ? this : this.detachedFrom);
    return new Tensor(this.storage, this.shape, { detachedFrom });
  }

  /**
   * Calls `hook` with the gradient of this tensor each time one is computed: after the gradients of all its uses are
   * added, and before the sum is passed on. If the hook returns a tensor, that replaces the gradient. Throws if this
   * tensor requires no gradient.
   */
  registerHook(hook: GradientHook): RemovableHandle {
    return registerHook(this, hook);
  }

  /** Makes `backward` accumulate into the `grad` of this tensor although it is not a leaf. */
  retainGrad(): void {
    retainGrad(this);
  }

  /**
   * A tensor with this one's shape, dtype and name, but no data. For records that are freed.
   * @internal
   */
  withoutData(): Tensor {
    const origin = this.detachedFrom ? { detachedFrom: this.detachedFrom } : CONSTANT;
    const empty = new Tensor(NO_NUMBERS[this.dtype], this.shape, origin);
    empty.name = this.name;
    return empty;
  }

  /**
   * Adds the gradient of this tensor to the `grad` of every leaf that it was computed from. The tensor has a single
   * element, or `gradOutput` is given.
   */
  backward(options?: BackwardOptions): void {
    backward(this, options);
  }

  /** {@link add} */
  add(other: Tensor | number): Tensor {
    return add(this, other);
  }
  /** {@link sub} */
  sub(other: Tensor | number): Tensor {
    return sub(this, other);
  }
  /** {@link mul} */
  mul(other: Tensor | number): Tensor {
    return mul(this, other);
  }
  /** {@link div} */
  div(other: Tensor | number): Tensor {
    return div(this, other);
  }
  /** {@link neg} */
  neg(): Tensor {
    return neg(this);
  }
  /** {@link square} */
  square(): Tensor {
    return square(this);
  }
  /** {@link pow} */
  pow(exponent: Tensor | number): Tensor {
    return pow(this, exponent);
  }
  /** {@link sqrt} */
  sqrt(): Tensor {
    return sqrt(this);
  }
  /** {@link exp} */
  exp(): Tensor {
    return exp(this);
  }
  /** {@link log} */
  log(): Tensor {
    return log(this);
  }
  /** {@link expm1} */
  expm1(): Tensor {
    return expm1(this);
  }
  /** {@link log1p} */
  log1p(): Tensor {
    return log1p(this);
  }
  /** {@link sin} */
  sin(): Tensor {
    return sin(this);
  }
  /** {@link cos} */
  cos(): Tensor {
    return cos(this);
  }
  /** {@link erf} */
  erf(): Tensor {
    return erf(this);
  }
  /** {@link abs} */
  abs(): Tensor {
    return abs(this);
  }
  /** {@link clamp} */
  clamp(options: ClampOptions): Tensor {
    return clamp(this, options);
  }
  /** {@link relu} */
  relu(): Tensor {
    return relu(this);
  }
  /** {@link tanh} */
  tanh(): Tensor {
    return tanh(this);
  }
  /** {@link sigmoid} */
  sigmoid(): Tensor {
    return sigmoid(this);
  }
  /** {@link softmax} */
  softmax(options?: SoftmaxOptions): Tensor {
    return softmax(this, options);
  }
  /** {@link matmul} */
  matmul(other: Tensor, options?: MatmulOptions): Tensor {
    return matmul(this, other, options);
  }
  /** {@link less} */
  less(other: Tensor | number): Tensor {
    return less(this, other);
  }
  /** {@link lessEqual} */
  lessEqual(other: Tensor | number): Tensor {
    return lessEqual(this, other);
  }
  /** {@link greater} */
  greater(other: Tensor | number): Tensor {
    return greater(this, other);
  }
  /** {@link greaterEqual} */
  greaterEqual(other: Tensor | number): Tensor {
    return greaterEqual(this, other);
  }
  /** {@link eq} */
  eq(other: Tensor | number): Tensor {
    return eq(this, other);
  }
  /** {@link notEqual} */
  notEqual(other: Tensor | number): Tensor {
    return notEqual(this, other);
  }
  /** {@link logicalAnd} */
  logicalAnd(other: Tensor | number): Tensor {
    return logicalAnd(this, other);
  }
  /** {@link logicalOr} */
  logicalOr(other: Tensor | number): Tensor {
    return logicalOr(this, other);
  }
  /** {@link logicalXor} */
  logicalXor(other: Tensor | number): Tensor {
    return logicalXor(this, other);
  }
  /** {@link logicalNot} */
  logicalNot(): Tensor {
    return logicalNot(this);
  }
  /** {@link isnan} */
  isnan(): Tensor {
    return isnan(this);
  }
  /** {@link isinf} */
  isinf(): Tensor {
    return isinf(this);
  }
  /** {@link isfinite} */
  isfinite(): Tensor {
    return isfinite(this);
  }
  /** {@link sum} */
  sum(options?: ReduceOptions): Tensor {
    return sum(this, options);
  }
  /** {@link mean} */
  mean(options?: ReduceOptions): Tensor {
    return mean(this, options);
  }
  /** {@link amax} */
  amax(options?: ReduceOptions): Tensor {
    return amax(this, options);
  }
  /** {@link amin} */
  amin(options?: ReduceOptions): Tensor {
    return amin(this, options);
  }
  /** {@link max} */
  max(axis: number, options?: KeepDimOptions): ValuesAndIndices {
    return max(this, axis, options);
  }
  /** {@link min} */
  min(axis: number, options?: KeepDimOptions): ValuesAndIndices {
    return min(this, axis, options);
  }
  /** {@link argmax} */
  argmax(options?: ArgOptions): Indices {
    return argmax(this, options);
  }
  /** {@link argmin} */
  argmin(options?: ArgOptions): Indices {
    return argmin(this, options);
  }
  /** {@link variance} */
  var(options?: VarianceOptions): Tensor {
    return variance(this, options);
  }
  /** {@link std} */
  std(options?: VarianceOptions): Tensor {
    return std(this, options);
  }
  /** {@link prod} */
  prod(options?: ReduceOptions): Tensor {
    return prod(this, options);
  }
  /** {@link cumsum} */
  cumsum(axis: number): Tensor {
    return cumsum(this, axis);
  }
  /** {@link sort} */
  sort(options?: SortOptions): ValuesAndIndices {
    return sort(this, options);
  }
  /** {@link topk} */
  topk(k: number, options?: TopkOptions): ValuesAndIndices {
    return topk(this, k, options);
  }
  /** {@link norm} */
  norm(options?: ReduceOptions): Tensor {
    return norm(this, options);
  }
  /** {@link reshape} */
  reshape(shape: Shape): Tensor {
    return reshape(this, shape);
  }
  /** {@link permute} */
  permute(axes: readonly number[]): Tensor {
    return permute(this, axes);
  }
  /** {@link transpose} */
  transpose(axis0?: number, axis1?: number): Tensor {
    return transpose(this, axis0, axis1);
  }
  /** {@link narrow} */
  narrow(axis: number, start: number, length: number): Tensor {
    return narrow(this, axis, start, length);
  }
  /** {@link slice} */
  slice(axis: number, options?: SliceOptions): Tensor {
    return slice(this, axis, options);
  }
  /** {@link split} */
  split(lengths: number | readonly number[], axis?: number): Tensor[] {
    return split(this, lengths, axis);
  }
  /** {@link chunk} */
  chunk(chunks: number, axis?: number): Tensor[] {
    return chunk(this, chunks, axis);
  }
  /** {@link flip} */
  flip(axis?: number | readonly number[]): Tensor {
    return flip(this, axis);
  }
  /** {@link roll} */
  roll(shift: number | readonly number[], axis?: number | readonly number[]): Tensor {
    return roll(this, shift, axis);
  }
  /** {@link squeeze} */
  squeeze(axis?: number | readonly number[]): Tensor {
    return squeeze(this, axis);
  }
  /** {@link unsqueeze} */
  unsqueeze(axis: number): Tensor {
    return unsqueeze(this, axis);
  }
  /** {@link flatten} */
  flatten(startAxis?: number, endAxis?: number): Tensor {
    return flatten(this, startAxis, endAxis);
  }
  /** {@link tril} */
  tril(diagonal?: number): Tensor {
    return tril(this, diagonal);
  }
  /** {@link triu} */
  triu(diagonal?: number): Tensor {
    return triu(this, diagonal);
  }
  /** {@link clone} */
  clone(): Tensor {
    return clone(this);
  }
  /** {@link to} */
  to(dtype: DType): Tensor {
    return to(this, dtype);
  }

  /** The numbers as nested arrays: `[[1, 2], [3, 4]]` for shape [2, 2], a number for shape []. */
  tolist(): NestedArrays {
    return nest(this.values, this.shape);
  }

  /** Shape, dtype, the op that computed it, and the numbers, row by row. In Node, console.log prints this. */
  toString(): string {
    const { name, shape, dtype, record, requiresGrad, values } = this;
    const origin = record ? `, from ${record.op}` : requiresGrad ? ', requiresGrad' : '';
    const head = `Tensor ${name && `"${name}" `}${formatShape(shape)} ${dtype}${origin}`;
    if (values.length !== this.size) return `${head}, freed`;
    const numbers = formatNumbers(values, shape);
    return `${head}:${numbers.includes('\n') ? '\n' : ' '}${numbers}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const NO_NUMBERS = { float32: allocate(0, 'float32'), float64: allocate(0, 'float64') };

const CONSTANT: TensorOrigin = {};

let areArgumentsCounted = false;

/** Plain JavaScript would drop what a method has no parameter for: x.relu(true), x.mean({ axis: 0 }, true). */
function countArgumentsOfMethods(): void {
  areArgumentsCounted = true;
  countArguments(Tensor);
}

interface TensorOrigin {
  /** Default false. */
  requiresGrad?: boolean;
  detachedFrom?: Tensor | OpLabel | null;
}

/** For ops: an output with arbitrary contents. The kernel must write every element. */
export function empty(shape: Shape, dtype: DType): Tensor {
  return new Tensor(allocateRaw(sizeOf(shape), dtype), shape);
}

/** For ops: an output with the shape and dtype of x, and arbitrary contents. */
export function emptyLike(x: Tensor): Tensor {
  return empty(x.shape, x.dtype);
}
