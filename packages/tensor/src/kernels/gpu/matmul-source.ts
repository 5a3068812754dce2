import type { MatmulProduct } from '../kernel-set.js';
import type { NativeFunction } from './gpu-js.js';

/** What the kernels call, written in GLSL itself. */
export const nativeFunctions: readonly NativeFunction[] = [
  {
    // index / n without the rest: GLSL's division of integers is exact. gpu.js writes `/` as a division of floats, which
    // graphics hardware may round to the wrong row.
    name: 'rowOf',
    returnType: 'Integer',
    glsl: 'int rowOf(int index, int n) { return index / n; }',
  },
  {
    // Not `x < 0.0 ? 0.0 : x`, which Mesa turns into max(x, 0.0), and that is 0 where x is NaN. Halves add up exactly;
    // the choice is for -Infinity, whose halves don't.
    name: 'relu',
    returnType: 'Number',
    glsl: `float relu(float x) {
  float part = 0.5 * x;
  return part < -1.0 ? 0.0 : part + abs(part);
}`,
  },
  {
    // GLSL's own and gpu.js's are NaN where exp(2 x) overflows, and lose small x in 1 + 2 x. Here exp is at most 1, and
    // near 0 stand the first terms of the series; the next would be less than 1.5e-6 of x.
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
 * The kernel of one product: what one thread does to compute one element of C, as the JavaScript that gpu.js
 * translates to GLSL. It is a string because minifiers and coverage tools rewrite functions into what gpu.js can't
 * read. The sizes are constants of the source because GLSL ES 1.0 has loops of constant length only.
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
