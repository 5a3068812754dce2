/** That memory stays flat, in a process that keeps no record of the kernels: `npm run test:gpu`. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { useGpu } from '../src/gpu.js';
import { multiplyOnes } from './products.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Resident memory in MiB after as many products, of 32 sizes in turn, each four times. */
function residentAfter(calls: number): number {
  for (let i = 0; i < calls; i++) multiplyOnes(1 + ((i >> 2) % 32));
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

test('2,000 calls with changing shapes leave memory flat, though shaders come and go', async () => {
  const gpu = await useGpu({ choice: 'always', maxKernels: 8 });
  const before = residentAfter(1000);
  expect(residentAfter(2000) - before).toBeLessThan(100); // 9 to 47 measured; 380 if no kernel is destroyed
  await gpu.dispose();
}, 120_000);
