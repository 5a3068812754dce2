/** Memory does not grow in long training: garbage collection is enough. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('10,000 training steps need no more memory than 1,000', () => {
  const script = fileURLToPath(new URL('helpers/training-memory.mjs', import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  const { start, early, late, loss } = JSON.parse(output);
  expect(loss).toBeLessThan(1);
  expect(late.heapUsed - early.heapUsed).toBeLessThan(500_000);
  // The graph of one step has more than 20 kB of numbers. The script keeps 100 losses: their graphs would need 2 MB, and
  // the graphs of all steps 200 MB.
  // Node 24 itself begins with 127 kB, Node 20 with less than 20 kB.
  expect(late.arrayBuffers - start.arrayBuffers).toBeLessThan(100_000);
});

test('2,000 networks with optimizers that are made and dropped need no more memory than 200', () => {
  const script = fileURLToPath(new URL('helpers/dropped-networks.mjs', import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  const { early, late } = JSON.parse(output);
  // Each has 200 kB of parameters and moments: 2,000 would need 400 MB.
  expect(early).toBeGreaterThan(200_000);
  expect(late - early).toBeLessThan(5_000_000);
});
