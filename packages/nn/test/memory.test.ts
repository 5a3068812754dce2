/** Plain garbage collection is enough: long training does not grow. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('10,000 training steps leave memory as 1,000 do', () => {
  const script = fileURLToPath(new URL('helpers/training-memory.mjs', import.meta.url));
  const output = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' });
  const { early, late, loss } = JSON.parse(output);
  expect(loss).toBeLessThan(1);
  expect(late.heapUsed - early.heapUsed).toBeLessThan(500_000);
  // A step's graph holds over 20 kB of numbers. The script keeps 100 losses: their graphs would be 2 MB, those of all
  // steps 200 MB.
  expect(late.arrayBuffers).toBeLessThan(100_000);
});
