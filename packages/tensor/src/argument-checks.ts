import {
  ArgumentError,
  anyNumber,
  type Check,
  either,
  integer,
  listOf,
  ofAnotherCopy,
  oneOf,
  ShapeError,
} from '@paragrad/check';
import { checkEnded } from './autograd/modes.js';
import type { DType, FloatArray } from './dtype.js';
import { storageOf } from './memory/storage.js';
import type { Generator } from './random.js';
import { formatShape, sameShape } from './shape.js';
import type { Tensor } from './tensor.js';

// The checks of arguments that only tensors need; `@paragrad/check` has the others.

/** A tensor. */
export const aTensor: Check<Tensor> = {
  inWords: 'a tensor',
  // Not instanceof: other files need these checks while they load, when there is no class Tensor yet.
  accepts: (value): value is Tensor => storageOf(value) !== undefined,
  explain: (value) => (isLikeTensor(value) ? ofAnotherCopy('tensor', '@paragrad/tensor') : undefined),
};

/** By what it has, because minifiers change the names of classes. */
function isLikeTensor(value: unknown): boolean {
  const { requiresGrad, backward } = (value ?? {}) as Record<string, unknown>;
  return typeof requiresGrad === 'boolean' && typeof backward === 'function';
}

/** A list of tensors. */
export const someTensors: Check<readonly Tensor[]> = listOf(aTensor);
export const aTensorOrNumber: Check<Tensor | number> = either(aTensor, anyNumber);
export const aDType: Check<DType> = oneOf('float32', 'float64');
/** One axis, or several. */
export const someAxes: Check<number | readonly number[]> = either(integer, listOf(integer));
export const aFloatArray: Check<FloatArray> = {
  inWords: 'a Float32Array or a Float64Array; tensor(...) takes arrays of numbers',
  accepts: (value): value is FloatArray => value instanceof Float32Array || value instanceof Float64Array,
};

/** A Generator, or an object with its methods. */
export const aGenerator: Check<Generator> = {
  inWords: 'new Generator(seed): the seed decides every draw',
  accepts: (value): value is Generator =>
    ['uniform', 'integer', 'normal', 'fork'].every(
      (method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function',
    ),
};

/** Whether a gradient fits the tensor that it belongs to. */
export const fits = (gradient: Tensor, x: Tensor): boolean =>
  sameShape(gradient.shape, x.shape) && gradient.dtype === x.dtype;

/** The error for a gradient that does not fit the tensor that it belongs to, which errors call `owner`. */
export function unfit(
  caller: string,
  what: string,
  gradient: Tensor,
  owner: string,
  x: Tensor,
): ArgumentError {
  if (!sameShape(gradient.shape, x.shape)) {
    return new ShapeError(
      `${caller}: ${what} has shape ${formatShape(gradient.shape)}, but ${owner} has ${formatShape(x.shape)}; the two must be equal`,
    );
  }
  return new ArgumentError(
    `${caller}: ${what} is ${gradient.dtype}, but ${owner} is ${x.dtype}; the two must be equal, and to(x, dtype) converts`,
  );
}

/** Throws if a change of `numbers` returned other numbers, which nobody would use, or has not ended. */
export function checkWritten(caller: string, returned: unknown, numbers: FloatArray): void {
  checkEnded(caller, returned);
  if (!Array.isArray(returned) && !ArrayBuffer.isView(returned)) return; // such as 3, from (data) => (data[0] = 3)
  if (ArrayBuffer.isView(returned) && returned.buffer === numbers.buffer) return; // fill and sort return what they wrote to
  throw new ArgumentError(
    `${caller}: change returned new numbers, which are not used; write into the array that it gets, as data.set(...) does`,
  );
}
