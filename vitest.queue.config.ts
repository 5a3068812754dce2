import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

/** Sweeps by several workers on a real Redis, which are killed, paused and restarted: `npm run test:queue`. Needs redis-server. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/cli/test-queue/*.test.ts'], testTimeout: 900_000, maxWorkers: 1 },
});
