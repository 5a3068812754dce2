import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

/** Random programs, compared with PyTorch: `npm run test:differential`. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['tests/differential/*.fuzz.ts'] },
});
