import { CheckError } from '@paragrad/check';
import { grad } from '../autograd/backward.js';
import type { DType } from '../dtype.js';
import type { KernelSet } from '../kernels/kernel-set.js';
import { referenceKernels } from '../kernels/reference.js';
import { useKernels } from '../kernels/select.js';
import { simdKernels } from '../kernels/simd/simd.js';
import { scope } from '../memory/scope.js';
import { formatShape, sameShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { indexOf, irregularWeights } from './judge.js';

/** Arguments that were drawn for an op: its tensors, and a function of these alone. */
export interface BoundOp {
  f: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
}

/** Binds the op to its arguments, after `as` has converted them. */
export type Bind = (as: <T>(args: T) => T) => BoundOp;

/** A float32 result may differ by so much, times the largest number of the result or 1. */
const FLOAT32_TOLERANCE = 1e-4;
const OR_FLOAT64 = '; compute in the dtype of the inputs, or give { float32: false }';
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** Results and gradients in float32 have this dtype, and numbers close to those in float64, on every kernel set. */
export function checkFloat32(bind: Bind): void {
  // The float64 numbers are computed from rounded arguments, so that comparisons in the op have the same outcome.
  const rounded: Bind = (as) => bind((args) => as(convert(convert(args, 'float32'), 'float64')));
  const exact = numbersOf(rounded((args) => args));
  for (const kernels of kernelSets()) {
    const set = ` on the kernel set ${kernels.name}`;
    const results = withKernels(kernels, () => float32Numbers(bind));
    results.forEach((x, k) => {
      if (x?.dtype === 'float64')
        throw new CheckError(`${nameOf(k)}${set} is float64 for float32 inputs${OR_FLOAT64}`);
      const differ = disagreement(x, exact[k], closeTo(exact[k]));
      if (differ)
        throw new CheckError(
          `${nameOf(k)}${differ.at}${set} is ${differ.a} in float32, but ${differ.b} in float64`,
        );
    });
  }
}

/** Inside of a scope, results and gradients have the same bits as outside, on every kernel set. */
export function checkScopes(bind: Bind): void {
  for (const kernels of kernelSets()) {
    withKernels(kernels, () => {
      const outside = float32Numbers(bind);
      const inside = scope(() => float32Numbers(bind));
      outside.forEach((x, k) => {
        const differ = disagreement(x, inside[k]);
        if (!differ) return;
        throw new CheckError(
          `${nameOf(k)}${differ.at} on the kernel set ${kernels.name} is ${differ.a} outside of a scope, and ${differ.b} inside`,
        );
      });
    });
  }
}

/** What number `k` of a list of numbers is: the result comes first, then the gradients. */
export const nameOf = (k: number): string => (k === 0 ? 'the result' : `the gradient of input ${k - 1}`);

/** The result and the gradients of all inputs, computed in float32. */
export function float32Numbers(bind: Bind): (Tensor | null)[] {
  return numbersOf(bind((args) => convert(args, 'float32')));
}

function numbersOf({ f, inputs }: BoundOp): (Tensor | null)[] {
  const variables = inputs.map((x) => new Tensor(x.data, x.shape, { requiresGrad: true }));
  const y = f(...variables);
  const given = inputs[0]?.dtype ?? y.dtype;
  if (y.dtype !== given) throw new CheckError(`the result is ${y.dtype} for ${given} inputs${OR_FLOAT64}`);
  const gradOutput = convert(irregularWeights(y.shape), y.dtype);
  if (!y.requiresGrad) return [y];
  return [y, ...grad(y, variables, { gradOutput, allowUnused: true })];
}

/** The kernel sets that run here. */
function kernelSets(): KernelSet[] {
  const sets = [referenceKernels, simdKernels({ relaxed: false }), simdKernels({ relaxed: true })];
  return [...new Set(sets)].filter((set) => set !== null);
}

function withKernels<T>(kernels: KernelSet, compute: () => T): T {
  const previous = useKernels(kernels);
  try {
    return compute();
  } finally {
    useKernels(previous);
  }
}

/** The same value with another dtype: a tensor, or tensors in arrays and plain objects. Everything else stays. */
function convert<T>(value: T, dtype: DType): T {
  if (value instanceof Tensor) {
    const data = dtype === 'float32' ? Float32Array.from(value.data) : Float64Array.from(value.data);
    return new Tensor(data, value.shape) as T;
  }
  if (Array.isArray(value)) return value.map((one) => convert(one, dtype)) as T;
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, convert(one, dtype)])) as T;
  }
  return value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The first place where two tensors differ, and their numbers there, in words. */
export interface Disagreement {
  /** Such as ` at index [0, 2]`; empty if it is not a matter of one place. */
  readonly at: string;
  readonly a: string;
  readonly b: string;
}

type Maybe<T> = T | null | undefined;

/** Compares two tensors, bit by bit unless `agree` is given. Returns null if they agree. Null stands for no gradient. */
export function disagreement(
  a: Maybe<Tensor>,
  b: Maybe<Tensor>,
  agree: (x: number, y: number) => boolean = Object.is,
): Disagreement | null {
  if (!a || !b) return a === b ? null : { at: '', a: inWords(a), b: inWords(b) };
  if (!sameShape(a.shape, b.shape)) return { at: '', a: inWords(a), b: inWords(b) };
  const place = a.data.findIndex((x, k) => !agree(x, b.data[k]));
  if (place < 0) return null;
  const at = a.rank === 0 ? '' : ` at index ${formatShape(indexOf(place, a.shape))}`;
  return { at, a: String(a.data[place]), b: String(b.data[place]) };
}

const inWords = (x: Maybe<Tensor>): string => (x ? `of shape ${formatShape(x.shape)}` : 'missing');

/** Whether a float32 number is close enough to the float64 number of a tensor. */
function closeTo(exact: Maybe<Tensor>): (x: number, y: number) => boolean {
  const largest = Math.max(1, ...(exact?.data.filter(Number.isFinite).map(Math.abs) ?? []));
  return (x, y) => {
    if (!Number.isFinite(y)) return Object.is(x, y);
    return Math.abs(y) > LARGEST_FLOAT32 || Math.abs(x - y) <= FLOAT32_TOLERANCE * largest;
  };
}
