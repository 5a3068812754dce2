/** Wrong gradients are found by almost every seed. `npm run mutants` writes the table in docs/testing-gradients.md. */
import { describe, expect, test } from 'vitest';
import { mutants, runsUntilFound } from './mutants.js';

const SEEDS = 5;
const seeds = Array.from({ length: SEEDS }, (_, k) => k + 1);

test('there are at least 40, and each has a name of its own', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

describe.each(mutants)('$name', (mutant) => {
  test('is found by every seed', () => {
    expect(seeds.filter((seed) => runsUntilFound(mutant, seed) === null)).toEqual([]);
  });

  test('passes without its mistake', () => {
    expect(runsUntilFound(mutant, 1, false)).toBeNull();
  });
});
