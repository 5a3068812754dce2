import type { MatmulProduct } from '../kernel-set.js';

/**
 * index / n without the rest, in GLSL: its division of integers is exact. gpu.js writes `/` as a division of floats,
 * which graphics hardware may round to the wrong row.
 */
export const rowOf = { name: 'rowOf', glsl: 'int rowOf(int index, int n) { return index / n; }' };

/**
 * The kernel of one product: what one thread does to compute one element of C, as the JavaScript that gpu.js
 * translates to GLSL. It is a string because minifiers and coverage tools rewrite functions into what gpu.js can't
 * read. The sizes are constants of the source because GLSL ES 1.0 has loops of constant length only.
 */
export function matmulSource({ form, m, k, n, bias }: MatmulProduct): string {
  const inA = form === 'tn' ? `p * ${m} + row` : `row * ${k} + p`;
  const inB = form === 'nt' ? `column * ${k} + p` : `p * ${n} + column`;
  return `function (a, b${bias ? ', bias' : ''}) {
  const row = rowOf(this.thread.x, ${n});
  const column = this.thread.x - row * ${n};
  let sum = ${bias ? 'bias[column]' : '0'};
  for (let p = 0; p < ${k}; p++) {
    sum += a[${inA}] * b[${inB}];
  }
  return sum;
}`;
}
