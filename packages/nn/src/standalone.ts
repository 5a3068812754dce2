// The package and the tensors that it works on, in one file that imports nothing, for pages without a bundler, import maps and
// workers: docs/installing.md.
export * from '@paragrad/tensor';
export * from './index.js';
