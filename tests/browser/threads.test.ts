/** Worker threads on a page, depending on what its HTTP headers allow. */
import { afterEach, expect, test } from 'vitest';
import { ISOLATED, type OpenPage, openPage } from './open-page.js';

let opened: OpenPage | undefined;

afterEach(() => opened?.close());

/** How many of two threads start, and how many numbers of a product differ from those of one thread. */
async function multiplyInThreads(headers: Record<string, string>) {
  opened = await openPage(headers);
  return opened.page.evaluate(async () => {
    const { Generator, linear, normal, useThreads } = paragrad;
    const generator = new Generator(1);
    const [x, w, b] = [[1027, 64], [67, 64], [67]].map((shape) => normal(shape, generator));
    const product = () => linear(x, w, b, { activation: 'tanh' }).data;
    const alone = product();
    const threads = await useThreads(2);
    let different = 0;
    for (let time = 0; time < 200; time++) {
      const together = product();
      for (let i = 0; i < alone.length; i++) if (together[i] !== alone[i]) different++;
    }
    return { threads, different, afterwards: await useThreads(1) };
  });
}

test('an isolated page has worker threads, and they compute the same bits', async () => {
  expect(await multiplyInThreads(ISOLATED)).toEqual({ threads: 2, different: 0, afterwards: 1 });
});

test('a page that is not isolated has one thread', async () => {
  expect(await multiplyInThreads({})).toEqual({ threads: 1, different: 0, afterwards: 1 });
});

test('the error names the policy that forbids worker threads', async () => {
  const policy = "script-src 'self' 'wasm-unsafe-eval'";
  await expect(multiplyInThreads({ ...ISOLATED, 'Content-Security-Policy': policy })).rejects.toThrow(
    /useThreads: a worker thread did not start.*Content-Security-Policy must allow worker-src blob:/,
  );
});
