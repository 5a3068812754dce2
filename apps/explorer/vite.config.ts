import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the explorer into the command's package, which serves it: `node scripts/setup.mjs`. All addresses are relative, so the files
 * work in any folder of any server: `npm run explorer:build`.
 */
export default defineConfig({
  root: here('.'),
  base: './',
  // The TypeScript sources of the packages: the page is built from what it shows.
  resolve: { conditions: ['@paragrad/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: here('../../packages/cli/dist/pages/explorer'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
  },
});
