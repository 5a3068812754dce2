import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // Use the TypeScript sources of the packages, so that the page shows a change in them at once.
  resolve: { conditions: ['@paragrad/source', ...defaultClientConditions] },
});
