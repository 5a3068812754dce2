/** How `auto` decides, with a fake clock and made-up measurements. test-gpu has tests with real ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelSet, MatmulTiming } from '../../src/index.js';
import { calibrate, isAtLeastAsGpuFriendly, smallestOnGpu } from '../../src/kernels/gpu/calibration.js';
import { whereFaster } from '../../src/kernels/gpu/policy.js';

/** A clock, and kernels that move it forward by `ms(m k n)` for each product. */
function fakeMachine() {
  let time = 1000;
  const kernelTaking =
    (ms: (multiplyAdds: number) => number): KernelSet['matmul'] =>
    ({ m, k, n }) => {
      time += ms(m * k * n);
    };
  return { now: () => time, kernelTaking };
}

test('the time of a product is measured on the GPU and on the CPU', () => {
  const { now, kernelTaking } = fakeMachine();
  const timings = calibrate(
    kernelTaking(() => 0.5),
    kernelTaking((work) => work / 1e6),
    now,
  );
  expect(timings[0]).toMatchObject({ m: 64, k: 64, n: 64 });
  for (const { m, k, n, gpuMs, cpuMs } of timings) {
    expect(gpuMs).toBeCloseTo(0.5);
    expect(cpuMs).toBeCloseTo((m * k * n) / 1e6);
  }
});

test('the first run, which compiles, does not count', () => {
  const { now, kernelTaking } = fakeMachine();
  const seen = new Set<number>();
  const gpu = kernelTaking((work) => (seen.has(work) ? 1 : seen.add(work) && 50));
  for (const { gpuMs } of calibrate(
    gpu,
    kernelTaking(() => 1),
    now,
  ))
    expect(gpuMs).toBeCloseTo(1);
});

test('if the clock is too coarse for one product, several are timed together', () => {
  const { now, kernelTaking } = fakeMachine();
  const coarse = () => Math.floor(now());
  const [first] = calibrate(
    kernelTaking(() => 0.02),
    kernelTaking(() => 0.01),
    coarse,
  );
  expect(first.gpuMs).toBeCloseTo(0.02, 2);
  expect(first.cpuMs).toBeCloseTo(0.01, 2);
});

test('it ends within a second, no matter how slow both are', () => {
  const speeds = fc.double({ min: 1e-9, max: 1e-4, noNaN: true }); // ms for one multiply-add
  fc.assert(
    fc.property(speeds, speeds, fc.double({ min: 0, max: 20, noNaN: true }), (gpu, cpu, start) => {
      const { now, kernelTaking } = fakeMachine();
      const began = now();
      const timings = calibrate(
        kernelTaking((work) => start + work * gpu),
        kernelTaking((work) => work * cpu),
        now,
      );
      const first = 2 * (start + 64 ** 3 * (gpu + cpu)); // the first product always runs, because nothing is known yet
      expect(now() - began).toBeLessThan(Math.max(1000, first + 40));
      expect(timings.length).toBeGreaterThan(0);
    }),
  );
});

const timing = (size: number, gpuMs: number, cpuMs: number): MatmulTiming => ({
  ...{ m: size, k: size, n: size },
  ...{ gpuMs, cpuMs },
});

test('the GPU is used from the size on from which it was always faster', () => {
  expect(smallestOnGpu([timing(64, 2, 1), timing(128, 2, 3)])?.m).toBe(128);
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 4, 3), timing(256, 4, 9)])?.m).toBe(256); // at 64 it was faster by chance
  expect(smallestOnGpu([timing(32, 2, 1), timing(64, 1, 2), timing(128, 4, 3), timing(256, 4, 9)])?.m).toBe(
    256,
  );
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 1, 2)])?.m).toBe(64);
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 2, 1)])).toBeUndefined();
  expect(smallestOnGpu([timing(64, 1, 1)])).toBeUndefined();
});

test('every measured size is at least as GPU-friendly as the ones before it', () => {
  const { now, kernelTaking } = fakeMachine();
  const timings = calibrate(
    kernelTaking(() => 1),
    kernelTaking(() => 1),
    now,
  );
  expect(timings).toHaveLength(7);
  for (let i = 1; i < timings.length; i++) {
    expect(isAtLeastAsGpuFriendly(timings[i], timings[i - 1])).toBe(true);
    expect(isAtLeastAsGpuFriendly(timings[i - 1], timings[i])).toBe(false);
  }
});

test('a long thin product is less GPU-friendly than a cube with the same number of multiply-adds', () => {
  expect(isAtLeastAsGpuFriendly({ m: 1, k: 4096, n: 4096 }, { m: 256, k: 256, n: 256 })).toBe(false);
  expect(isAtLeastAsGpuFriendly({ m: 256, k: 256, n: 256 }, { m: 1, k: 4096, n: 4096 })).toBe(true);
});

test('a decision contains the measurement that it is based on', () => {
  const smallest = timing(128, 1, 2.5);
  const policy = whereFaster([timing(64, 1, 0.1), smallest], 'simd');
  const why = 'the GPU was measured faster from 128 x 128 x 128 on (gpu 1.0 ms, simd 2.5 ms there)';
  expect(policy(200, 200, 200)).toEqual({ onGpu: true, why, measured: smallest });
  expect(policy(1, 64, 64)).toEqual({
    onGpu: false,
    why: `${why}, but this product has fewer multiply-adds, or fewer per number moved`,
    measured: smallest,
  });
});

test('a GPU that is never faster is never chosen', () => {
  const largest = timing(128, 3, 2);
  expect(whereFaster([timing(64, 1, 2), largest], 'simd')(4096, 4096, 4096)).toEqual({
    onGpu: false,
    why: 'the GPU was not faster at the largest product measured, 128 x 128 x 128 (gpu 3.0 ms, simd 2.0 ms)',
    measured: largest,
  });
});
