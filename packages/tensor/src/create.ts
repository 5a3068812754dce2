import { checkGenerator } from './argument-checks.js';
import type { DType, FloatArray } from './dtype.js';
import { allocate } from './memory/allocate.js';
import type { Generator } from './random.js';
import { checkShape, formatShape, type Shape, sizeOf } from './shape.js';
import { Tensor } from './tensor.js';

export interface TensorOptions {
  /** Default 'float32'. */
  dtype?: DType;
  /** Whether `backward` computes a gradient for it. Default false. */
  requiresGrad?: boolean;
}

export type NestedNumbers = number | readonly NestedNumbers[];

/** A tensor of the given numbers: `tensor([[1, 2], [3, 4]])` has shape [2, 2]. Throws if rows differ in length. */
export function tensor(values: NestedNumbers, options: TensorOptions = {}): Tensor {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level) && shape.length < MAX_NESTING; level = level[0])
    shape.push(level.length);
  const result = zeros(shape, options);
  let next = 0;
  const fill = (level: NestedNumbers, axis: number): void => {
    if (Array.isArray(level) ? level.length !== shape[axis] : axis !== shape.length) {
      throw new Error(
        `tensor: the nesting is ragged: by the first element at each level the shape is ${formatShape(shape)}, but others differ`,
      );
    }
    if (Array.isArray(level)) for (const inner of level) fill(inner, axis + 1);
    else if (typeof level === 'number') result.values[next++] = level;
    else throw new Error(`tensor: ${String(level)} is not a number; give numbers, or arrays of numbers`);
  };
  fill(values, 0);
  return result;
}

const MAX_NESTING = 32; // stops at an array that contains itself

/** A tensor of zeros. */
export function zeros(shape: Shape, { dtype = 'float32', requiresGrad = false }: TensorOptions = {}): Tensor {
  checkShape('zeros', shape);
  return new Tensor(allocate(sizeOf(shape), dtype), shape, { requiresGrad });
}

/** A tensor whose elements all have the same value. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkShape('full', shape);
  return filled(shape, (data) => data.fill(value), options);
}

/**
 * A tensor whose elements are written by `fill`. It receives the tensor's own memory, filled with zeros. Do not keep
 * that array: when a scope ends, its memory is reused.
 */
export function filled(shape: Shape, fill: (data: FloatArray) => void, options: TensorOptions = {}): Tensor {
  checkShape('filled', shape);
  const result = zeros(shape, options);
  fill(result.values);
  return result;
}

/** A tensor of ones. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape('ones', shape);
  return full(shape, 1, options);
}

/** One number, of shape []. */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return full([], value, { dtype });
}

/** Independent draws, uniform in [low, high). */
export function uniform(
  shape: Shape,
  generator: Generator,
  { low = 0, high = 1, ...options }: TensorOptions & { low?: number; high?: number } = {},
): Tensor {
  checkGenerator('uniform', generator);
  const result = zeros(shape, options);
  for (let i = 0; i < result.size; i++) result.values[i] = generator.uniform(low, high);
  return result;
}

/** Independent draws from the standard normal distribution. */
export function normal(shape: Shape, generator: Generator, options: TensorOptions = {}): Tensor {
  checkGenerator('normal', generator);
  const result = zeros(shape, options);
  for (let i = 0; i < result.size; i++) result.values[i] = generator.normal();
  return result;
}
