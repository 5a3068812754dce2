/** Memory stays flat, in a process whose tests keep no references to kernels: `npm run test:gpu`. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { useGpu } from '../src/gpu.js';
import { multiplyOnes } from './products.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Resident memory in MiB after this many products. They have 32 sizes in turn, four products of each. */
function residentAfter(calls: number): number {
  for (let i = 0; i < calls; i++) multiplyOnes(1 + ((i >> 2) % 32));
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
}

test('memory stays flat over 2,000 calls with changing shapes, which create and destroy shaders', async () => {
  const gpu = await useGpu({ choice: 'always', maxKernels: 8 });
  const before = residentAfter(1000);
  expect(residentAfter(2000) - before).toBeLessThan(100); // measured: 9 to 47, or 380 if no kernel is destroyed
  await gpu.dispose();
}, 120_000);
