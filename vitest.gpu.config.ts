import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

// The tests that need WebGL, and fail without it: `npm run test:gpu`.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/*/test-gpu/**/*.test.ts'] },
});
