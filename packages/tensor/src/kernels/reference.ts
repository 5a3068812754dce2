import { erf } from './erf.js';
import type { KernelSet, StridedView } from './kernel-set.js';
import { multiply } from './reference-matmul.js';
import { referenceParameterKernels } from './reference-parameters.js';

/**
 * Plain loops: the specification of the other kernel sets, and the fallback that runs everywhere. Each loop is written
 * out instead of taking a callback, because V8 stops inlining the callback once a loop has called several of them.
 */
export const referenceKernels: KernelSet = {
  ...referenceParameterKernels,
  name: 'reference',

  unary: {
    neg(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = -x[i];
    },
    square(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = x[i] * x[i];
    },
    exp(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]);
    },
    expm1(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.expm1(x[i]);
    },
    log(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.log(x[i]);
    },
    log1p(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.log1p(x[i]);
    },
    sqrt(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]);
    },
    abs(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]);
    },
    sign(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.sign(x[i]);
    },
    sin(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]);
    },
    cos(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.cos(x[i]);
    },
    erf(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = erf(x[i]);
    },
    relu(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.max(x[i], 0);
    },
    tanh(x, y) {
      for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]);
    },
    sigmoid(x, y) {
      for (let i = 0; i < y.length; i++) {
        const e = Math.exp(-Math.abs(x[i])); // at most 1, so nothing overflows
        y[i] = (x[i] < 0 ? e : 1) / (1 + e);
      }
    },
  },

  parametric: {
    powNumber(x, y, p) {
      for (let i = 0; i < y.length; i++) y[i] = isOne(x[i], p) ? 1 : x[i] ** p;
    },
    clamp(x, y, p, q) {
      for (let i = 0; i < y.length; i++) y[i] = Math.min(Math.max(x[i], p), q);
    },
    leakyRelu(x, y, p) {
      for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? x[i] : p * x[i];
    },
    softplus(x, y, p, q) {
      for (let i = 0; i < y.length; i++) {
        y[i] = p * x[i] > q ? x[i] : Math.log1p(Math.exp(p * x[i])) / p;
      }
    },
  },

  binary: {
    add(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] + b[i];
    },
    sub(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] - b[i];
    },
    mul(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] * b[i];
    },
    div(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] / b[i];
    },
    pow(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = isOne(a[i], b[i]) ? 1 : a[i] ** b[i];
    },
    minimum(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = Math.min(a[i], b[i]);
    },
    maximum(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = Math.max(a[i], b[i]);
    },
    wherePositive(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = b[i] <= 0 ? 0 : a[i];
    },
    less(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] < b[i] ? 1 : 0;
    },
    lessEqual(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] <= b[i] ? 1 : 0;
    },
    greater(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] > b[i] ? 1 : 0;
    },
    greaterEqual(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] >= b[i] ? 1 : 0;
    },
    eq(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] === b[i] ? 1 : 0;
    },
    notEqual(a, b, z) {
      for (let i = 0; i < z.length; i++) z[i] = a[i] !== b[i] ? 1 : 0;
    },
  },

  select(condition, a, b, z) {
    for (let i = 0; i < z.length; i++) z[i] = condition[i] !== 0 ? a[i] : b[i];
  },

  matmul(product, a, b, c) {
    multiply(product, a, b, c);
    if (product.activation) referenceKernels.unary[product.activation](c, c);
  },

  readView(x, view, y) {
    const [length, stride] = lastAxis(view);
    forEachRow(view, (start, row) => {
      for (let i = 0; i < length; i++) y[row + i] = x[start + i * stride];
    });
  },

  writeView(x, view, y) {
    const [length, stride] = lastAxis(view);
    forEachRow(view, (start, row) => {
      for (let i = 0; i < length; i++) y[start + i * stride] = x[row + i];
    });
  },

  sumView(x, view, y) {
    const sums = new Float64Array(y.length);
    const [length, stride] = lastAxis(view);
    forEachRow(view, (start, row) => {
      for (let i = 0; i < length; i++) sums[start + i * stride] += x[row + i];
    });
    (y as Float64Array).set(sums);
  },

  maxView(x, view, y) {
    y.fill(Number.NEGATIVE_INFINITY);
    const [length, stride] = lastAxis(view);
    forEachRow(view, (start, row) => {
      for (let i = 0; i < length; i++) y[start + i * stride] = Math.max(y[start + i * stride], x[row + i]);
    });
  },

  argmax(x, length, inner, indices) {
    for (let k = 0; k < indices.length; k++) {
      const start = Math.floor(k / inner) * length * inner + (k % inner);
      let best = 0;
      for (let i = 1; i < length; i++) {
        const value = x[start + i * inner];
        const largest = x[start + best * inner];
        if (value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) best = i;
      }
      indices[k] = best;
    }
  },

  argsort(x, length, inner, descending, indices) {
    const lines = x.length / length;
    const count = indices.length / lines;
    const order = new Int32Array(length);
    for (let line = 0; line < lines; line++) {
      const [outer, column] = [Math.floor(line / inner), line % inner];
      const start = outer * length * inner + column;
      const compare = (i: number, j: number) => ascending(x[start + i * inner], x[start + j * inner]);
      for (let i = 0; i < length; i++) order[i] = i;
      order.sort((i, j) => (descending ? compare(j, i) : compare(i, j)) || i - j);
      for (let i = 0; i < count; i++) indices[(outer * count + i) * inner + column] = order[i];
    }
  },

  cumsum(x, length, inner, fromTheEnd, y) {
    for (let line = 0; line < x.length / length; line++) {
      const start = Math.floor(line / inner) * length * inner + (line % inner);
      let sum = 0;
      for (let i = 0; i < length; i++) {
        const at = start + (fromTheEnd ? length - 1 - i : i) * inner;
        sum += x[at];
        y[at] = sum;
      }
    }
  },

  take(x, positions, y) {
    for (let i = 0; i < y.length; i++) y[i] = x[positions[i]];
  },

  putAdd(x, positions, y) {
    const sums = new Float64Array(y.length);
    for (let i = 0; i < x.length; i++) sums[positions[i]] += x[i];
    (y as Float64Array).set(sums);
  },
};

/** 1^NaN, 1^∞ and (-1)^∞, which are 1 for IEEE 754 and PyTorch, and NaN for JavaScript. */
function isOne(a: number, b: number): boolean {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY);
}

/** Below 0 if a comes before b, above 0 if after it; NaN comes last. */
function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function lastAxis({ shape, strides }: StridedView): [length: number, stride: number] {
  return shape.length === 0 ? [1, 0] : [shape.at(-1)!, strides.at(-1)!];
}

/** Calls `visit` for each row along the last axis, with its start in the strided data and in the dense data. */
function forEachRow(view: StridedView, visit: (start: number, row: number) => void): void {
  const { shape, strides } = view;
  const [length] = lastAxis(view);
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const index = new Array<number>(Math.max(shape.length - 1, 0)).fill(0);
  let start = view.offset;
  for (let row = 0; row < rows; row++) {
    visit(start, row * length);
    for (let axis = index.length - 1; axis >= 0; axis--) {
      start += strides[axis];
      if (++index[axis] < shape[axis]) break;
      start -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
