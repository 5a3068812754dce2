/** How `auto` decides, from clocks and measurements that are made up. What real ones are like: test-gpu. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KernelSet, Timing } from '../../src/index.js';
import { calibrate, reaches, smallestOnGpu } from '../../src/kernels/gpu/calibration.js';
import { asMeasured } from '../../src/kernels/gpu/policy.js';

/** A clock, and kernels that let it run on: `ms(m k n)` for each product. */
function machine() {
  let time = 1000;
  const taking =
    (ms: (multiplyAdds: number) => number): KernelSet['matmul'] =>
    ({ m, k, n }) => {
      time += ms(m * k * n);
    };
  return { now: () => time, taking };
}

test('what a product takes is measured, on both', () => {
  const { now, taking } = machine();
  const timings = calibrate(
    taking(() => 0.5),
    taking((work) => work / 1e6),
    now,
  );
  expect(timings[0]).toMatchObject({ m: 64, k: 64, n: 64 });
  for (const { m, k, n, gpuMs, cpuMs } of timings) {
    expect(gpuMs).toBeCloseTo(0.5);
    expect(cpuMs).toBeCloseTo((m * k * n) / 1e6);
  }
});

test('the first run, which compiles, does not count', () => {
  const { now, taking } = machine();
  const seen = new Set<number>();
  const gpu = taking((work) => (seen.has(work) ? 1 : seen.add(work) && 50));
  for (const { gpuMs } of calibrate(
    gpu,
    taking(() => 1),
    now,
  ))
    expect(gpuMs).toBeCloseTo(1);
});

test('a clock too coarse for one product is let run for many', () => {
  const { now, taking } = machine();
  const coarse = () => Math.floor(now());
  const [first] = calibrate(
    taking(() => 0.02),
    taking(() => 0.01),
    coarse,
  );
  expect(first.gpuMs).toBeCloseTo(0.02, 2);
  expect(first.cpuMs).toBeCloseTo(0.01, 2);
});

test('it ends within a second, however slow both are', () => {
  const speeds = fc.double({ min: 1e-9, max: 1e-4, noNaN: true }); // ms for one multiply-add
  fc.assert(
    fc.property(speeds, speeds, fc.double({ min: 0, max: 20, noNaN: true }), (gpu, cpu, start) => {
      const { now, taking } = machine();
      const began = now();
      const timings = calibrate(
        taking((work) => start + work * gpu),
        taking((work) => work * cpu),
        now,
      );
      const first = 2 * (start + 64 ** 3 * (gpu + cpu)); // which nothing is known about
      expect(now() - began).toBeLessThan(Math.max(1000, first + 40));
      expect(timings.length).toBeGreaterThan(0);
    }),
  );
});

const timing = (size: number, gpuMs: number, cpuMs: number): Timing => ({
  ...{ m: size, k: size, n: size },
  ...{ gpuMs, cpuMs },
});

test('the GPU is for the sizes from which on it was always faster', () => {
  expect(smallestOnGpu([timing(64, 2, 1), timing(128, 2, 3)])?.m).toBe(128);
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 4, 3), timing(256, 4, 9)])?.m).toBe(256); // 64 was luck
  expect(smallestOnGpu([timing(32, 2, 1), timing(64, 1, 2), timing(128, 4, 3), timing(256, 4, 9)])?.m).toBe(
    256,
  );
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 1, 2)])?.m).toBe(64);
  expect(smallestOnGpu([timing(64, 1, 2), timing(128, 2, 1)])).toBeUndefined();
  expect(smallestOnGpu([timing(64, 1, 1)])).toBeUndefined();
});

test('every size measured reaches the ones before it', () => {
  const { now, taking } = machine();
  const timings = calibrate(
    taking(() => 1),
    taking(() => 1),
    now,
  );
  expect(timings).toHaveLength(7);
  for (let i = 1; i < timings.length; i++) {
    expect(reaches(timings[i], timings[i - 1])).toBe(true);
    expect(reaches(timings[i - 1], timings[i])).toBe(false);
  }
});

test('a long thin product does not reach a cube of as many multiply-adds', () => {
  expect(reaches({ m: 1, k: 4096, n: 4096 }, { m: 256, k: 256, n: 256 })).toBe(false);
  expect(reaches({ m: 256, k: 256, n: 256 }, { m: 1, k: 4096, n: 4096 })).toBe(true);
});

test('the decision comes with the measurement it rests on', () => {
  const smallest = timing(128, 1, 2.5);
  const policy = asMeasured([timing(64, 1, 0.1), smallest], 'simd');
  const why = 'from 128 x 128 x 128 on the GPU was measured faster (gpu 1.0 ms, simd 2.5 ms there)';
  expect(policy(200, 200, 200)).toEqual({ onGpu: true, why, measured: smallest });
  expect(policy(1, 64, 64)).toEqual({
    onGpu: false,
    why: `${why}, and this has fewer multiply-adds, or fewer for each number moved`,
    measured: smallest,
  });
});

test('a GPU that is never faster is never chosen', () => {
  const largest = timing(128, 3, 2);
  expect(asMeasured([timing(64, 1, 2), largest], 'simd')(4096, 4096, 4096)).toEqual({
    onGpu: false,
    why: 'the GPU was not faster at the largest product measured, 128 x 128 x 128 (gpu 3.0 ms, simd 2.0 ms)',
    measured: largest,
  });
});
