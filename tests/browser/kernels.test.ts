/** Which CPU kernels a page gets, by what its HTTP headers allow. */
import { afterEach, expect, test } from 'vitest';
import { type OpenPage, openPage } from './open-page.js';

let opened: OpenPage | undefined;

afterEach(() => opened?.close());

/** 2 x 3, and on which kernels. */
async function multiplyWith(headers: Record<string, string>) {
  opened = await openPage({ headers });
  return opened.page.evaluate(() => {
    const { explainKernelChoice, matmul, tensor } = paragrad;
    const product = matmul(tensor([[2]]), tensor([[3]])).item();
    return { product, ...explainKernelChoice(1, 1, 1) };
  });
}

test('WebAssembly runs by default', async () => {
  expect(await multiplyWith({})).toMatchObject({ product: 6, kernels: expect.stringMatching(/simd$/) });
});

test.for([
  { policy: "script-src 'self'", kernels: /^reference$/ },
  { policy: "script-src 'self' 'wasm-unsafe-eval'", kernels: /simd$/ },
])('under the Content-Security-Policy $policy, the kernels are $kernels', async ({ policy, kernels }) => {
  const result = await multiplyWith({ 'Content-Security-Policy': policy });
  expect(result).toMatchObject({ product: 6, kernels: expect.stringMatching(kernels) });
});
