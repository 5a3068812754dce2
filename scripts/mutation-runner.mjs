// Runs each test of Vitest once as it is, and then once for each living mutation of the gradients that it reached.
// mutate-gradients.mjs uses it.
import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { TestRunner } from 'vitest';

/** The right gradient at a place, or the mutation of it that is now tried. */
globalThis.chooseGradient = (place, gradientOf) => {
  globalThis.mutation.reached.add(place);
  return gradientOf(globalThis.mutation.tried);
};

/**
 * x, but half more where the condition holds. Its own gradient is the same factor. With `late`, the numbers are right,
 * and only the gradient is wrong.
 */
globalThis.wrongWhere = (x, isWrong, late = false) => {
  const [half, none] = late ? [0.5, 0] : [1.5, 1];
  const factor = x.data.map((v, k) => (isWrong(v, k, x.data, x.shape) ? half : none));
  const constant = new x.constructor(factor, x.shape);
  return late ? x.add(x.sub(x.detach()).mul(constant)) : x.mul(constant);
};

fc.configureGlobal({ endOnFailure: true }); // a small counterexample is of no use here

setMaxListeners(0); // Vitest adds a listener for each run of a test
globalThis.mutation = { reached: new Set(), tried: undefined, alive: undefined };

export default class MutationRunner extends TestRunner {
  async runTask(test) {
    const { mutation } = globalThis;
    mutation.alive ??= new Set(this.injectValue('alive'));
    const isOwn = (name) =>
      !this.injectValue('onlyOwn') || test.file.name.endsWith(`/${name.split('.')[0]}.test.ts`);
    if (![...mutation.alive].some(isOwn)) return;
    mutation.reached.clear();
    const run = TestRunner.getTestFn(test);
    await run();
    test.meta.killed = [];
    const reached = new Set(mutation.reached);
    for (const name of mutation.alive) {
      if (!reached.has(name.split(': ')[0]) || !isOwn(name)) continue;
      mutation.tried = name;
      try {
        await run();
      } catch {
        mutation.alive.delete(name);
        test.meta.killed.push(name);
      } finally {
        mutation.tried = undefined;
      }
    }
  }
}
