import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

/** Hundreds of runs that are killed, and go on: `npm run test:ends`. Needs root, for disks of its own that fill up. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/cli/test-ends/*.test.ts'], testTimeout: 900_000, maxWorkers: 1 },
});
