import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal, gate, grad, greater, sign, tensor, where, zeros } from '../../src/index.js';
import { broadcastableShapes, gradcheck, tensors } from '../../src/testing/index.js';
import { checkGradients, masks } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/compare.js')>({
  greater: { constant: (x) => greater(x, 0) },
  equal: { constant: (x) => equal(x, x) },
  sign: { constant: sign },
  gate: broadcastableShapes().chain(([a, b]) =>
    fc.tuple(tensors(a), tensors(b, { awayFromZero: 0.1 })).map((inputs) => ({ f: gate, inputs })),
  ),
  where: fc
    .tuple(broadcastableShapes(), fc.nat({ max: 3 }))
    .chain(([[a, b], dropped]) =>
      fc
        .tuple(masks(a.slice(dropped)), tensors(a), tensors(b))
        .map(([mask, x, y]) => ({ f: (c, d) => where(mask, c, d), inputs: [x, y] })),
    ),
});

test('where refuses shapes that do not broadcast', () => {
  expect(() => where(zeros([2, 3]), zeros([2]), 0)).toThrow(
    /where: shapes \[2, 3\] and \[2\] do not broadcast/,
  );
});

test('where broadcasts all three, with gradients', () => {
  const condition = tensor([[1], [0]], { dtype: 'float64' });
  const row = tensor([1, 2, 3], { dtype: 'float64' });
  expect([...where(condition, row, 0).data]).toEqual([1, 2, 3, 0, 0, 0]);
  gradcheck((a, b) => where(condition, a, b), [row, tensor([[4], [5]], { dtype: 'float64' })]);
});

test('where keeps an infinite gradient out of the branch not taken', () => {
  const x = tensor([0, 4], { requiresGrad: true });
  const safe = where(greater(x, 0), x.sqrt(), 0);
  expect([...grad(safe.sum(), [x])[0].data]).toEqual([Number.NaN, 0.25]); // sqrt's own 0 · ∞
  const guarded = where(greater(x, 0), x, 1).sqrt();
  expect([...grad(guarded.sum(), [x])[0].data]).toEqual([0, 0.25]);
});
