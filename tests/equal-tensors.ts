/**
 * Before every test file: tensors are equal if their shapes, dtypes and numbers are. `toEqual` alone would not compare the numbers,
 * which are in a private field. A tensor is known by the name of its class, because most test files need no tensors.
 */
import { expect } from 'vitest';
import type { Tensor } from '../packages/tensor/src/index.js';

const isTensor = (value: unknown): value is Tensor =>
  (value as object | null | undefined)?.constructor?.name === 'Tensor';

const isEqual = (a: Tensor, b: Tensor): boolean =>
  a.dtype === b.dtype &&
  a.shape.length === b.shape.length &&
  a.shape.every((length, axis) => length === b.shape[axis]) &&
  a.data.every((x, k) => Object.is(x, b.data[k]));

expect.addEqualityTesters([(a, b) => (isTensor(a) && isTensor(b) ? isEqual(a, b) : undefined)]);
