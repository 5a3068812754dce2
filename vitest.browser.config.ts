import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

// The tests in a real browser: `npm run test:browser`.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['tests/browser/**/*.test.ts'], exclude: [] },
});
