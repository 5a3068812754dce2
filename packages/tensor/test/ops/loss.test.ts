import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  full,
  grad,
  huberLoss,
  klDiv,
  type LossOptions,
  logSoftmax,
  mseLoss,
  ones,
  smoothL1Loss,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { indices, shapes, tensors, tensorsApart } from '../../src/testing/index.js';
import { checkGradients, type Sample } from './check-gradients.js';

const reductions = fc.constantFrom('mean' as const, 'sum' as const, 'none' as const);

const losses = (
  op: (prediction: Tensor, target: Tensor, options: LossOptions) => Tensor,
): Arbitrary<Sample> =>
  fc
    .tuple(shapes(), reductions)
    .chain(([shape, reduction]) =>
      tensorsApart([shape, shape]).map((inputs) => ({ f: (a, b) => op(a, b, { reduction }), inputs })),
    );

const float64 = { dtype: 'float64' } as const;

checkGradients<typeof import('../../src/ops/loss.js')>({
  mseLoss: losses(mseLoss),
  smoothL1Loss: fc
    .constantFrom(0.5, 1, 2)
    .chain((beta) => losses((a, b, options) => smoothL1Loss(a, b, { beta, ...options }))),
  huberLoss: fc
    .constantFrom(0.5, 1, 2)
    .chain((delta) => losses((a, b, options) => huberLoss(a, b, { delta, ...options }))),
  binaryCrossEntropyWithLogits: fc.tuple(shapes(), reductions).chain(([shape, reduction]) =>
    fc
      .tuple(tensors(shape, { min: -5, max: 5 }), tensors(shape, { min: 0, max: 1 }), fc.boolean())
      .map(([logits, target, weighted]) => {
        const constants = weighted ? [full([], 0.5, float64), full([], 3, float64)] : [];
        return {
          f: (x, t, weight, posWeight) =>
            binaryCrossEntropyWithLogits(x, t, { reduction, ...(weight && { weight, posWeight }) }),
          inputs: [logits, target],
          constants,
        };
      }),
  ),
  klDiv: fc
    .tuple(shapes(), fc.oneof(reductions, fc.constant('batchmean' as const)), fc.boolean())
    .chain(([shape, reduction, logTarget]) =>
      fc.tuple(tensors(shape), tensors(shape, logTarget ? {} : { min: 0.5 })).map((inputs) => ({
        f: (x, t) => klDiv(x, t, { reduction, logTarget }),
        inputs,
      })),
    ),
  crossEntropy: fc
    .tuple(shapes({ minRank: 1 }), reductions, fc.constantFrom(0, 0.2), fc.boolean())
    .chain(([shape, reduction, labelSmoothing, weighted]) => {
      const axis = Math.min(shape.length - 1, 1);
      const rows = shape.toSpliced(axis, 1);
      return fc
        .tuple(tensors(shape), tensors(shape), indices(rows, shape[axis]), fc.boolean())
        .map(([logits, probabilities, picked, hard]): Sample => {
          const constants = weighted ? [tensor([0.5, 2, 1, 3].slice(0, shape[axis]), float64)] : [];
          const options = (weight?: Tensor) => ({ reduction, labelSmoothing, ...(weight && { weight }) });
          return hard
            ? {
                f: (x, weight) => crossEntropy(x, picked, options(weight)),
                inputs: [logits],
                constants,
              }
            : {
                f: (x, p, weight) => crossEntropy(x, p, options(weight)),
                inputs: [logits, probabilities],
                constants,
              };
        });
    }),
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'mseLoss',
    () => mseLoss(zeros([2, 1]), zeros([2])),
    /prediction \[2, 1\] and target \[2\]; give the same shape/,
  ],
  [
    'smoothL1Loss',
    () => smoothL1Loss(x, x, { beta: 0 }),
    /smoothL1Loss: beta is 0; give a finite number above 0/,
  ],
  ['huberLoss', () => huberLoss(x, zeros([3])), /huberLoss: prediction \[2, 3\] and target \[3\]/],
  [
    'binaryCrossEntropyWithLogits',
    () => binaryCrossEntropyWithLogits(x, zeros([2])),
    /binaryCrossEntropyWithLogits: logits \[2, 3\] and target \[2\]; give the same shape/,
  ],
  ['klDiv', () => klDiv(x, zeros([2, 1])), /klDiv: input \[2, 3\] and target \[2, 1\]/],
  [
    'crossEntropy, a tensor of indices',
    () => crossEntropy(x, tensor([0, 2])),
    /crossEntropy: target \[2\] for logits \[2, 3\]; give class indices of shape \[2\], or a tensor of probabilities of shape \[2, 3\]/,
  ],
  [
    'crossEntropy, an index among probabilities',
    () => crossEntropy(x, x, { ignoreIndex: 1 }),
    /crossEntropy: ignoreIndex is 1, but the target consists of probabilities; give class indices, or a weight of 0/,
  ],
  [
    'crossEntropy, too many',
    () => crossEntropy(x, [0, 2, 1]),
    /crossEntropy: target \[3\] for logits \[2, 3\]/,
  ],
  [
    'crossEntropy, class',
    () => crossEntropy(x, [0, 3]),
    /crossEntropy: class 3 of 3; give integers from 0 to 2, or ignoreIndex/,
  ],
  ['crossEntropy, ragged', () => crossEntropy(x, [[0], []]), /crossEntropy: the nesting is ragged/],
  [
    'crossEntropy, no classes',
    () => crossEntropy(zeros([]), { data: [0], shape: [] }),
    /crossEntropy: logits \[\]; give logits \[batch, classes\] or \[classes\]/,
  ],
  [
    'crossEntropy, weight',
    () => crossEntropy(x, [0, 1], { weight: zeros([2]) }),
    /crossEntropy: logits \[2, 3\] and weight \[2\]; give .* a weight \[classes\]/,
  ],
  [
    'crossEntropy, smoothing',
    () => crossEntropy(x, [0, 1], { labelSmoothing: 2 }),
    /crossEntropy: labelSmoothing is 2; give a number from 0 to 1/,
  ],
  [
    'klDiv, reduction',
    () => klDiv(x, x, { reduction: 'batchMean' as 'mean' }),
    /klDiv: reduction is "batchMean" \(did you mean batchmean\?\); give one of mean, batchmean/,
  ],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('mseLoss, smoothL1Loss and huberLoss average over all elements, not over rows', () => {
  const [prediction, target] = [full([4, 3], 2), zeros([4, 3])];
  expect(mseLoss(prediction, target).item()).toBe(4);
  expect(smoothL1Loss(prediction, target).item()).toBe(1.5);
  expect(huberLoss(prediction, target).item()).toBe(1.5);
});

test('cross-entropy with indices and with one-hot probabilities is the same', () => {
  const logits = tensor([
    [1, 2, -1],
    [0, 5, 3],
  ]);
  const probabilities = tensor([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  for (const labelSmoothing of [0, 0.3]) {
    expect(crossEntropy(logits, [2, 0], { labelSmoothing }).item()).toBeCloseTo(
      crossEntropy(logits, probabilities, { labelSmoothing }).item(),
      6,
    );
  }
});

test('class indices as a number, a typed array, and nested', () => {
  const row = tensor([1, 2, -1]);
  const loss = crossEntropy(row, 2).item();
  expect(crossEntropy(row.reshape([1, 3]), Int32Array.of(2)).item()).toBe(loss);
  expect(crossEntropy(row.reshape([1, 3, 1]), [[2]]).item()).toBe(loss);
});

test('cross-entropy leaves ignored targets out of the sum, the mean and the gradient', () => {
  const logits = tensor(
    [
      [1, 2, -1],
      [0, 5, 3],
    ],
    { requiresGrad: true },
  );
  const [loss, kept] = [crossEntropy(logits, [2, -100]), crossEntropy(logits.narrow(0, 0, 1), [2])];
  expect(loss.item()).toBe(kept.item());
  expect([...grad(loss, [logits])[0].data.slice(3)].every((g) => g === 0)).toBe(true);
  expect(crossEntropy(logits, [2, 1], { ignoreIndex: 1 }).item()).toBe(kept.item());
  expect(crossEntropy(logits, [-100, -100]).item()).toBeNaN(); // as in PyTorch: the mean of nothing
  expect(crossEntropy(logits, [-100, -100], { reduction: 'sum' }).item()).toBe(0);
});

test('classes that are masked with -Infinity do not spoil the cross-entropy of the others', () => {
  const logits = tensor([[0, Number.NEGATIVE_INFINITY, 1]], { requiresGrad: true });
  const loss = crossEntropy(logits, [0]);
  expect(loss.item()).toBeCloseTo(Math.log1p(Math.E), 6);
  const p = 1 / (1 + Math.E);
  const [gradient] = grad(loss, [logits]);
  [p - 1, 0, 1 - p].forEach((expected, k) => {
    expect(gradient.data[k]).toBeCloseTo(expected, 6);
  });
  const ignored = tensor([[Number.NEGATIVE_INFINITY, 0, 1]]);
  expect(crossEntropy(ignored, [-100], { reduction: 'sum' }).item()).toBeCloseTo(0, 12);
});

test('binary cross-entropy is precise for large logits', () => {
  const none = { reduction: 'none' } as const;
  const logits = tensor([40, -40, 800, -800, 800], float64);
  const losses = binaryCrossEntropyWithLogits(logits, tensor([1, 0, 1, 0, 0], float64), none);
  expect([...losses.data]).toEqual([Math.exp(-40), Math.exp(-40), 0, 0, 800]);
  const small = binaryCrossEntropyWithLogits(tensor([-25], float64), tensor([1], float64)).item();
  expect(small - 25).toBeCloseTo(Math.exp(-25), 14); // not lost beside 25
});

test('the divergence of equal distributions is 0; a target of 0 adds nothing', () => {
  const logits = tensor([[1, 2, -1]], float64);
  const input = logSoftmax(logits);
  expect(klDiv(input, softmax(logits), { reduction: 'sum' }).item()).toBeCloseTo(0, 15);
  expect(klDiv(input, input, { reduction: 'batchmean', logTarget: true }).item()).toBe(0);
  const target = zeros([1, 3], { dtype: 'float64', requiresGrad: true });
  const loss = klDiv(input, target, { reduction: 'sum' });
  expect(loss.item()).toBeCloseTo(0, 15);
  expect([...grad(loss, [target])[0].data]).toEqual([...input.neg().data]);
  expect(klDiv(zeros([4, 2]), ones([4, 2]), { reduction: 'batchmean' }).item()).toBe(0);
});
