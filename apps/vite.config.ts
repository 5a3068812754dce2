import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the pages into the command's package, which serves them: `node scripts/setup.mjs`. */
export default defineConfig({
  root: here('.'),
  // The TypeScript sources of the packages: the page is built from what it shows.
  resolve: { conditions: ['@paragrad/source', ...defaultClientConditions] },
  build: {
    outDir: here('../packages/cli/dist/pages'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [here('play/index.html'), here('watch/index.html')] },
  },
});
