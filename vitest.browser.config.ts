import { defineConfig } from 'vitest/config';
import { base, thenAlone } from './vitest.config.js';

/** These measure time, or hold a key for some time. */
const ALONE = ['tests/browser/{explorer-served,play,watch}.test.ts'];

// The tests in a real browser: `npm run test:browser`.
export default defineConfig({
  ...base,
  test: { ...base.test, projects: thenAlone(['tests/browser/*.test.ts'], ALONE) },
});
