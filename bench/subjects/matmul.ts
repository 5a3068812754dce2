import type { MatmulForm } from '@paragrad/tensor';
import { naiveMatmul } from '../naive-matmul.js';
import { computing, flopOf, type Product, random } from '../products.js';
import { type Effort, type Timing, time, type Work } from '../timing.js';

/** C [m, n] = A [m, k] B [k, n] */
const SHAPES: [m: number, k: number, n: number][] = [
  [1024, 64, 64],
  [1024, 60, 64],
  [1024, 620, 64],
  [256, 256, 256],
  [1024, 1024, 1024],
  [1, 64, 64],
];
/** A B, A Bᵀ (a linear layer's forward) and Aᵀ B (its weights' gradient), all of the same m, k and n. */
const FORMS: MatmulForm[] = ['nn', 'nt', 'tn'];

export function matmul(effort: Effort): Promise<Timing[]> {
  const works = SHAPES.flatMap(([m, k, n]) => FORMS.map((form) => alone({ form, m, k, n })));
  return time([naive(SHAPES[0]), ...works], effort);
}

function naive([m, k, n]: (typeof SHAPES)[number]): Work {
  return {
    name: `matmul nn ${m}x${k}x${n}`,
    by: 'naive loop',
    flop: 2 * m * k * n,
    prepare() {
      const [a, b, c] = [random(m * k), random(k * n), new Float32Array(m * n)];
      return () => naiveMatmul([m, k, n], a, b, c);
    },
  };
}

function alone(product: Product): Work {
  const { form, m, k, n } = product;
  return {
    name: `matmul ${form} ${m}x${k}x${n}`,
    flop: flopOf(product),
    calls: Math.ceil(100_000 / (m * k * n)),
    prepare: () => computing([product]),
  };
}
