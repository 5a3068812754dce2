import { defineConfig } from 'vitest/config';
import { base, thenAlone } from './vitest.config.js';

/** These measure time. */
const ALONE = ['packages/tensor/test-gpu/{auto,lifecycle}.test.ts'];

// The tests that need WebGL, and fail without it: `npm run test:gpu`.
export default defineConfig({
  ...base,
  test: { ...base.test, projects: thenAlone(['packages/*/test-gpu/*.test.ts'], ALONE) },
});
