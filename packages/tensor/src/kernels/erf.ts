/**
 * The error function, 2/√π ∫ e^(-t²) dt from 0 to x, to about one unit in the last place of float64. The rational
 * approximations are those of fdlibm's s_erf.c:
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
 * business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
 * is preserved.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.84375) return x + (x * polynomial(x * x, P)) / polynomial(x * x, Q);
  const positive = erfFrom(size);
  return x < 0 ? -positive : positive;
}

/** For x from 0.84375 on, and NaN. */
function erfFrom(x: number): number {
  if (x >= 6) return 1;
  if (x < 1.25) return 0.8450629115104675 + polynomial(x - 1, PA) / polynomial(x - 1, QA);
  const s = 1 / (x * x);
  const [r, q] = x < 1 / 0.35 ? [RA, SA] : [RB, SB];
  return 1 - Math.exp(-x * x - 0.5625 + polynomial(s, r) / polynomial(s, q)) / x;
}

/** c[0] + c[1] x + c[2] x² + ... */
function polynomial(x: number, c: readonly number[]): number {
  let sum = 0;
  for (let k = c.length - 1; k >= 0; k--) sum = sum * x + c[k];
  return sum;
}

// (erf x - x) / x, for x below 0.84375
const P = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
  -0.000023763016656650163,
];
const Q = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
  -0.000003960228278775368,
];

// erf x - 0.845..., for x from 0.84375 to 1.25
const PA = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
  0.035478304325618236, -0.002166375594868791,
];
const QA = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
  0.011984499846799107,
];

// log (x e^(x²) (1 - erf x)) + 0.5625, for x from 1.25 to 1 / 0.35
const RA = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
  -184.60509290671104, -81.2874355063066, -9.814329344169145,
];
const SA = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
  108.63500554177944, 6.570249770319282, -0.0604244152148581,
];

// the same, for x from 1 / 0.35 to 6
const RB = [
  -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
  -1025.0951316110772, -483.5191916086514,
];
const SB = [
  1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
  474.52854120695537, -22.44095244658582,
];
