import {
  ArgumentError,
  aFunction,
  anyNumber,
  checkArgument,
  checkNoMore,
  checkOptions,
  describe,
  finite,
  integerFrom0,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';
import { aDType, aGenerator } from './argument-checks.js';
import type { DType, FloatArray } from './dtype.js';
import { allocate, allocateRaw } from './memory/allocate.js';
import { flattenNested, type NestedNumbers } from './nested.js';
import type { Generator } from './random.js';
import { checkShape, oneByOne, type Shape, sizeOf } from './shape.js';
import { Tensor } from './tensor.js';

/** Options of every function that makes a tensor. */
export interface TensorOptions {
  /** Default 'float32'. */
  dtype?: DType;
  /** Whether `backward` computes a gradient for it. Default false. */
  requiresGrad?: boolean;
}

const tensorOptions: OptionChecks<TensorOptions> = { dtype: aDType, requiresGrad: trueOrFalse };

/**
 * A tensor of the given numbers: `tensor([[1, 2], [3, 4]])` has shape [2, 2]. Copies them, also from a typed array.
 *
 * @throws ShapeError if rows differ in length.
 */
export function tensor(values: NestedNumbers, options: TensorOptions = {}): Tensor {
  if (typeof values === 'number' && typeof options === 'number')
    throw oneByOne('tensor', 'the list of numbers', arguments);
  checkOptions('tensor', options, tensorOptions);
  if (values instanceof Tensor)
    throw new ArgumentError(
      'tensor: the values are a tensor already; clone(x) copies it, to(x, dtype) converts it',
    );
  const { data, shape } = flattenNested('tensor', values);
  return filled(shape, (target) => target.set(data), options);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape('zeros', shape, arguments);
  checkOptions('zeros', options, tensorOptions);
  const { dtype = 'float32', requiresGrad = false } = options;
  return new Tensor(allocate(sizeOf(shape), dtype), shape, { requiresGrad });
}

/** A tensor whose elements all have the same value. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkShape('full', shape);
  checkArgument('full', 'value', value, anyNumber);
  checkOptions('full', options, tensorOptions);
  const { dtype = 'float32', requiresGrad = false } = options;
  return constant(shape, value, dtype, requiresGrad);
}

/** What `full` returns, for arguments that are checked. */
export function constant(shape: Shape, value: number, dtype: DType, requiresGrad = false): Tensor {
  const storage = allocateRaw(sizeOf(shape), dtype);
  storage.array.fill(value);
  return new Tensor(storage, shape, { requiresGrad });
}

/**
 * A tensor whose elements are written by `fill`. It receives the tensor's own memory, filled with zeros. Do not keep
 * that array: when a scope ends, its memory is reused.
 *
 * @throws ArgumentError if the shape is not a list of integers of at least 0.
 */
export function filled(shape: Shape, fill: (data: FloatArray) => void, options: TensorOptions = {}): Tensor {
  checkShape('filled', shape);
  checkArgument('filled', 'fill', fill, aFunction);
  checkOptions('filled', options, tensorOptions);
  const result = zeros(shape, options);
  fill(result.values);
  return result;
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape('ones', shape, arguments);
  checkOptions('ones', options, tensorOptions);
  return full(shape, 1, options);
}

/** One number, of shape []. */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  checkNoMore('scalar', arguments, 2);
  checkArgument('scalar', 'value', value, anyNumber);
  checkArgument('scalar', 'dtype', dtype, aDType);
  return full([], value, { dtype });
}

/** The range of the draws, in addition to the tensor's options. */
export interface UniformOptions extends TensorOptions {
  /** The smallest number that can be drawn. Default 0. */
  low?: number;
  /** All draws are below it. Default 1. */
  high?: number;
}

const uniformOptions: OptionChecks<UniformOptions> = { ...tensorOptions, low: finite, high: finite };

/**
 * Independent draws, uniform in [low, high).
 *
 * @throws ArgumentError if `low` is above `high`.
 */
export function uniform(shape: Shape, generator: Generator, options: UniformOptions = {}): Tensor {
  checkShape('uniform', shape, arguments);
  checkArgument('uniform', 'generator', generator, aGenerator);
  checkOptions('uniform', options, uniformOptions);
  const { low = 0, high = 1, ...ofTensor } = options;
  const result = zeros(shape, ofTensor);
  const { values } = result;
  for (let i = 0; i < result.size; i++) {
    values[i] = generator.uniform(low, high);
    if (values[i] >= high) values[i] = low; // float32 may round it up to high
  }
  return result;
}

/** Independent draws from the standard normal distribution. */
export function normal(shape: Shape, generator: Generator, options: TensorOptions = {}): Tensor {
  checkShape('normal', shape, arguments);
  checkArgument('normal', 'generator', generator, aGenerator);
  checkOptions('normal', options, tensorOptions);
  const result = zeros(shape, options);
  for (let i = 0; i < result.size; i++) result.values[i] = generator.normal();
  return result;
}

/**
 * 0, 1, 2, ... below `end`. As `torch.arange`.
 *
 * @throws ArgumentError if `end` is below 0 or not finite.
 */
export function arange(end: number, options?: TensorOptions): Tensor;
/**
 * `start`, `start + 1`, ... below `end`. As `torch.arange`.
 *
 * @throws ArgumentError if `end` is below `start`, or a number is not finite.
 */
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
/**
 * The numbers from `start` up to `end`, which is excluded, in steps of `step`. As `torch.arange`.
 *
 * @throws ArgumentError if such steps do not lead to the end, or a number is not finite.
 */
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...given: NumbersThenOptions): Tensor {
  const { numbers, options } = splitOptions('arange', given);
  const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  checkOptions('arange', options, tensorOptions);
  if (![start, end, step].every(Number.isFinite) || numbers.length > 3) {
    throw new ArgumentError(
      `arange: ${describe(numbers)}; give the end, or start, end and step, as finite numbers`,
    );
  }
  if (step === 0 || (end - start) / step < 0) {
    throw new ArgumentError(
      `arange: from ${start} to ${end} in steps of ${step}; such steps do not lead to the end`,
    );
  }
  const length = Math.max(Math.ceil((end - start) / step), 0); // 0 instead of -0
  checkShape('arange', [length]);
  return filled([length], (data) => fillAt(data, (i) => start + i * step), options);
}

/**
 * `steps` numbers at equal distances, from `start` to `end`; both are included. As `torch.linspace`.
 *
 * @throws ArgumentError if `steps` is not an integer of at least 0, or a bound is not finite.
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkArgument('linspace', 'start', start, finite);
  checkArgument('linspace', 'end', end, finite);
  checkArgument('linspace', 'steps', steps, integerFrom0);
  checkShape('linspace', [steps]);
  checkOptions('linspace', options, tensorOptions);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  const numberAt = (i: number) => (i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step);
  return filled([steps], (data) => fillAt(data, numberAt), options);
}

function fillAt(data: FloatArray, numberAt: (index: number) => number): void {
  for (let i = 0; i < data.length; i++) data[i] = numberAt(i);
}

/** The identity matrix [rows, rows]: 1 on the diagonal, 0 elsewhere. */
export function eye(rows: number, options?: TensorOptions): Tensor;
/** The matrix [rows, columns] with 1 on the diagonal, and 0 elsewhere. */
export function eye(rows: number, columns: number, options?: TensorOptions): Tensor;
export function eye(...given: NumbersThenOptions): Tensor {
  const { numbers, options } = splitOptions('eye', given);
  const [rows, columns = rows] = numbers;
  checkNoMore('eye', numbers, 2);
  checkOptions('eye', options, tensorOptions);
  checkShape('eye', [rows, columns]);
  const diagonal = Math.min(rows, columns);
  return filled(
    [rows, columns],
    (data) => {
      for (let i = 0; i < diagonal; i++) data[i * columns + i] = 1;
    },
    options,
  );
}

/** The arguments of a function that takes some numbers and then options. */
type NumbersThenOptions = (number | TensorOptions | undefined)[];

function splitOptions(
  caller: string,
  given: NumbersThenOptions,
): { numbers: number[]; options: TensorOptions } {
  const list = given.find(Array.isArray) as readonly number[] | undefined;
  if (list)
    throw new ArgumentError(
      `${caller}: there is an array, ${describe(list)}; give numbers, as in ${caller}(${list.join(', ')})`,
    );
  const last = given.at(-1);
  const options = typeof last === 'object' || last === undefined ? given.pop() : {};
  return { numbers: given as number[], options: (options ?? {}) as TensorOptions };
}
