import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SumTree } from '../../src/replay/sum-tree.js';

/** Weights are whole numbers, so that their sums are exact in any order. */
const changes = fc.array(fc.tuple(fc.nat(40), fc.nat(9)), { minLength: 1, maxLength: 100 });

test('it agrees with a plain list of weights', () => {
  fc.assert(
    fc.property(changes, (changes) => {
      const tree = new SumTree();
      const weights = Array<number>(41).fill(0);
      for (const [index, weight] of changes) {
        tree.set(index, weight);
        weights[index] = weight;
      }
      expect(weights.map((_, index) => tree.get(index))).toEqual(weights);
      const total = weights.reduce((sum, weight) => sum + weight);
      expect(tree.total).toBe(total);
      const owners = weights.flatMap((weight, index) => Array<number>(weight).fill(index));
      for (let point = 0; point < total; point++) {
        expect([tree.find(point), tree.find(point + 0.999)]).toEqual([owners[point], owners[point]]);
      }
    }),
  );
});

test('a point at the end, or beyond it by rounding, belongs to the last weight above 0', () => {
  const tree = new SumTree();
  [0.1, 0.2, 0.3, 0, 0].forEach((weight, index) => {
    tree.set(index, weight);
  });
  expect([tree.find(tree.total), tree.find(tree.total + 1e-9)]).toEqual([2, 2]);
});

test('memory grows with the largest index', () => {
  const tree = new SumTree();
  const before = tree.byteLength;
  for (let index = 0; index < 1000; index++) tree.set(index, 1);
  expect(before).toBeLessThan(100);
  expect(tree.byteLength).toBe(2 * 1024 * 8);
});
