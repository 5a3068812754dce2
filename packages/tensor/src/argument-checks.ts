import type { Generator } from './random.js';

/** Throws unless `value` is a whole number from 1. */
export function checkCount(op: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${op}: ${name} ${value}; give a whole number from 1`);
  }
}

/** Throws if there is no generator. Plain JavaScript would otherwise fail only at the first draw. */
export function checkGenerator(op: string, generator: Generator | undefined): void {
  if (typeof generator?.uniform !== 'function') {
    throw new Error(`${op}: no generator; give new Generator(seed): the seed decides every draw`);
  }
}
