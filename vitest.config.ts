import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests run on the TypeScript sources of all four packages, so that they never see a stale build.
  resolve: { conditions: ['@paragrad/source'] },
  ssr: { resolve: { conditions: ['@paragrad/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/browser/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
