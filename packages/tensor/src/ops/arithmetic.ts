import { ArgumentError, anyNumber, checkNoMore, checkOptions, type OptionChecks } from '@paragrad/check';
import { defineOp } from '../autograd/record.js';
import { Tensor } from '../tensor.js';
import { eq, greater, isfinite, sign, where, wherePositive } from './compare.js';
import { type BinaryOp, binary, parametric, type UnaryOp, unary } from './elementwise.js';

// dz stands for dL/dz. Operands have the same shape here: elementwise.ts broadcasts them first.

/**
 * z = a + b, element by element. Shapes broadcast; a number gets the dtype of the tensor.  da = dz,  db = dz
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const add: BinaryOp = binary('add', [(dz) => dz, (dz) => dz]);

/**
 * z = a - b, element by element. Shapes broadcast, as in `add`.  da = dz,  db = -dz
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const sub: BinaryOp = binary('sub', [(dz) => dz, (dz) => neg(dz)]);

/**
 * z = a b, element by element. Shapes broadcast, as in `add`.  da = dz b,  db = dz a
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const mul: BinaryOp = binary('mul', [
  (dz, { inputs: [, b] }) => mul(dz, b),
  (dz, { inputs: [a] }) => mul(dz, a),
]);

/**
 * z = a / b, element by element: infinite or NaN where b is 0. Shapes broadcast, as in `add`.  da = dz / b,  db = -dz z / b
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const div: BinaryOp = binary('div', [
  (dz, { inputs: [, b] }) => div(dz, b),
  (dz, { inputs: [, b], output: z }) => neg(div(mul(dz, z), b)),
]);

/**
 * z = min(a, b), element by element. Shapes broadcast.  da = dz where a < b, half of it where a = b, 0 where a > b;  db similarly
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const minimum: BinaryOp = binary('minimum', [
  (dz, { inputs: [a, b] }) => shareOfLarger(dz, b, a),
  (dz, { inputs: [a, b] }) => shareOfLarger(dz, a, b),
]);

/**
 * z = max(a, b), element by element. Shapes broadcast.  da = dz where a > b, half of it where a = b, 0 where a < b;  db similarly
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export const maximum: BinaryOp = binary('maximum', [
  (dz, { inputs: [a, b] }) => shareOfLarger(dz, a, b),
  (dz, { inputs: [a, b] }) => shareOfLarger(dz, b, a),
]);

/**
 * 0 where a < b, dz / 2 where a = b, else dz; also where a or b is NaN. It chooses, as every gradient with a case does:
 * dz times a mask would be NaN where dz is infinite and the mask 0.
 */
function shareOfLarger(dz: Tensor, a: Tensor, b: Tensor): Tensor {
  return where(greater(b, a), 0, where(eq(a, b), mul(dz, 0.5), dz));
}

/** y = -x of each element;  dx = -dy */
export const neg: UnaryOp = unary('neg', (dy) => neg(dy));

/** y = x² of each element;  dx = 2 x dy */
export const square: UnaryOp = unary('square', (dy, { inputs: [x] }) => mul(mul(dy, x), 2));

/** y = √x of each element, NaN of negative ones;  dx = dy / (2 y), infinite at 0 */
export const sqrt: UnaryOp = unary('sqrt', (dy, { output: y }) => div(dy, mul(y, 2)));

/** y = e^x of each element;  dx = dy y */
export const exp: UnaryOp = unary('exp', (dy, { output: y }) => mul(dy, y));

/** y = e^x - 1 of each element, precise for small x;  dx = dy e^x */
export const expm1: UnaryOp = unary('expm1', (dy, { inputs: [x] }) => mul(dy, exp(x)));

/** y = ln x of each element: -∞ of 0, NaN of negative ones;  dx = dy / x */
export const log: UnaryOp = unary('log', (dy, { inputs: [x] }) => div(dy, x));

/** y = ln (1 + x) of each element, precise for small x;  dx = dy / (1 + x) */
export const log1p: UnaryOp = unary('log1p', (dy, { inputs: [x] }) => div(dy, add(x, 1)));

/** y = sin x of each element, in radians;  dx = dy cos x */
export const sin: UnaryOp = unary('sin', (dy, { inputs: [x] }) => mul(dy, cos(x)));

/** y = cos x of each element, in radians;  dx = -dy sin x */
export const cos: UnaryOp = unary('cos', (dy, { inputs: [x] }) => neg(mul(dy, sin(x))));

/** y = 2/√π ∫ e^(-t²) dt from 0 to x, the error function of each element;  dx = 2/√π e^(-x²) dy */
export const erf: UnaryOp = unary('erf', (dy, { inputs: [x] }) =>
  mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))),
);

/** y = |x| of each element;  dx = dy sign x, 0 at 0 even if dy is infinite */
export const abs: UnaryOp = unary('abs', (dy, { inputs: [x] }) => where(x, mul(dy, sign(x)), 0));

/**
 * z = a^b, element by element; NaN where a negative number has an exponent that is no integer. Shapes broadcast.
 *
 * @throws ShapeError if the shapes do not broadcast together.
 * @throws ArgumentError if the dtypes differ.
 */
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  checkNoMore('pow', arguments, 2);
  return a instanceof Tensor && typeof b === 'number' ? powNumber([a], { exponent: b }) : powTensor(a, b);
}

/** y = x^p;  dx = p x^(p - 1) dy, and 0 for p = 0, because x = 0 would give 0 · ∞ */
const powNumber = defineOp<[x: Tensor], { exponent: number }>('pow', {
  forward: ([x], { exponent }) => parametric('powNumber', x, exponent),
  gradient: [
    (dy, { inputs: [x], attrs: { exponent: p } }) =>
      p === 0 ? wherePositive(dy, 0) : mul(dy, mul(pow(x, p - 1), p)),
  ],
});

/** z = a^b;  da = b a^(b - 1) dz, and 0 at b = 0;  db = z ln a dz, and 0 at a = 0, b ≥ 0. There 0 · ∞ could give NaN. */
const powTensor: BinaryOp = binary('pow', [
  (dz, { inputs: [a, b] }) => {
    const constant = where(b, 0, sub(1, isfinite(div(dz, a)))); // elsewhere the formula gives 0, and its own gradient
    return mul(where(constant, 0, dz), mul(b, pow(where(constant, 1, a), sub(b, 1))));
  },
  (dz, { inputs: [a, b], output: z }) => {
    const constant = where(a, 0, sub(1, greater(0, b)));
    return mul(where(constant, 0, dz), mul(z, log(where(constant, 1, a))));
  },
]);

/** The bounds of `clamp`. */
export interface ClampOptions {
  /** Default: no lower bound. */
  min?: number;
  /** Default: no upper bound. */
  max?: number;
}

const clampOptions: OptionChecks<ClampOptions> = { min: anyNumber, max: anyNumber };

/**
 * y = x limited to the range from `min` to `max`, element by element.
 *
 * @throws ArgumentError if `min` is above `max`.
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  checkOptions('clamp', options, clampOptions);
  const { min = -Infinity, max = Infinity } = options;
  if (!(min <= max)) throw new ArgumentError(`clamp: min ${min} and max ${max}; min must be at most max`);
  return clampOp([x], { min, max });
}

/** dx = dy where y = x, bounds included; else 0 */
const clampOp = defineOp<[x: Tensor], { min: number; max: number }>('clamp', {
  forward: ([x], { min, max }) => parametric('clamp', x, min, max),
  gradient: [(dy, { inputs: [x], output: y }) => where(eq(x, y), dy, 0)],
});
