/** Which CPU kernels a page uses, depending on what its HTTP headers allow. */
import { afterEach, expect, test } from 'vitest';
import { type OpenPage, openPage } from './open-page.js';

let opened: OpenPage | undefined;

afterEach(() => opened?.close());

/** Computes 2 x 3, and says which kernels did it. */
async function multiplyWith(headers: Record<string, string>) {
  opened = await openPage(headers);
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

test('under a strict Content-Security-Policy, the GPU kernels run beside the reference', async () => {
  opened = await openPage({ 'Content-Security-Policy': "default-src 'self'" });
  const result = await opened.page.evaluate(async () => {
    await paragrad.useGpu({ choice: 'always' });
    const { kernels } = paragrad.explainKernelChoice(5, 7, 3);
    const product = { form: 'nt', m: 5, k: 7, n: 3, withBias: true, activation: 'tanh' } as const;
    return { kernels, error: paragrad.errorOfRandom(product, 1) };
  });
  expect(result.kernels).toBe('gpu');
  expect(result.error).toBeLessThan(1e-5);
});
