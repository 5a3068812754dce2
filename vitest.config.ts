import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What all configurations need. */
export const base = {
  // Tests run on the TypeScript sources of the packages, so that they never see a stale build.
  resolve: { conditions: ['@paragrad/source'] },
  ssr: { resolve: { conditions: ['@paragrad/source'] } },
  test: {
    setupFiles: fileURLToPath(new URL('tests/equal-tensors.ts', import.meta.url)),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2, // Vitest would leave one core free, and so use one of two
  },
};

/** Two files at a time; then, one by one, those that measure time or use all cores. */
export function thenAlone(include: string[], alone: string[], exclude: string[] = []) {
  return [
    {
      extends: true as const,
      test: { name: 'together', include, exclude: [...exclude, ...alone], sequence: { groupOrder: 1 } },
    },
    {
      extends: true as const,
      test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } },
    },
  ];
}

/** These load modules anew, with others in their place. */
const MODULES = ['packages/tensor/test/gpu/*.test.ts', 'packages/tensor/test/simd-select.test.ts'];
/** It uses all cores. */
const ALONE = ['packages/tensor/test/threads.test.ts'];

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      {
        extends: true,
        test: {
          // Files share a process, because to import and compile all of it again takes a third of their time. So each of
          // them must leave everything as it was, such as the kernels in use.
          name: 'functions',
          include: ['packages/{check,tensor,nn,mpe,maddpg}/test/**/*.test.ts'],
          exclude: [...MODULES, ...ALONE],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      ...thenAlone([...MODULES, '{packages/cli,apps/*}/test/**/*.test.ts', 'tests/**/*.test.ts'], ALONE, [
        'tests/{browser,packages,site}/**',
      ]),
    ],
  },
});
