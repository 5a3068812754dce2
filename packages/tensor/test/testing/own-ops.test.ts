/** A package can export ops of its own: its declarations compile, from the public exports, and `checkOp` tests them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/index.js';
import { checkOp, shapes, tensors } from '../../src/testing/index.js';
import { cube, grow, scores, total } from './own-ops/index.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

test('its declarations name the types of its ops', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-ops-'));
  try {
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        ...{ composite: false, incremental: false, declaration: true, emitDeclarationOnly: true },
        ...{ rootDir: join(root, 'packages/tensor/test/testing/own-ops'), outDir: folder },
      },
      files: [join(root, 'packages/tensor/test/testing/own-ops/index.ts')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
    const declarations = readFileSync(join(folder, 'index.d.ts'), 'utf8');
    for (const type of [
      'cube: Op<[x: Tensor]',
      'grow: Op<[x: Tensor], {',
      'scores: Op<[a: Tensor, b: Tensor]',
      'total: Op<readonly Tensor[]',
    ]) {
      expect(declarations).toContain(type);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('its ops pass checkOp', () => {
  test('cube', () => checkOp((x: Tensor) => cube([x]), [tensors(shapes())]));
  test('grow', () =>
    checkOp(
      (x: Tensor, rate: number) => grow([x], { rate }),
      [tensors(shapes()), fc.constantFrom(-1, 0.5, 2)],
    ));
  test('scores', () => checkOp((a: Tensor, b: Tensor) => scores([a, b]), [tensors([2, 3]), tensors([4, 3])]));
  test('total', () =>
    checkOp((...all: Tensor[]) => total(all), fc.array(tensors([2]), { minLength: 1, maxLength: 3 })));
});
