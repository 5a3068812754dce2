import { defineConfig } from 'vitest/config';
import { base } from './vitest.config.js';

// The built site of docs/ in a real browser: `npm run test:site`.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['tests/site/*.test.ts'], maxWorkers: 2 },
});
