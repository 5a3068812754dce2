// The package in one file that imports nothing, for pages without a bundler, import maps and workers: docs/installing.md.
export * from './index.js';
