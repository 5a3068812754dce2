import type { FloatArray } from '../dtype.js';
import { type Shape, sizeOf, stridesOf } from '../shape.js';
import { Tensor } from '../tensor.js';
import { Differences, type Evaluate, type Slope } from './differences.js';

export interface Tolerance {
  atol: number;
  rtol: number;
}

/** What is wrong at one element of an input. */
export interface Fault {
  kind: 'wrong gradient' | 'kink' | 'jump' | 'edge' | 'undecided';
  /** The place in the flat data. */
  element: number;
  x: number;
  analytic: number;
  slope: Slope;
}

/** `numeric` may be wrong by so many times its error bound, which is an estimate itself. */
const SAFETY = 10;

/**
 * Compares the gradient of each element of `data` with finite differences. Returns the first wrong gradient; if there is
 * none, the first kink, jump or edge of f; else null.
 */
export function firstFault(
  evaluate: Evaluate,
  data: FloatArray,
  claimed: FloatArray | undefined,
  weights: FloatArray,
  tolerance: Tolerance,
): Fault | null {
  let other: Fault | null = null;
  for (let element = 0; element < data.length; element++) {
    const analytic = claimed ? claimed[element] : 0;
    const fault = faultAt(new Differences(evaluate, data, element, weights), analytic, tolerance);
    if (fault?.kind === 'wrong gradient') return fault;
    other ??= fault;
  }
  return other;
}

function faultAt(differences: Differences, analytic: number, { atol, rtol }: Tolerance): Fault | null {
  const isClose = (numeric: number, error: number) => {
    const largest = Math.max(Math.abs(analytic), Math.abs(numeric));
    return largest < Number.POSITIVE_INFINITY && Math.abs(analytic - numeric) <= error + rtol * largest;
  };
  if (isClose(differences.quick(), 0)) return null;

  const slope = differences.precise();
  const { k, data } = differences;
  const fault = (kind: Fault['kind']): Fault => ({ kind, element: k, x: data[k], analytic, slope });
  const error = SAFETY * slope.error;
  const isSettled =
    error <= 1e-3 * Math.max(Math.abs(analytic), Math.abs(slope.numeric)) + 1e-6 * (1 + slope.size);
  if (isSettled && isClose(slope.numeric, error + atol)) return null;

  if (Number.isNaN(analytic) && slope.isDefined) return fault('wrong gradient');
  if (slope.shape === 'edge' || slope.shape === 'jump') return fault(slope.shape);
  // An output that is infinite on both sides, too, has no slope to compare with.
  if (!slope.isDefined && !(slope.isSeen && Number.isFinite(analytic))) return fault('edge');
  if (slope.shape === 'steep' && Math.abs(analytic) === Number.POSITIVE_INFINITY) return null;
  const low = Math.min(slope.left, slope.right);
  const high = Math.max(slope.left, slope.right);
  const slack = atol + 1e-5 * (Math.abs(low) + Math.abs(high));
  const isBetween = analytic >= low - slack && analytic <= high + slack;
  if (slope.shape === 'kink' && isBetween) return fault('kink');
  return fault(isSettled || slope.shape === 'kink' ? 'wrong gradient' : 'undecided');
}

/** Weights of -1.5 to -0.5, 0.5 to 1.5, 2 to 6, and so on. A gradient must be right for every gradient of its output. */
export const WEIGHT_SCALES = [1, -1, 4, -1 / 8];

/**
 * `scale` times fixed numbers between 0.5 and 1.5, without a pattern that could hide an error. All have the same sign, so
 * that the kinks of two outputs do not cancel.
 */
export function irregularWeights(shape: Shape, scale = 1): Tensor {
  return new Tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, k) => scale * (0.5 + ((k * 0.618034) % 1))),
    shape,
  );
}

/** A scale for the weights. It depends only on the inputs, so that a case can be repeated. */
export function weightScale(inputs: readonly Tensor[]): number {
  const total = inputs.flatMap(({ data }) => [...data]).reduce((a, b) => a + b, 0);
  const place = (Math.abs(total) * 0.618034) % 1;
  return WEIGHT_SCALES[Math.floor(place * WEIGHT_SCALES.length)] ?? 1; // the total may be NaN
}

/** The index of a place in the flat data along each axis: `[1, 2]`. */
export function indexOf(element: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(element / stride) % shape[axis]);
}
