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

/** Whether both are arrays of numbers of one kind, with the same bytes. Vitest compares a million numbers in seconds. */
const haveSameBytes = (a: unknown, b: unknown): boolean =>
  ArrayBuffer.isView(a) &&
  ArrayBuffer.isView(b) &&
  Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
  bytesOf(a).equals(bytesOf(b));

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength);

// Files that share a process share these, and each call adds to them.
const ADDED = Symbol.for('paragrad: tensors are compared');
if (!(ADDED in globalThis)) {
  Object.assign(globalThis, { [ADDED]: true });
  expect.addEqualityTesters([
    (a, b) => (isTensor(a) && isTensor(b) ? isEqual(a, b) : undefined),
    (a, b) => (haveSameBytes(a, b) ? true : undefined), // otherwise Vitest says where they differ
  ]);
}
