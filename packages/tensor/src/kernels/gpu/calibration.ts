import type { KernelSet, MatmulProduct, Timing } from '../kernel-set.js';

type Size = Pick<MatmulProduct, 'm' | 'k' | 'n'>;

/**
 * Each has four times the multiply-adds of the one before, and more of them for each number that goes to the GPU or
 * comes back. (The order matters: see `reaches`.)
 */
const SIZES: readonly (readonly [m: number, k: number, n: number])[] = [
  [64, 64, 64],
  [256, 64, 64],
  [1024, 64, 64],
  [256, 256, 256],
  [1024, 256, 256],
  [1024, 512, 512],
  [1024, 1024, 1024],
];

/** When the next size would take longer than this, in milliseconds, it is left out. */
const BUDGET = 600;

/** Times products of growing size on both, for less than a second. */
export function calibrate(
  gpu: KernelSet['matmul'],
  cpu: KernelSet['matmul'],
  now: () => number = () => performance.now(),
): Timing[] {
  const timings: Timing[] = [];
  const deadline = now() + BUDGET;
  for (const [m, k, n] of SIZES) {
    const last = timings.at(-1);
    const expected = last ? 2 * 4 * (last.gpuMs + last.cpuMs) : 0; // once to warm up, once for the clock
    if (now() + expected > deadline) break;
    const [a, b, c] = [m * k, n * k, m * n].map((length) => new Float32Array(length).fill(1));
    const product = { form: 'nt', m, k, n } as const; // a layer's
    timings.push({
      ...{ m, k, n },
      gpuMs: timeOf(() => gpu(product, a, b, c), now),
      cpuMs: timeOf(() => cpu(product, a, b, c), now),
    });
  }
  return timings;
}

/** The mean of as many runs as fit in 10 ms, one at least: browsers have coarse clocks. */
function timeOf(run: () => void, now: () => number): number {
  run(); // the first compiles
  const start = now();
  let runs = 0;
  let took: number;
  do {
    run();
    runs++;
    took = now() - start;
  } while (took < 10);
  return took / runs;
}

/** The smallest product that the GPU was faster at, and at all larger ones. */
export function smallestOnGpu(timings: readonly Timing[]): Timing | undefined {
  return timings[timings.findLastIndex(({ gpuMs, cpuMs }) => gpuMs >= cpuMs) + 1];
}

/**
 * Whether a product has as many multiply-adds as another, and as many of them for each number that goes to the GPU or
 * comes back. A GPU that was faster at the other has less to make up for here: it pays for starting, and for every
 * number that it is sent, and gains with every multiply-add.
 */
export function reaches(product: Size, other: Size): boolean {
  return work(product) >= work(other) && work(product) / moved(product) >= work(other) / moved(other);
}

const work = ({ m, k, n }: Size) => m * k * n;
const moved = ({ m, k, n }: Size) => m * k + k * n + m * n;

// What is used of the platform, which the language's own types don't know.
declare const performance: { now(): number };
