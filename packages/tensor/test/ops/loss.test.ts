import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import {
  full,
  huberLoss,
  type LossOptions,
  mseLoss,
  smoothL1Loss,
  type Tensor,
  zeros,
} from '../../src/index.js';
import { shapes } from '../../src/testing/index.js';
import { checkGradients, type Sample, stepped } from './check-gradients.js';

const losses = (
  op: (prediction: Tensor, target: Tensor, options: LossOptions) => Tensor,
): Arbitrary<Sample> =>
  fc
    .tuple(shapes(), fc.constantFrom('mean' as const, 'sum' as const, 'none' as const))
    .chain(([shape, reduction]) =>
      fc
        .tuple(stepped(shape, 0), stepped(shape, 0.1))
        .map((inputs) => ({ f: (a, b) => op(a, b, { reduction }), inputs })),
    );

checkGradients<typeof import('../../src/ops/loss.js')>({
  mseLoss: losses(mseLoss),
  smoothL1Loss: fc
    .constantFrom(0.5, 1, 2)
    .chain((beta) => losses((a, b, options) => smoothL1Loss(a, b, { beta, ...options }))),
  huberLoss: fc
    .constantFrom(0.5, 1, 2)
    .chain((delta) => losses((a, b, options) => huberLoss(a, b, { delta, ...options }))),
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'mseLoss',
    () => mseLoss(zeros([2, 1]), zeros([2])),
    /prediction \[2, 1\] and target \[2\]; give the same shape/,
  ],
  ['smoothL1Loss', () => smoothL1Loss(x, x, { beta: 0 }), /smoothL1Loss: beta 0; give a number above 0/],
  ['huberLoss', () => huberLoss(x, zeros([3])), /huberLoss: prediction \[2, 3\] and target \[3\]/],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('mseLoss, smoothL1Loss and huberLoss average over all elements, not over rows', () => {
  const [prediction, target] = [full([4, 3], 2), zeros([4, 3])];
  expect(mseLoss(prediction, target).item()).toBe(4);
  expect(smoothL1Loss(prediction, target).item()).toBe(1.5);
  expect(huberLoss(prediction, target).item()).toBe(1.5);
});
