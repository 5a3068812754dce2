import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

/** The packages as a user gets them: `npm run test:packages`. It needs the npm registry, for other clients than npm. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['tests/packages/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000 },
});
