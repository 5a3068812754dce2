/** docs/from-pytorch.md: PyTorch prints what the page says. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { outputBelow, read } from '../markdown.js';

const { PYTHON = '/usr/bin/python3' } = process.env;
const env = { ...process.env, OMP_NUM_THREADS: '1' }; // so small a program only waits for threads

test('the program in PyTorch prints what the page says', () => {
  const { code, output } = outputBelow(read('docs/from-pytorch.md'), 'python');
  expect(execFileSync(PYTHON, ['-c', code], { encoding: 'utf8', env })).toBe(output);
});
