/** What the page gives to the tests, as a global: they are functions that Playwright evaluates in it. */
import * as tensor from '@paragrad/tensor';
import { useGpu } from '@paragrad/tensor/gpu';
import * as products from '../../../packages/tensor/test-gpu/products.js';

const library = { ...tensor, ...products, useGpu };

declare global {
  var paragrad: typeof library;
}
globalThis.paragrad = library;
