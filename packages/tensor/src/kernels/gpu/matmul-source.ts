import type { MatmulProduct } from '../kernel-set.js';
import type { NativeFunction } from './gpu-js.js';

/** The functions that the kernels call, written in GLSL. */
export const nativeFunctions: readonly NativeFunction[] = [
  {
    // index / n, rounded down. GLSL's integer division is exact. gpu.js would translate `/` to a division of floats,
    // which graphics hardware may round to the wrong row.
    name: 'rowOf',
    returnType: 'Integer',
    glsl: 'int rowOf(int index, int n) { return index / n; }',
  },
  {
    // Not `x < 0.0 ? 0.0 : x`: Mesa compiles that to max(x, 0.0), which is 0 if x is NaN. Two halves add up exactly to
    // x or 0. The condition is for -Infinity, where the sum of halves would be NaN.
    name: 'relu',
    returnType: 'Number',
    glsl: `float relu(float x) {
  float part = 0.5 * x;
  return part < -1.0 ? 0.0 : part + abs(part);
}`,
  },
  {
    // The tanh of GLSL and of gpu.js are NaN when exp(2 x) overflows, and imprecise for small x. Here exp is at most 1,
    // and near 0 the first terms of the series are used; the next term would be less than 1.5e-6 of x.
    name: 'hyperbolicTangent',
    returnType: 'Number',
    glsl: `float hyperbolicTangent(float x) {
  float size = abs(x);
  float square = x * x;
  if (size < 0.3) return x * (1.0 - square * (1.0 / 3.0 - square * (2.0 / 15.0 - square * (17.0 / 315.0))));
  float e = exp(-2.0 * size);
  float y = (1.0 - e) / (1.0 + e);
  return x < 0.0 ? -y : y;
}`,
  },
];

const NATIVE = { relu: 'relu', tanh: 'hyperbolicTangent' } as const;

/**
 * The kernel of one product, as JavaScript that gpu.js translates to GLSL; one thread computes one element of C. It is
 * a string because minifiers and coverage tools rewrite functions in ways that gpu.js cannot parse. The sizes are
 * constants in the source because loops in GLSL ES 1.0 must have a constant length.
 */
export function matmulSource({ form, m, k, n, bias, activation }: MatmulProduct): string {
  const inA = form === 'tn' ? `p * ${m} + row` : `row * ${k} + p`;
  const inB = form === 'nt' ? `column * ${k} + p` : `p * ${n} + column`;
  return `function (a, b${bias ? ', bias' : ''}) {
  const row = rowOf(this.thread.x, ${n});
  const column = this.thread.x - row * ${n};
  let sum = ${bias ? 'bias[column]' : '0'};
  for (let p = 0; p < ${k}; p++) {
    sum += a[${inA}] * b[${inB}];
  }
  return ${activation ? `${NATIVE[activation]}(sum)` : 'sum'};
}`;
}
