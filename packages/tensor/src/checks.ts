import type { Generator } from './random.js';

/** Throws on what is no whole number from 1. */
export function checkCount(op: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${op}: ${name} ${value}; give a whole number from 1`);
  }
}

/** Throws where there is no generator, which in plain JavaScript would show only when it is first drawn from. */
export function checkGenerator(op: string, generator: Generator | undefined): void {
  if (typeof generator?.uniform !== 'function') {
    throw new Error(`${op}: no generator; give new Generator(seed), and the seed decides every draw`);
  }
}
