import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  eq,
  grad,
  greater,
  greaterEqual,
  isfinite,
  isinf,
  isnan,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  sign,
  tensor,
  where,
  wherePositive,
  zeros,
} from '../../src/index.js';
import { broadcastableShapes, gradcheck, tensors } from '../../src/testing/index.js';
import { checkGradients, masks } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/compare.js')>({
  less: { constant: (x) => less(x, 0) },
  lessEqual: { constant: (x) => lessEqual(x, 0) },
  greater: { constant: (x) => greater(x, 0) },
  greaterEqual: { constant: (x) => greaterEqual(x, 0) },
  notEqual: { constant: (x) => notEqual(x, 0) },
  logicalAnd: { constant: (x) => logicalAnd(x, x) },
  logicalOr: { constant: (x) => logicalOr(x, x) },
  logicalXor: { constant: (x) => logicalXor(x, zeros([3], { dtype: 'float64' })) },
  logicalNot: { constant: logicalNot },
  isnan: { constant: isnan },
  isinf: { constant: isinf },
  isfinite: { constant: isfinite },
  eq: { constant: (x) => eq(x, x) },
  sign: { constant: sign },
  // No gradient flows to the mask.
  wherePositive: {
    options: { allowUnused: true },
    samples: broadcastableShapes().chain(([a, b]) =>
      fc.tuple(tensors(a), tensors(b, { awayFromZero: 0.1 })).map((inputs) => ({ f: wherePositive, inputs })),
    ),
  },
  where: fc
    .tuple(broadcastableShapes(), fc.nat({ max: 3 }))
    .chain(([[a, b], dropped]) =>
      fc
        .tuple(masks(a.slice(dropped)), tensors(a), tensors(b))
        .map(([mask, x, y]) => ({ f: (c, d, m) => where(m, c, d), inputs: [x, y], constants: [mask] })),
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
  const safe = where(greater(x, 0), x.sqrt(), 0);
  expect([...grad(safe.sum(), [x])[0].data]).toEqual([Number.NaN, 0.25]); // 0 · ∞ in the gradient of sqrt
  const guarded = where(greater(x, 0), x, 1).sqrt();
  expect([...grad(guarded.sum(), [x])[0].data]).toEqual([0, 0.25]);
});

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

test('comparisons with smaller, equal and larger numbers, and with NaN', () => {
  const a = tensor([1, 2, 3, nan, 2, nan, infinity, -0]);
  const b = tensor([2, 2, 2, 2, nan, nan, infinity, 0]);
  expect([...less(a, b).data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  expect([...lessEqual(a, b).data]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
  expect([...greater(a, b).data]).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  expect([...greaterEqual(a, b).data]).toEqual([0, 1, 1, 0, 0, 0, 1, 1]);
  expect([...eq(a, b).data]).toEqual([0, 1, 0, 0, 0, 0, 1, 1]);
  expect([...notEqual(a, b).data]).toEqual([1, 0, 1, 1, 1, 1, 0, 0]);
  expect([...less(2, a).data]).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
});

test('in logical ops everything but 0 is true, NaN included; operands broadcast', () => {
  const [column, row] = [tensor([[0], [2]]), tensor([0, nan, -1])];
  expect([...logicalAnd(column, row).data]).toEqual([0, 0, 0, 0, 1, 1]);
  expect([...logicalOr(column, row).data]).toEqual([0, 1, 1, 1, 1, 1]);
  expect([...logicalXor(column, row).data]).toEqual([0, 1, 1, 1, 0, 0]);
  expect([...logicalNot(row).data]).toEqual([1, 0, 0]);
  expect([...logicalOr(0, row).data]).toEqual([0, 1, 1]);
  expect(() => logicalAnd(zeros([2, 3]), zeros([2]))).toThrow(/logicalAnd: shapes \[2, 3\] and \[2\]/);
});

test('every number is NaN, infinite or finite', () => {
  const x = tensor([nan, infinity, -infinity, 0, 3e38]);
  expect([...isnan(x).data]).toEqual([1, 0, 0, 0, 0]);
  expect([...isinf(x).data]).toEqual([0, 1, 1, 0, 0]);
  expect([...isfinite(x).data]).toEqual([0, 0, 0, 1, 1]);
});

test('masks and signs are constants, as their gradient is 0: backward from them says so, and they keep no graph', () => {
  const x = tensor([1, -2, 3], { requiresGrad: true });
  const masks = [
    x.greater(0),
    x.eq(x),
    x.isnan(),
    x.isinf(),
    x.isfinite(),
    x.logicalNot(),
    x.logicalAnd(x),
    sign(x),
  ];
  for (const mask of masks) expect([mask.requiresGrad, mask.record]).toEqual([false, null]);
  expect(() => x.greater(0).mean().backward()).toThrow(
    'backward: the output requires no gradient; it was computed under noGrad, from tensors that require none, or by a comparison',
  );
  const chosen = where(x.greater(0), x, 0);
  expect(chosen.record!.edges.map((edge) => edge !== null)).toEqual([false, true, false]);
});
