import type { ParameterKernels } from './kernel-set.js';

/** What training does to whole parameters, as plain loops. All sums are float64, as all of JavaScript's numbers. */
export const referenceParameterKernels: ParameterKernels = {
  adam({ beta1, beta2, eps, stepSize, correction, weightDecay, factor }, p, g, m, v) {
    for (let i = 0; i < p.length; i++) {
      p[i] *= factor;
      const gi = g[i] + weightDecay * p[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gi;
      v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
      p[i] -= (stepSize * m[i]) / (Math.sqrt(v[i]) / correction + eps);
    }
  },

  average(x, y, share) {
    for (let i = 0; i < y.length; i++) y[i] = share * x[i] + (1 - share) * y[i];
  },

  scale(x, factor) {
    const rounded = x instanceof Float32Array ? Math.fround(factor) : factor;
    for (let i = 0; i < x.length; i++) x[i] *= rounded;
  },

  addSquares(x, sum) {
    let total = sum;
    for (let i = 0; i < x.length; i++) total += x[i] * x[i];
    return total;
  },
};
