/** That memory stays flat, in a process that keeps no record of the kernels: `npm run test:gpu`. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { useGpu } from '../src/gpu.js';
import { kernels } from '../src/index.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Resident memory in MiB after as many products, of 32 sizes in turn. */
function residentAfter(calls: number): number {
  for (let i = 0; i < calls; i++) {
    const k = 1 + (i % 32);
    const ones = new Float32Array(8 * k).fill(1);
    kernels().matmul({ form: 'nn', m: 8, k, n: 8 }, ones, ones, new Float32Array(64));
  }
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

test('2,000 calls with changing sizes, each of which compiles a shader, leave memory flat', async () => {
  const gpu = await useGpu({ choice: 'always', maxKernels: 8 });
  const before = residentAfter(250);
  expect(residentAfter(2000) - before).toBeLessThan(50); // 15 measured
  await gpu.dispose();
}, 120_000);
