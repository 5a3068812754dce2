import { defineConfig } from 'vitest/config';
import { base, thenAlone } from './vitest.config.js';

/** It measures time. */
const ALONE = ['tests/packages/bundles.test.ts'];

/** The packages as a user gets them: `npm run test:packages`. It needs the npm registry, for other clients than npm. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: thenAlone(['tests/packages/*.test.ts'], ALONE),
  },
});
