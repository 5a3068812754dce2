import type { KernelSet, MatmulProduct, MatmulTiming } from '../kernel-set.js';

type Size = Pick<MatmulProduct, 'm' | 'k' | 'n'>;

/**
 * Each size has four times the multiply-adds of the one before, and more of them per number that moves to the GPU or
 * back. (`isAtLeastAsGpuFriendly` relies on this order.)
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

/** The time for all measurements, in milliseconds. Sizes that would take longer are left out. */
const BUDGET = 600;

/** Times products of growing size on the GPU and on the CPU, for less than a second. */
export function calibrate(
  gpu: KernelSet['matmul'],
  cpu: KernelSet['matmul'],
  now: () => number = () => performance.now(),
): MatmulTiming[] {
  const timings: MatmulTiming[] = [];
  const deadline = now() + BUDGET;
  for (const [m, k, n] of SIZES) {
    const last = timings.at(-1);
    const expected = last ? 2 * 4 * (last.gpuMs + last.cpuMs) : 0; // one run to warm up, one to measure
    if (now() + expected > deadline) break;
    const [a, b, c] = [m * k, n * k, m * n].map((length) => new Float32Array(length).fill(1));
    const product = { form: 'nt', m, k, n } as const; // as in a linear layer
    timings.push({
      ...{ m, k, n },
      gpuMs: timeOf(() => gpu(product, a, b, c), now),
      cpuMs: timeOf(() => cpu(product, a, b, c), now),
    });
  }
  return timings;
}

/** The mean time of as many runs as fit in 10 ms, at least one. A single run may be too short for a browser's clock. */
function timeOf(run: () => void, now: () => number): number {
  run(); // the first run compiles
  const start = now();
  let runs = 0;
  let elapsed: number;
  do {
    run();
    runs++;
    elapsed = now() - start;
  } while (elapsed < 10);
  return elapsed / runs;
}

/** The smallest product from which on the GPU was always faster. */
export function smallestOnGpu(timings: readonly MatmulTiming[]): MatmulTiming | undefined {
  return timings[timings.findLastIndex(({ gpuMs, cpuMs }) => gpuMs >= cpuMs) + 1];
}

/**
 * Whether `product` has at least as many multiply-adds as `other`, and at least as many per number that moves to the
 * GPU or back. If so, and the GPU was faster at `other`, it is faster at `product` too: the GPU loses time by starting
 * and by moving numbers, and gains time with every multiply-add.
 */
export function isAtLeastAsGpuFriendly(product: Size, other: Size): boolean {
  const perNumber = (size: Size) => multiplyAdds(size) / numbersMoved(size);
  return multiplyAdds(product) >= multiplyAdds(other) && perNumber(product) >= perNumber(other);
}

const multiplyAdds = ({ m, k, n }: Size) => m * k * n;
const numbersMoved = ({ m, k, n }: Size) => m * k + k * n + m * n;

// The part of the platform that is used here; TypeScript's own types do not include it.
declare const performance: { now(): number };
