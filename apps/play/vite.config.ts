import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // The packages' TypeScript sources, so that a change in them shows at once.
  resolve: { conditions: ['@paragrad/source', ...defaultClientConditions] },
});
