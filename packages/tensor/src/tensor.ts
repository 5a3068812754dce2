import { type BackwardOptions, backward } from './autograd/backward.js';
import { type GradientHook, type HookHandle, registerHook, retainGrad } from './autograd/hooks.js';
import type { OpLabel, OpRecord } from './autograd/record.js';
import { markChanged, readCheck } from './autograd/versions.js';
import { checkGenerator } from './checks.js';
import { allocate, allocateRaw, type DType, dtypeOf, type FloatArray } from './memory/allocate.js';
import { Storage } from './memory/storage.js';
import { relu, sigmoid, tanh } from './ops/activation.js';
import {
  abs,
  add,
  type ClampOptions,
  clamp,
  div,
  exp,
  log,
  mul,
  neg,
  pow,
  sqrt,
  square,
  sub,
} from './ops/arithmetic.js';
import { type MatmulOptions, matmul } from './ops/matmul.js';
import { amax, mean, norm, type ReduceOptions, sum } from './ops/reduce.js';
import { type SoftmaxOptions, softmax } from './ops/softmax.js';
import { narrow, permute, reshape, transpose } from './ops/view.js';
import type { Generator } from './random.js';
import { checkShape, formatShape, type Shape, sizeOf } from './shape.js';

/**
 * An n-dimensional array of float32 (or, to check gradients, float64) that remembers what it was computed from,
 * where a gradient is to flow through it. Contiguous and row-major. As PyTorch's, in camelCase.
 */
export class Tensor {
  /** Shown when the graph is drawn or an error names this tensor; `nameParameters` of nn names a module's. */
  name = '';
  /** Of a leaf; those of other tensors are with their record. */
  hooks: OpRecord['hooks'] = null;
  readonly record: OpRecord | null;
  readonly requiresGrad: boolean;
  /** What `detach` cut this off from, for `inspect`. A leaf, or a few words: it keeps no graph alive. */
  readonly detachedFrom: Tensor | OpLabel | null;
  /** How many numbers it holds. */
  readonly size: number;
  /** @internal */
  readonly storage: Storage;
  #grad: Tensor | null = null;

  /** Wraps `data` without copying it. `tensor`, `zeros` and the other functions below are the usual way in. */
  constructor(
    data: FloatArray | Storage,
    readonly shape: Shape,
    { requiresGrad = false, record, detachedFrom = null }: TensorOrigin = {},
  ) {
    checkShape('Tensor', shape);
    this.size = sizeOf(shape);
    this.storage = data instanceof Storage ? data : new Storage(data);
    const { length } = this.storage.array;
    if (length !== this.size && this.storage !== NO_NUMBERS[this.dtype]) {
      throw new Error(`Tensor: ${length} numbers for shape ${formatShape(shape)}, which holds ${this.size}`);
    }
    this.requiresGrad = requiresGrad;
    this.detachedFrom = detachedFrom;
    this.record = record?.(this) ?? null;
  }

  /**
   * The numbers, row by row. To change them, use `update`: gradients don't notice what is written here, and those of
   * ops that ran before would be computed from the new numbers.
   */
  get data(): FloatArray {
    readCheck?.(this);
    return this.storage.keep();
  }

  /**
   * The same, for kernels: where the numbers lie now. Not to be kept, since a scope's memory is used again.
   * @internal
   */
  get values(): FloatArray {
    readCheck?.(this);
    return this.storage.array;
  }

  /** dL/dthis, accumulated by `backward`; null before. */
  get grad(): Tensor | null {
    return this.#grad;
  }
  set grad(grad: Tensor | null) {
    grad?.storage.keep(); // it may well be wanted after the scope that it is computed in
    this.#grad = grad;
  }

  /**
   * Changes the numbers in place. No gradient flows through the change; a gradient that needs the numbers as they were
   * throws instead of using the new ones. Tensors that share the data (`detach`, `reshape`) change too. (Of tensors
   * that were made on overlapping parts of one buffer this is not known.)
   */
  update(change: (data: FloatArray) => void): void {
    try {
      change(this.storage.keep());
    } finally {
      markChanged(this.storage);
    }
  }

  /** Grows with every `update` of this tensor's data; 0 before the first. */
  get version(): number {
    return this.storage.version;
  }

  get dtype(): DType {
    return dtypeOf(this.storage.array);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The number in a tensor of one element. */
  item(): number {
    if (this.size !== 1)
      throw new Error(`item: shape ${formatShape(this.shape)} holds ${this.size} numbers, not one`);
    return this.values[0];
  }

  /** The same data as a constant: no gradient flows from what is computed with it back to this tensor. */
  detach(): Tensor {
    const detachedFrom = this.record?.label ?? (this.requiresGrad ? this : this.detachedFrom);
    return new Tensor(this.storage, this.shape, { detachedFrom });
  }

  /**
   * Calls `hook` with the gradient of this tensor, whenever one is computed, when all its uses have added their part
   * and before it goes on; a tensor that the hook returns replaces it. Throws if this requires no gradient.
   */
  registerHook(hook: GradientHook): HookHandle {
    return registerHook(this, hook);
  }

  /** Makes `backward` accumulate into the `grad` of this too, though it is not a leaf. */
  retainGrad(): void {
    retainGrad(this);
  }

  /** For freed records: its shape and type, without the memory. */
  withoutData(): Tensor {
    const shell = new Tensor(NO_NUMBERS[this.dtype], this.shape, { detachedFrom: this.detachedFrom });
    shell.name = this.name;
    return shell;
  }

  /** Accumulates the gradient of this (a scalar, or with `gradOutput`) into the `grad` of what it was computed from. */
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

  /** Its shape, its first numbers, and the op that made it; what console.log shows in Node, too. */
  toString(): string {
    const numbers = Array.from(this.values.subarray(0, 6), (x) => Number(x.toPrecision(5)));
    const more = this.size > numbers.length ? ', ...' : '';
    const origin = this.record ? `, from ${this.record.op}` : this.requiresGrad ? ', requiresGrad' : '';
    return `Tensor ${formatShape(this.shape)} (${numbers.join(', ')}${more}${origin})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const NO_NUMBERS = { float32: allocate(0, 'float32'), float64: allocate(0, 'float64') };

interface TensorOrigin {
  requiresGrad?: boolean;
  /** Makes the record of the op that this tensor is the output of. */
  record?: (output: Tensor) => OpRecord;
  detachedFrom?: Tensor | OpLabel | null;
}

export interface TensorOptions {
  /** Default 'float32'. */
  dtype?: DType;
  /** Whether `backward` is to give it a gradient. Default false. */
  requiresGrad?: boolean;
}

export type NestedNumbers = number | readonly NestedNumbers[];

/** A tensor of the given numbers: `tensor([[1, 2], [3, 4]])` has shape [2, 2]. Throws on rows of unequal length. */
export function tensor(values: NestedNumbers, options: TensorOptions = {}): Tensor {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level) && shape.length < MAX_NESTING; level = level[0])
    shape.push(level.length);
  const result = zeros(shape, options);
  let next = 0;
  const fill = (level: NestedNumbers, axis: number): void => {
    if (Array.isArray(level) ? level.length !== shape[axis] : axis !== shape.length) {
      throw new Error(
        `tensor: the nesting is ragged: the first element at each level gives shape ${formatShape(shape)}, and others differ`,
      );
    }
    if (Array.isArray(level)) for (const inner of level) fill(inner, axis + 1);
    else if (typeof level === 'number') result.values[next++] = level;
    else throw new Error(`tensor: ${String(level)} is no number; give numbers, or arrays of them`);
  };
  fill(values, 0);
  return result;
}

const MAX_NESTING = 32; // an array that holds itself would have no end

/** All 0. */
export function zeros(shape: Shape, { dtype = 'float32', requiresGrad = false }: TensorOptions = {}): Tensor {
  checkShape('zeros', shape);
  return new Tensor(allocate(sizeOf(shape), dtype), shape, { requiresGrad });
}

/** All the same number. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkShape('full', shape);
  return filled(shape, (data) => data.fill(value), options);
}

/**
 * What `fill` writes. It is given zeros, in the memory that is then the tensor's: not to be kept, since a scope's memory is
 * used again.
 */
export function filled(shape: Shape, fill: (data: FloatArray) => void, options: TensorOptions = {}): Tensor {
  checkShape('filled', shape);
  const result = zeros(shape, options);
  fill(result.values);
  return result;
}

/** All 1. */
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

/** For ops: the output to be, with arbitrary contents: a kernel writes all of it. */
export function empty(shape: Shape, dtype: DType): Tensor {
  return new Tensor(allocateRaw(sizeOf(shape), dtype), shape);
}

/** For ops: an output of x's shape and type. */
export function emptyLike(x: Tensor): Tensor {
  return empty(x.shape, x.dtype);
}
