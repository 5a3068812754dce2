import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchNorm1d, layerNorm, Tensor, tensor, zeros } from '../../src/index.js';
import { shapes, tensors } from '../../src/testing/index.js';
import { checkGradients } from './check-gradients.js';

const copy = ({ data, shape }: Tensor): Tensor => new Tensor(data.slice(), shape);

checkGradients<typeof import('../../src/ops/normalize.js')>({
  layerNorm: fc
    .tuple(shapes({ minRank: 1 }), fc.integer({ min: 1, max: 2 }), fc.boolean())
    .chain(([shape, axes, affine]) => {
      const normalizedShape = shape.slice(-axes);
      return fc
        .tuple(tensors(shape), tensors(normalizedShape), tensors(normalizedShape))
        .map(([x, w, b]) => ({
          f: (y, weight, bias) =>
            layerNorm(y, { normalizedShape, eps: 0.01, ...(weight && { weight, bias }) }),
          inputs: affine ? [x, w, b] : [x],
        }));
    }),
  batchNorm1d: fc
    .tuple(fc.integer({ min: 2, max: 4 }), shapes({ minRank: 1, maxRank: 2, maxLength: 3 }), fc.boolean())
    .chain(([batch, rest, training]) => {
      const channels = rest.slice(0, 1);
      return fc
        .tuple(
          tensors([batch, ...rest]),
          tensors(channels),
          tensors(channels),
          tensors(channels),
          tensors(channels, { min: 0.5 }),
        )
        .map(([x, w, b, runningMean, runningVar]) => ({
          f: (y, weight, bias, mean, variance) =>
            batchNorm1d(y, {
              ...{ runningMean: copy(mean), runningVar: copy(variance) },
              ...{ weight, bias, training, eps: 0.01 },
            }),
          inputs: [x, w, b],
          constants: [runningMean, runningVar],
        }));
    }),
});

const x = zeros([2, 3]);

test.each<[string, () => unknown, RegExp]>([
  [
    'layerNorm',
    () => layerNorm(x, { normalizedShape: [2] }),
    /x \[2, 3\] does not end in the normalized shape \[2\]/,
  ],
  ['layerNorm, weight', () => layerNorm(x, { weight: zeros([2]) }), /weight \[2\] for x .* must be \[3\]/],
  ['batchNorm1d, rank', () => batchNorm1d(zeros([3])), /give \[batch, channels\] or/],
  ['batchNorm1d, statistics', () => batchNorm1d(x), /give runningMean and runningVar, or set training/],
  [
    'batchNorm1d, one value',
    () => batchNorm1d(zeros([1, 3]), { training: true }),
    /training with x \[1, 3\]: 1 value per channel has no variance; give a larger batch/,
  ],
  [
    'batchNorm1d, bias',
    () => batchNorm1d(x, { training: true, bias: zeros([2]) }),
    /bias \[2\] for x \[2, 3\]/,
  ],
])('error: %s', (_, compute, message) => {
  expect(compute).toThrow(message);
});

test('batchNorm1d does not change the running statistics in evaluation, and can train without them', () => {
  const [runningMean, runningVar] = [tensor([1]), tensor([4])];
  const x = tensor([[1], [5]]);
  expect(batchNorm1d(x, { runningMean, runningVar }).data[1]).toBeCloseTo(2, 5);
  expect([runningMean.item(), runningVar.item()]).toEqual([1, 4]);
  batchNorm1d(x, { runningMean, runningVar, training: true, momentum: 0.5 });
  expect([runningMean.item(), runningVar.item()]).toEqual([2, 6]); // (1 + 3) / 2 and (4 + 8) / 2
  expect(batchNorm1d(x, { training: true }).data[1]).toBeCloseTo(1, 5);
});
