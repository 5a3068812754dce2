import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eq, grad, gt, sign, tensor, where, wherePositive, zeros } from '../../src/index.js';
import { broadcastableShapes, gradcheck, tensors } from '../../src/testing/index.js';
import { checkGradients, masks } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/compare.js')>({
  gt: { constant: (x) => gt(x, 0) },
  eq: { constant: (x) => eq(x, x) },
  sign: { constant: sign },
  wherePositive: broadcastableShapes().chain(([a, b]) =>
    fc.tuple(tensors(a), tensors(b, { awayFromZero: 0.1 })).map((inputs) => ({ f: wherePositive, inputs })),
  ),
  where: fc
    .tuple(broadcastableShapes(), fc.nat({ max: 3 }))
    .chain(([[a, b], dropped]) =>
      fc
        .tuple(masks(a.slice(dropped)), tensors(a), tensors(b))
        .map(([mask, x, y]) => ({ f: (c, d) => where(mask, c, d), inputs: [x, y] })),
    ),
});

test('where rejects shapes that do not broadcast', () => {
  expect(() => where(zeros([2, 3]), zeros([2]), 0)).toThrow(
    /where: shapes \[2, 3\] and \[2\] do not broadcast/,
  );
});

test('where broadcasts all three operands, with gradients', () => {
  const condition = tensor([[1], [0]], { dtype: 'float64' });
  const row = tensor([1, 2, 3], { dtype: 'float64' });
  expect([...where(condition, row, 0).data]).toEqual([1, 2, 3, 0, 0, 0]);
  gradcheck((a, b) => where(condition, a, b), [row, tensor([[4], [5]], { dtype: 'float64' })]);
});

test('where gives the gradient 0 to the operand that is not chosen, even if dz is infinite', () => {
  const x = tensor([0, 4], { requiresGrad: true });
  const safe = where(gt(x, 0), x.sqrt(), 0);
  expect([...grad(safe.sum(), [x])[0].data]).toEqual([Number.NaN, 0.25]); // 0 · ∞ in the gradient of sqrt
  const guarded = where(gt(x, 0), x, 1).sqrt();
  expect([...grad(guarded.sum(), [x])[0].data]).toEqual([0, 0.25]);
});
