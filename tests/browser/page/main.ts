/** The global that the page offers to the tests. Playwright evaluates their functions in the page. */
import * as tensor from '@paragrad/tensor';
import { useGpu } from '@paragrad/tensor/gpu';
import * as products from '../../../packages/tensor/test-gpu/products.js';

const library = { ...tensor, ...products, useGpu };

declare global {
  var paragrad: typeof library;
}
globalThis.paragrad = library;
