import {
  ArgumentError,
  aFunction,
  checkArgument,
  checkOptions,
  countArguments,
  ShapeError,
  text,
  trueOrFalse,
} from '@paragrad/check';
import { aFloatArray, aTensor, checkWritten, fits, unfit } from './argument-checks.js';
import { type BackwardOptions, backward } from './autograd/backward.js';
import { type GradientHook, type RemovableHandle, registerHook, retainGrad } from './autograd/hooks.js';
import type { OpLabel, OpRecord } from './autograd/record.js';
import { markChanged, reader, storageToShare } from './autograd/versions.js';
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
import { cumsum } from './ops/cumsum.js';
import type { Indices } from './ops/indexing.js';
import { type MatmulOptions, matmul } from './ops/matmul.js';
import {
  type ArgOptions,
  amax,
  amin,
  argmax,
  argmin,
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
import { checkIntegers, checkOneAxis, checkShape, formatShape, type Shape, sizeOf } from './shape.js';

/**
 * An n-dimensional array of float32 numbers (or float64, to check gradients). If it requires a gradient, it records
 * what it was computed from. Contiguous and row-major. As PyTorch's Tensor, with names in camelCase.
 */
export class Tensor {
  /**
   * The hooks of a leaf. The hooks of other tensors are stored in their record.
   * @internal
   */
  hooks: OpRecord['hooks'] = null;
  /** How this tensor was computed; null for a leaf and a constant. */
  readonly record: OpRecord | null = null;
  /**
   * What the backward pass that runs now knows of this leaf.
   * @internal
   */
  visit: Visit | null = null;
  /** Whether ops record what they compute from it, so that `backward` gives it a gradient. */
  readonly requiresGrad: boolean;
  /** What `detach` cut this tensor off from, for `inspect`. A leaf or a label, which keeps no graph in memory. */
  readonly detachedFrom: Tensor | OpLabel | null;
  /** The length of each axis: [rows, columns] for a matrix, [] for a single number. */
  readonly shape: Shape;
  /** The number of elements. PyTorch's `numel()`. */
  readonly size: number;
  /** @internal */
  readonly storage: Storage;
  #name = '';
  #grad: Tensor | null = null;

  /**
   * Wraps `data`, row by row, without copying it: what you write into that array later is a write to `data`, which goes unnoticed.
   * Usually you call `tensor`, which copies, `zeros` or another function instead.
   *
   * @throws ArgumentError if `data` does not hold as many numbers as `shape` says.
   */
  constructor(data: FloatArray, shape: Shape, options?: { requiresGrad?: boolean });
  /** @internal */
  constructor(data: FloatArray | Storage, shape: Shape, origin?: TensorOrigin);
  constructor(data: FloatArray | Storage, shape: Shape, origin: TensorOrigin = CONSTANT) {
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
        throw new ShapeError(
          `Tensor: ${data.length} numbers for shape ${formatShape(shape)}, which holds ${this.size}`,
        );
      }
      this.storage = new Storage(data, null, true);
    }
    this.shape = shape.slice(); // a copy: whoever gave the shape may change their array later
    this.requiresGrad = origin.requiresGrad ?? false;
    this.detachedFrom = origin.detachedFrom ?? null;
  }

  /**
   * The numbers, row by row, to read. Use `update` to change them. A write to this array goes unnoticed, as with PyTorch's
   * `.data`: no error is thrown, and the gradients of ops that ran before it are computed from the new numbers.
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

  /** Shown in drawn graphs and in errors. `nameParameters` of nn names the parameters of a module. */
  get name(): string {
    return this.#name;
  }
  set name(name: string) {
    checkArgument('Tensor', 'name', name, text);
    this.#name = name;
  }

  /** dL/dthis, accumulated by `backward`; null before the first. */
  get grad(): Tensor | null {
    return this.#grad;
  }
  set grad(grad: Tensor | null) {
    if (grad !== null) {
      checkArgument('grad', 'the gradient', grad, aTensor);
      if (!fits(grad, this)) throw unfit('grad', 'the gradient', grad, 'the tensor', this);
    }
    this.#grad = grad;
    grad?.storage.scope?.holdsGradOf(this); // so that it stays valid after the scope
  }

  /**
   * Changes the numbers in place. No gradient flows through the change. A gradient that needs the old numbers throws
   * instead of using the new ones. Tensors that share the data (`detach`, `reshape`) change too. (Tensors that were
   * made on overlapping parts of one buffer also change, but their gradients do not notice.)
   *
   * @throws ArgumentError if `change` returns other numbers, such as `(data) => data.map(...)`, or is async.
   */
  update(change: (data: FloatArray) => void): void {
    checkArgument('update', 'change', change, aFunction);
    this.#change('update', change, this.storage.keep());
  }

  /**
   * Like `update`, but `change` gets `values`: an array that it must not keep, and that need not be copied before.
   *
   * @throws ArgumentError as `update`.
   */
  updateValues(change: (values: FloatArray) => void): void {
    checkArgument('updateValues', 'change', change, aFunction);
    this.#change('updateValues', change, this.storage.array);
  }

  #change(caller: string, change: (numbers: FloatArray) => void, numbers: FloatArray): void {
    try {
      checkWritten(caller, change(numbers), numbers);
    } finally {
      markChanged(this.storage);
    }
  }

  /** Increases with every `update` of this tensor's data; 0 before the first. */
  get version(): number {
    return this.storage.version;
  }

  /** The type of its numbers. */
  get dtype(): DType {
    return this.storage.dtype;
  }

  /** The number of axes; 0 for a single number. PyTorch's `ndim`. */
  get rank(): number {
    return this.shape.length;
  }

  /** The number in a tensor with a single element. @throws ShapeError if it has another size. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: shape ${formatShape(this.shape)} holds ${this.size} numbers, not one`);
    return this.values[0];
  }

  /** The same data as a constant: no gradient flows back to this tensor. */
  detach(): Tensor {
    const detachedFrom = this.record?.label ?? (this.requiresGrad ? this : this.detachedFrom);
    return new Tensor(storageToShare(this), this.shape, { detachedFrom });
  }

  /**
   * Calls `hook` with the gradient of this tensor each time one is computed: after the gradients of all its uses are
   * added, and before the sum is passed on. If the hook returns a tensor, that replaces the gradient.
   *
   * @throws ArgumentError if this tensor requires no gradient.
   */
  registerHook(hook: GradientHook): RemovableHandle {
    return registerHook(this, hook);
  }

  /** Makes `backward` accumulate into the `grad` of a tensor that is no leaf. @throws ArgumentError if it requires no gradient. */
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
   * Adds the gradient of this tensor to the `grad` of every leaf that it was computed from.
   *
   * @throws ArgumentError if this tensor requires no gradient.
   * @throws ShapeError if it has not a single element, and there is no `gradOutput` of its shape.
   * @throws AutogradError if the graph was freed by an earlier pass, or a value that a gradient needs has changed.
   */
  backward(options?: BackwardOptions): void {
    backward(this, options);
  }

  /**
   * this + other, element by element. Shapes broadcast: the length of each axis, counted from the last, is equal or
   * 1.
   * The dtypes must be equal; a number gets this one's.
   *
   * ```ts
   * tensor([[1, 2], [3, 4]]).add(tensor([10, 20])); // [[11, 22], [13, 24]]
   * ```
   *
   * @throws ShapeError if the shapes do not broadcast together; ArgumentError if the dtypes differ.
   */
  add(other: Tensor | number): Tensor {
    return add(this, other);
  }
  /**
   * this - other, element by element. Shapes broadcast, as in `add`.
   *
   * @throws ShapeError if the shapes do not broadcast together; ArgumentError if the dtypes differ.
   */
  sub(other: Tensor | number): Tensor {
    return sub(this, other);
  }
  /**
   * this times other, element by element. Shapes broadcast, as in `add`. The matrix product is `matmul`.
   *
   * @throws ShapeError if the shapes do not broadcast together; ArgumentError if the dtypes differ.
   */
  mul(other: Tensor | number): Tensor {
    return mul(this, other);
  }
  /**
   * this / other, element by element, as the numbers of JavaScript:
   * x / 0 is infinite or NaN. Shapes broadcast, as in `add`.
   *
   * @throws ShapeError if the shapes do not broadcast together; ArgumentError if the dtypes differ.
   */
  div(other: Tensor | number): Tensor {
    return div(this, other);
  }
  /** -this, element by element. */
  neg(): Tensor {
    return neg(this);
  }
  /** this², element by element. */
  square(): Tensor {
    return square(this);
  }
  /**
   * this to the power of `exponent`, element by element. NaN
   * where a negative number has an exponent that is no integer.
   *
   * @throws ShapeError if the shapes do not broadcast together; ArgumentError if the dtypes differ.
   */
  pow(exponent: Tensor | number): Tensor {
    return pow(this, exponent);
  }
  /** The square root of each element; NaN of negative ones. The gradient is infinite at 0. */
  sqrt(): Tensor {
    return sqrt(this);
  }
  /** e to the power of each element. */
  exp(): Tensor {
    return exp(this);
  }
  /** The natural logarithm of each element: -∞ of 0, NaN of negative ones. */
  log(): Tensor {
    return log(this);
  }
  /** e^x - 1 of each element x, precise where x is small. */
  expm1(): Tensor {
    return expm1(this);
  }
  /** The natural logarithm of 1 + x, for each element x, precise where x is small. */
  log1p(): Tensor {
    return log1p(this);
  }
  /** The sine of each element, which is in radians. */
  sin(): Tensor {
    return sin(this);
  }
  /** The cosine of each element, which is in radians. */
  cos(): Tensor {
    return cos(this);
  }
  /** The error function of each element. */
  erf(): Tensor {
    return erf(this);
  }
  /** The absolute value of each element. The gradient at 0 is 0. */
  abs(): Tensor {
    return abs(this);
  }
  /**
   * Each element, limited to the range from `min` to `max`: `x.clamp({ min: 0, max: 1 })`. One of the two may be
   * missing.
   * The gradient flows where the element is within the range, bounds included.
   *
   * @throws ArgumentError if `min` is above `max`.
   */
  clamp(options: ClampOptions): Tensor {
    return clamp(this, options);
  }
  /** max(x, 0) of each element x. The gradient at 0 is 0, as in PyTorch. */
  relu(): Tensor {
    return relu(this);
  }
  /** The hyperbolic tangent of each element: from -1 to 1. */
  tanh(): Tensor {
    return tanh(this);
  }
  /** 1 / (1 + e^-x) of each element x: from 0 to 1. */
  sigmoid(): Tensor {
    return sigmoid(this);
  }
  /**
   * e^x / Σ e^x: positive numbers that sum to 1 over `axis`, by default the last.
   *
   * @throws ArgumentError if there is no such axis.
   */
  softmax(options?: SoftmaxOptions): Tensor {
    return softmax(this, options);
  }
  /**
   * The matrix product: [..., m, k] times [..., k, n] is [..., m, n]. The axes before the last two broadcast. With
   * `transposeA`, this is [..., k, m]; with `transposeB`, other is [..., n, k]. Neither is copied. A vector counts as a row
   * on the left, and as a column on the right, and the result lacks that axis.
   *
   * ```ts
   * tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])); // [[3], [7]]
   * ```
   *
   * @throws ShapeError if the inner sizes differ, or a tensor is a single number; ArgumentError if the dtypes differ.
   */
  matmul(other: Tensor, options?: MatmulOptions): Tensor {
    return matmul(this, other, options);
  }
  /**
   * 1 where this < other, else 0, also where one is NaN. Shapes broadcast. No gradient flows through a comparison.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  less(other: Tensor | number): Tensor {
    return less(this, other);
  }
  /**
   * 1 where this ≤ other, else 0, also where one is NaN. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  lessEqual(other: Tensor | number): Tensor {
    return lessEqual(this, other);
  }
  /**
   * 1 where this > other, else 0, also where one is NaN. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  greater(other: Tensor | number): Tensor {
    return greater(this, other);
  }
  /**
   * 1 where this ≥ other, else 0, also where one is NaN. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  greaterEqual(other: Tensor | number): Tensor {
    return greaterEqual(this, other);
  }
  /**
   * 1 where this equals other, else 0, also where one is NaN. Shapes broadcast. No gradient flows. As `torch.eq`.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  eq(other: Tensor | number): Tensor {
    return eq(this, other);
  }
  /**
   * 1 where this differs from other, or one is NaN; else 0. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  notEqual(other: Tensor | number): Tensor {
    return notEqual(this, other);
  }
  /**
   * 1 where both are true, else 0. Every number but 0 is true, NaN too. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  logicalAnd(other: Tensor | number): Tensor {
    return logicalAnd(this, other);
  }
  /**
   * 1 where at least one is true, else 0. Every number but 0 is true. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  logicalOr(other: Tensor | number): Tensor {
    return logicalOr(this, other);
  }
  /**
   * 1 where exactly one is true, else 0. Every number but 0 is true. Shapes broadcast. No gradient flows.
   *
   * @throws ShapeError if the shapes do not broadcast together.
   */
  logicalXor(other: Tensor | number): Tensor {
    return logicalXor(this, other);
  }
  /** 1 where this is 0, else 0. No gradient flows. */
  logicalNot(): Tensor {
    return logicalNot(this);
  }
  /** 1 where this is NaN, else 0. No gradient flows. */
  isnan(): Tensor {
    return isnan(this);
  }
  /** 1 where this is infinite, else 0. No gradient flows. */
  isinf(): Tensor {
    return isinf(this);
  }
  /** 1 where this is neither infinite nor NaN, else 0. No gradient flows. */
  isfinite(): Tensor {
    return isfinite(this);
  }
  /**
   * The sum. `axis` is one axis or several (default all), and `keepDim` keeps them with length 1.
   *
   * ```ts
   * tensor([[1, 2], [3, 4]]).sum({ axis: 0 }); // [4, 6]
   * ```
   *
   * @throws ArgumentError if there is no such axis.
   */
  sum(options?: ReduceOptions): Tensor {
    return sum(this, options);
  }
  /**
   * The mean; NaN if there are no elements. `axis` is one axis or
   * several (default all), and `keepDim` keeps them with length 1.
   *
   * @throws ArgumentError if there is no such axis.
   */
  mean(options?: ReduceOptions): Tensor {
    return mean(this, options);
  }
  /**
   * The maximum. `axis` is one axis or several (default all), and `keepDim` keeps them with length 1.
   * Ties share the gradient evenly.
   *
   * @throws ArgumentError if there is no such axis, or no element.
   */
  amax(options?: ReduceOptions): Tensor {
    return amax(this, options);
  }
  /**
   * The minimum. `axis` is one axis or several (default all), and `keepDim` keeps them with length 1.
   * Ties share the gradient evenly.
   *
   * @throws ArgumentError if there is no such axis, or no element.
   */
  amin(options?: ReduceOptions): Tensor {
    return amin(this, options);
  }
  /**
   * The maxima along one axis as `values`, and where they are as `indices`; both without this axis, unless `keepDim`
   * is
   * true. Of ties, the first counts, and only it gets the gradient. NaN counts as the maximum.
   *
   * @throws ArgumentError if there is no such axis, or it is empty.
   */
  max(axis: number, options?: KeepDimOptions): ValuesAndIndices {
    return max(this, axis, options);
  }
  /**
   * The minima along one axis as `values`, and where they are as `indices`; both without this axis, unless `keepDim`
   * is
   * true. Of ties, the first counts, and only it gets the gradient. NaN counts as the minimum.
   *
   * @throws ArgumentError if there is no such axis, or it is empty.
   */
  min(axis: number, options?: KeepDimOptions): ValuesAndIndices {
    return min(this, axis, options);
  }
  /**
   * The index of the maximum along `axis`; without one, in the
   * flat data. Of ties, the first. NaN counts as the maximum.
   *
   * @throws ArgumentError if there is no such axis, or no element.
   */
  argmax(options?: ArgOptions): Indices {
    return argmax(this, options);
  }
  /**
   * The index of the minimum along `axis`; without one, in the
   * flat data. Of ties, the first. NaN counts as the minimum.
   *
   * @throws ArgumentError if there is no such axis, or no element.
   */
  argmin(options?: ArgOptions): Indices {
    return argmin(this, options);
  }
  /**
   * The variance, Σ (x - mean)² / (n - correction); `correction` is 1 by default. `axis` is one axis or several
   * (default all), and `keepDim` keeps them with length 1.
   *
   * @throws ArgumentError if there is no such axis.
   */
  var(options?: VarianceOptions): Tensor {
    return variance(this, options);
  }
  /**
   * The standard deviation, the square root of `var`, with the same options. Where it is 0, its gradient is 0, too.
   *
   * @throws ArgumentError if there is no such axis.
   */
  std(options?: VarianceOptions): Tensor {
    return std(this, options);
  }
  /**
   * The product; 1 if there are no elements. `axis` is one axis or
   * several (default all), and `keepDim` keeps them with length 1.
   *
   * @throws ArgumentError if there is no such axis.
   */
  prod(options?: ReduceOptions): Tensor {
    return prod(this, options);
  }
  /**
   * The sums of all elements up to each index along `axis`, that element included. The shape stays.
   *
   * @throws ArgumentError if there is no such axis.
   */
  cumsum(axis: number): Tensor {
    return cumsum(this, axis);
  }
  /**
   * The elements in order along `axis`, by default the last, as `values`, and where each was before as `indices`.
   * With
   * `descending`, the largest first. Equal elements keep their order.
   *
   * @throws ArgumentError if there is no such axis.
   */
  sort(options?: SortOptions): ValuesAndIndices {
    return sort(this, options);
  }
  /**
   * The k largest elements along `axis`, by default the last, the largest first, as `values`, and where they were as
   * `indices`. With `largest: false`, the smallest.
   *
   * @throws ArgumentError if there is no such axis, or k is more than its length.
   */
  topk(k: number, options?: TopkOptions): ValuesAndIndices {
    return topk(this, k, options);
  }
  /**
   * The Euclidean norm, the square root of the sum of squares. `axis` is one axis or several (default all), and
   * `keepDim` keeps them with length 1.
   *
   * @throws ArgumentError if there is no such axis.
   */
  norm(options?: ReduceOptions): Tensor {
    return norm(this, options);
  }
  /**
   * The same numbers, row by row, in another shape. Shares the
   * data. One length may be -1: it follows from the others.
   *
   * @throws ShapeError if the sizes differ.
   */
  reshape(shape: Shape): Tensor {
    checkIntegers('reshape', 'the shape', shape, arguments);
    return reshape(this, shape);
  }
  /**
   * The axes in another order: axis i of the result is axis `axes[i]` of this.
   *
   * @throws ShapeError unless `axes` names each axis once.
   */
  permute(axes: readonly number[]): Tensor {
    checkIntegers('permute', 'the list of axes', axes, arguments);
    return permute(this, axes);
  }
  /**
   * With two axes swapped, by default the last two: [..., m, n] becomes [..., n, m].
   *
   * @throws ArgumentError if there is no such axis.
   */
  transpose(axis0?: number, axis1?: number): Tensor {
    return transpose(this, axis0, axis1);
  }
  /**
   * The part from index `start` to `start + length - 1` along `axis`. As `torch.narrow`.
   *
   * @throws ShapeError if the part is not inside the axis.
   */
  narrow(axis: number, start: number, length: number): Tensor {
    return narrow(this, axis, start, length);
  }
  /**
   * Every `step`-th index along `axis`, from `start` up to but without `end`, as Python's `x[start:end:step]`.
   * Negative
   * indices count from the back. The step may be negative, as in NumPy.
   *
   * @throws ArgumentError if there is no such axis, or the step is 0.
   */
  slice(axis: number, options?: SliceOptions): Tensor {
    return slice(this, axis, options);
  }
  /**
   * Cut into parts along `axis`, by default 0: of the given length (the last may be shorter), or of the given
   * lengths. As
   * `torch.split`. Join the parts again with `concat`.
   *
   * @throws ShapeError if the sum of the lengths is not the length of the axis.
   */
  split(lengths: number | readonly number[], axis?: number): Tensor[] {
    return split(this, lengths, axis);
  }
  /**
   * Cut into `chunks` parts along `axis`, by default 0. As
   * `torch.chunk`: all parts but the last are equally long, so
   * there may be fewer.
   *
   * @throws ArgumentError if there is no such axis.
   */
  chunk(chunks: number, axis?: number): Tensor[] {
    return chunk(this, chunks, axis);
  }
  /**
   * In the opposite order along one axis or several; by default along all.
   *
   * @throws ArgumentError if there is no such axis.
   */
  flip(axis?: number | readonly number[]): Tensor {
    checkOneAxis('flip', arguments, 0);
    return flip(this, axis);
  }
  /**
   * Shifted towards higher indices along `axis`; what leaves at the end comes back at the start. Several axes have a
   * shift
   * each. Without an axis, shifted as if flat.
   *
   * @throws ArgumentError if there is no such axis, or not one shift for each.
   */
  roll(shift: number | readonly number[], axis?: number | readonly number[]): Tensor {
    return roll(this, shift, axis);
  }
  /**
   * Without its axes of length 1; or only without `axis`, if that has length 1.
   *
   * @throws ArgumentError if there is no such axis.
   */
  squeeze(axis?: number | readonly number[]): Tensor {
    checkOneAxis('squeeze', arguments, 0);
    return squeeze(this, axis);
  }
  /**
   * With a new axis of length 1, which has the index `axis` in the result.
   *
   * @throws ArgumentError if `axis` is not from -rank - 1 to rank.
   */
  unsqueeze(axis: number): Tensor {
    return unsqueeze(this, axis);
  }
  /**
   * With the axes from `startAxis` to `endAxis`, both included, as one axis; by default all of them.
   *
   * @throws ShapeError if the first comes after the last.
   */
  flatten(startAxis?: number, endAxis?: number): Tensor {
    return flatten(this, startAxis, endAxis);
  }
  /**
   * The lower triangle of each matrix, 0 elsewhere: on and below
   * the given diagonal; 0 is the main one. As `torch.tril`.
   *
   * @throws ShapeError if there are fewer than two axes.
   */
  tril(diagonal?: number): Tensor {
    return tril(this, diagonal);
  }
  /**
   * The upper triangle of each matrix, 0 elsewhere: on and above
   * the given diagonal; 0 is the main one. As `torch.triu`.
   *
   * @throws ShapeError if there are fewer than two axes.
   */
  triu(diagonal?: number): Tensor {
    return triu(this, diagonal);
  }
  /** A copy, in memory of its own. Gradients flow back through it. */
  clone(): Tensor {
    return clone(this);
  }
  /** The same numbers as another dtype; this tensor itself if it already has this dtype. Gradients flow back, in this one's dtype. */
  to(dtype: DType): Tensor {
    return to(this, dtype);
  }

  /** The numbers as nested arrays: `[[1, 2], [3, 4]]` for shape [2, 2], a number for shape []. */
  tolist(): NestedArrays {
    return nest(this.values, this.shape);
  }

  /** What `JSON.stringify` writes: `tolist()`, in which JSON has `null` for NaN and infinities. */
  toJSON(_key?: string): NestedArrays {
    return this.tolist();
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

  /** In `${x}` and `String(x)`, `toString`. @throws ArgumentError in `x * 2`, `x + 1` and `x == 1`: JavaScript has no operators for tensors. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new ArgumentError(
      'Tensor: JavaScript has no operators for tensors; write x.mul(2) for x * 2, x.item() for the number of a tensor ' +
        'with one, or String(x) for its text',
    );
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
