import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const families = [...read('../../src/ops/index.ts').matchAll(/from '\.\/(\w+)\.js'/g)].map(
  ([, name]) => name,
);

// The call does not compile unless it contains all ops of the file. So together these tests cover every op.
test.each(families)('the test file of ops/%s.ts checks the gradients of its ops', (family) => {
  expect(read(`${family}.test.ts`)).toContain(
    `checkGradients<typeof import('../../src/ops/${family}.js')>({`,
  );
});
