import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** These measure time or use all cores, so they run one by one, after all others. */
const ALONE = [
  'packages/tensor/test/threads.test.ts',
  'packages/maddpg/test/estimate.test.ts',
  'packages/nn/test/memory.test.ts',
];

/** What the tests on a GPU and in a browser need, too. */
export const base = {
  // Tests run on the TypeScript sources of the packages, so that they never see a stale build.
  resolve: { conditions: ['@paragrad/source'] },
  ssr: { resolve: { conditions: ['@paragrad/source'] } },
  test: {
    setupFiles: fileURLToPath(new URL('tests/equal-tensors.ts', import.meta.url)),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/packages/**', 'tests/site/**', ...ALONE],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
