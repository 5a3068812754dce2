import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensors } from '../../src/testing/index.js';

test('numbers stay in their range and away from 0', () => {
  const range = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(
      range.chain(([min, width]) => {
        const max = min + width;
        const awayFromZero = Math.max(max, -min) / 2;
        return tensors([5], { min, max, awayFromZero }).map(({ data }) => ({ data, min, max, awayFromZero }));
      }),
      ({ data, min, max, awayFromZero }) => {
        for (const x of data) {
          expect(x).toBeGreaterThanOrEqual(min);
          expect(x).toBeLessThanOrEqual(max);
          expect(Math.abs(x)).toBeGreaterThanOrEqual(awayFromZero);
        }
      },
    ),
  );
  expect(() => tensors([1], { min: -0.1, max: 0.1, awayFromZero: 1 })).toThrow(/widen the range/);
});
