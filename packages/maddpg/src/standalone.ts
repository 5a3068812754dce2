// All packages in one file that imports nothing, for pages without a bundler, import maps and workers: docs/installing.md.
export * from '@paragrad/mpe';
export * as mpe from '@paragrad/mpe';
export * from '@paragrad/nn';
export * from '@paragrad/tensor';
export { flatten } from '@paragrad/tensor'; // mpe has another function of this name: mpe.flatten
export * from './index.js';
