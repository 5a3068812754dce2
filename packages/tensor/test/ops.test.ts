/** What the parity and gradient suites don't see: errors, defaults, and values that only reading can check. */
import { describe, expect, test } from 'vitest';
import * as t from '../src/index.js';
import {
  add,
  broadcastTo,
  concat,
  formatShape,
  full,
  linear,
  matmul,
  mean,
  mseLoss,
  narrow,
  normal,
  ones,
  permute,
  reshape,
  type Shape,
  sum,
  sumTo,
  Tensor,
  tensor,
  transpose,
  zeros,
} from '../src/index.js';

describe('an error says what was wrong, the shapes, and what to do', () => {
  const x = zeros([2, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ['add', () => add(x, zeros([2])), /add: shapes \[2, 3\] and \[2\] do not broadcast; .*\(here 3 and 2\)/],
    [
      'matmul, inner sizes',
      () => matmul(zeros([32, 5]), zeros([4, 2])),
      /inner sizes differ, \[32, 5\] x \[4, 2\]; the left operand's last/,
    ],
    ['matmul, A B^T', () => matmul(x, zeros([3, 2]), { transposeB: true }), /with the right one transposed/],
    ['matmul, A^T B', () => matmul(x, zeros([3, 2]), { transposeA: true }), /with the left one transposed/],
    [
      'matmul, both',
      () => matmul(x, x, { transposeA: true, transposeB: true }),
      /multiply b by a and transpose the result/,
    ],
    ['matmul, vectors', () => matmul(zeros([3]), x), /both operands must be matrices/],
    [
      'linear, weight',
      () => linear(x, zeros([3, 4])),
      /linear: x \[2, 3\] and weight \[3, 4\]; the weight is \[out, in\]/,
    ],
    ['linear, bias', () => linear(x, zeros([4, 3]), zeros([3])), /bias \[3\] for weight \[4, 3\]/],
    [
      'mseLoss',
      () => mseLoss(zeros([2, 1]), zeros([2])),
      /prediction \[2, 1\] and target \[2\]; give the same shape/,
    ],
    [
      'sum, axis',
      () => sum(x, { axis: 2 }),
      /sum: axis 2 of a tensor with 2 axes; give a whole number from -2 to 1/,
    ],
    ['mean, twice', () => mean(x, { axis: [0, -2] }), /name one axis twice/],
    ['narrow', () => narrow(x, 1, 2, 2), /start 2 and length 2 along axis 1 of shape \[2, 3\]/],
    ['concat', () => concat([x, zeros([3, 3])], 1), /shapes \[2, 3\], \[3, 3\] along axis 1/],
    ['concat of nothing', () => concat([]), /give at least one/],
    ['reshape', () => reshape(x, [4, -1]), /\[2, 3\] has 6 elements, and \[4, -1\]/],
    ['permute', () => permute(x, [0, 0]), /name each axis once/],
    ['broadcastTo', () => broadcastTo(x, [3]), /broadcastTo: shape/],
    ['sumTo', () => sumTo(zeros([3]), [2, 3]), /does not sum to/],
    [
      'matmul, batch axes',
      () => matmul(zeros([2, 1, 1]), zeros([3, 1, 1])),
      /shapes \[2\] and \[3\] do not br/,
    ],
    ['clamp', () => t.clamp(x, { min: 1, max: 0 }), /clamp: min 1 and max 0; min must be at most max/],
    ['softplus', () => t.softplus(x, { beta: 0 }), /softplus: beta 0; give a number above 0/],
    ['where', () => t.where(x, zeros([2]), 0), /where: shapes \[2, 3\] and \[2\] do not broadcast/],
    ['amax of nothing', () => t.amax(zeros([0])), /amax: shape \[0\] is empty/],
    ['max of nothing', () => t.max(zeros([2, 0]), 1), /max: axis 1 of shape \[2, 0\] is empty/],
    ['stack', () => t.stack([x, zeros([3])]), /stack: shapes \[2, 3\], \[3\]; give equal ones/],
    ['stack of nothing', () => t.stack([]), /give at least one/],
    [
      'gather, shape',
      () => t.gather(x, 1, { data: [0, 1, 2], shape: [3, 1] }),
      /gather: indices of shape \[3, 1\] for x \[2, 3\]; all lengths but that of axis 1 must be equal/,
    ],
    ['gather, count', () => t.gather(x, 1, { data: [0], shape: [2, 1] }), /1 indices for shape \[2, 1\]/],
    [
      'gather, index',
      () => t.gather(x, 1, { data: [0, 3], shape: [2, 1] }),
      /gather: index 3 along axis 1 of shape \[2, 3\]; give whole numbers from 0 to 2/,
    ],
    ['indexSelect, index', () => t.indexSelect(x, 0, [0.5]), /indexSelect: index 0.5 along axis 0/],
    ['oneHot, index', () => t.oneHot([4], 4), /index 4 along axis 1 of shape \[1, 4\]/],
    [
      'scatterAdd',
      () => t.scatterAdd(x, 1, { data: [0, 0], shape: [2, 1] }, 4),
      /scatterAdd: indices of shape \[2, 1\] for x \[2, 3\]; give one for each number/,
    ],
    ['smoothL1Loss', () => t.smoothL1Loss(x, x, { beta: 0 }), /smoothL1Loss: beta 0; give a number above 0/],
    ['huberLoss', () => t.huberLoss(x, zeros([3])), /huberLoss: prediction \[2, 3\] and target \[3\]/],
    [
      'layerNorm',
      () => t.layerNorm(x, { normalizedShape: [2] }),
      /x \[2, 3\] does not end in the normalised shape \[2\]/,
    ],
    [
      'layerNorm, weight',
      () => t.layerNorm(x, { weight: zeros([2]) }),
      /weight \[2\] for x .* must be \[3\]/,
    ],
    ['batchNorm1d, rank', () => t.batchNorm1d(zeros([3])), /give \[batch, channels\] or/],
    ['batchNorm1d, statistics', () => t.batchNorm1d(x), /give runningMean and runningVar, or set training/],
    [
      'batchNorm1d, one value',
      () => t.batchNorm1d(zeros([1, 3]), { training: true }),
      /training on x \[1, 3\], 1 value per channel, which has no variance; give a larger batch/,
    ],
    [
      'batchNorm1d, bias',
      () => t.batchNorm1d(x, { training: true, bias: zeros([2]) }),
      /bias \[2\] for x \[2, 3\]/,
    ],
    ['gumbelSoftmax, noise', () => t.gumbelSoftmax(x, {}), /give noise, or a generator/],
    ['gumbelSoftmax, tau', () => t.gumbelSoftmax(x, { noise: x, tau: 0 }), /tau 0; give a number above 0/],
    ['gumbelSoftmax, shape', () => t.gumbelSoftmax(x, { noise: zeros([3]) }), /give one draw for each/],
    [
      'multiHeadAttention',
      () => multiHead(zeros([1, 2, 3]), 2),
      /query \[1, 2, 3\], inProjWeight \[9, 3\], 2 heads; .* e a multiple of the heads/,
    ],
    ['tensor, ragged', () => tensor([[1, 2], [3]]), /the nesting is ragged: .*\[2, 2\]/],
    [
      'Tensor, size',
      () => new Tensor(new Float32Array(5), [2, 3]),
      /5 numbers for shape \[2, 3\], which holds 6/,
    ],
    ['zeros, length', () => zeros([2, -1]), /has length -1/],
    ['item', () => x.item(), /holds 6 numbers, not one/],
  ])('%s', (_, compute, message) => {
    expect(compute).toThrow(message);
  });
});

describe('shapes at the edges', () => {
  test.each<[Shape, Shape, Shape]>([
    [[2, 1], [3], [2, 3]],
    [
      [2, 3],
      [1, 3],
      [2, 3],
    ],
    [[], [2, 2], [2, 2]],
    [[0, 3], [3], [0, 3]],
    [
      [4, 1, 2],
      [3, 1],
      [4, 3, 2],
    ],
  ])('%j + %j', (a, b, expected) => {
    expect(add(ones(a), ones(b)).shape).toEqual(expected);
    expect(add(ones(a), ones(b)).data.every((value) => value === 2)).toBe(true);
  });

  test('products over an empty axis are zero, or the bias', () => {
    expect([...matmul(zeros([2, 0]), zeros([0, 2])).data]).toEqual([0, 0, 0, 0]);
    expect([...linear(zeros([2, 0]), zeros([2, 0]), tensor([1, 2])).data]).toEqual([1, 2, 1, 2]);
  });

  test('sums and means over nothing, one axis and all', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...sum(x, { axis: [] }).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...mean(x, { axis: 0 }).data]).toEqual([2.5, 3.5, 4.5]);
    expect(mean(x, { axis: 1, keepDim: true }).shape).toEqual([2, 1]);
    expect(mean(x).item()).toBe(3.5);
    expect(mean(zeros([0])).item()).toBeNaN();
  });
});

describe('what other engines got wrong', () => {
  test('softmax and its logarithm at 1000 are finite, and so are their gradients', () => {
    const x = tensor([1000, 1000, -1000], { requiresGrad: true });
    expect([...t.softmax(x).data]).toEqual([0.5, 0.5, 0]);
    expect([...t.logSoftmax(x).data]).toEqual([-Math.LN2, -Math.LN2, -2000 - Math.LN2].map(Math.fround));
    expect(t.logsumexp(x).item()).toBeCloseTo(1000 + Math.LN2, 3);
    for (const y of [t.softmax(x), t.logSoftmax(x), t.logsumexp(x)]) {
      const [dx] = t.grad(y.square().sum(), [x]);
      expect(dx.data.every(Number.isFinite)).toBe(true);
    }
  });

  test('the logarithm of a sum of nothing but e^-∞ is -∞, not NaN', () => {
    const nothing = tensor([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(t.logsumexp(nothing).item()).toBe(Number.NEGATIVE_INFINITY);
  });

  test('the gradient of a norm at 0 is 0, and its second derivative too', () => {
    const x = zeros([2, 3], { requiresGrad: true });
    const [dx] = t.grad(t.norm(x), [x], { createGraph: true });
    expect([...dx.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(t.grad(dx.sum(), [x])[0].data.every((value) => value === 0)).toBe(true);
    expect(t.norm(tensor([3, Number.NaN])).item()).toBeNaN();
  });

  const { add, sub, mul, div, pow, minimum, maximum, gate, greater, equal } = t;
  test.each(Object.entries({ add, sub, mul, div, pow, minimum, maximum, gate, greater, equal }))(
    '%s broadcasts either operand',
    (_, op) => {
      const column = tensor([[1], [2]]);
      const row = tensor([3, 1, 2]);
      const matrix = tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      for (const [a, b] of [
        [column, row],
        [row, column],
        [matrix, reshape(row, [1, 3])],
        [reshape(row, [1, 3]), matrix],
      ]) {
        const z = op(a, b);
        expect(z.shape).toEqual([2, 3]);
        const spread = op(broadcastTo(a, [2, 3]), broadcastTo(b, [2, 3]));
        expect(z.data).toEqual(spread.data);
      }
    },
  );

  test('where broadcasts all three', () => {
    expect([...t.where(tensor([[1], [0]]), tensor([1, 2, 3]), 0).data]).toEqual([1, 2, 3, 0, 0, 0]);
  });

  test('losses average over all elements, not over rows', () => {
    const [prediction, target] = [full([4, 3], 2), zeros([4, 3])];
    expect(mseLoss(prediction, target).item()).toBe(4);
    expect(t.smoothL1Loss(prediction, target).item()).toBe(1.5);
    expect(t.huberLoss(prediction, target).item()).toBe(1.5);
  });

  test('pow at 0 has finite derivatives', () => {
    for (const exponent of [0, 1, 2]) {
      const x = zeros([1], { requiresGrad: true });
      const [dx] = t.grad(x.pow(exponent), [x], { createGraph: true });
      expect(dx.item()).toBe(exponent === 1 ? 1 : 0);
      const [ddx] = t.grad(dx.add(x), [x]); // with x, because a constant dx has no graph
      expect(ddx.item()).toBe(exponent === 2 ? 3 : 1);
    }
    const [a, b] = [zeros([1], { requiresGrad: true }), zeros([1], { requiresGrad: true })];
    expect(t.grad(t.pow(a, b), [a, b]).map((g) => g.item())).toEqual([0, 0]);
  });

  test('where keeps an infinite gradient out of the branch not taken', () => {
    const x = tensor([0, 4], { requiresGrad: true });
    const safe = t.where(t.greater(x, 0), x.sqrt(), 0);
    expect([...t.grad(safe.sum(), [x])[0].data]).toEqual([Number.NaN, 0.25]); // sqrt's own 0 · ∞
    const guarded = t.where(t.greater(x, 0), x, 1).sqrt();
    expect([...t.grad(guarded.sum(), [x])[0].data]).toEqual([0, 0.25]);
  });

  test('a NaN is the largest of all', () => {
    const x = tensor([[1, Number.NaN, 3]]);
    expect(t.amax(x).item()).toBeNaN();
    expect([...t.max(x, 1).indices.data]).toEqual([1]);
    expect(t.relu(x).data[1]).toBeNaN();
    expect(t.clamp(x, { min: 0, max: 1 }).data[1]).toBeNaN();
  });
});

describe('attention', () => {
  test('a query that may attend to nothing gets zeros, and a finite gradient', () => {
    const x = tensor([[[1, 2]]], { requiresGrad: true });
    const { output, weights } = t.scaledDotProductAttention(x, x, x, { mask: ones([1, 1]) });
    expect([...weights.data, ...output.data]).toEqual([0, 0, 0]);
    expect([...t.grad(output.sum(), [x])[0].data]).toEqual([0, 0]);
  });

  test('attends across sequences of different length, with a mask', () => {
    const { output, weights } = multiHead(normal([2, 3, 4], new t.Generator(1)), 2);
    expect([output.shape, weights.shape]).toEqual([
      [2, 3, 4],
      [2, 2, 3, 3],
    ]);
    expect([...sum(weights, { axis: -1 }).data].every((total) => Math.abs(total - 1) < 1e-6)).toBe(true);
  });
});

describe('gumbelSoftmax', () => {
  const logits = tensor([[0, 1, 2]], { requiresGrad: true });

  test('draws from a generator, in proportion to e^logits', () => {
    const many = broadcastTo(logits, [20000, 3]).detach();
    const chosen = t.gumbelSoftmax(many, { generator: new t.Generator(7), hard: true });
    const shares = mean(chosen, { axis: 0 });
    t.softmax(logits.detach()).data.forEach((expected, k) => {
      expect(shares.data[k]).toBeCloseTo(expected, 1.9);
    });
  });

  test('hard is exactly one-hot, along any axis, with the gradient of the soft sample', () => {
    const noise = tensor([[1, 0, 0.5]]);
    const weights = tensor([[1, -2, 3]]);
    const hard = t.gumbelSoftmax(logits, { noise, hard: true, tau: 0.7 });
    expect([...hard.data]).toEqual([0, 0, 1]);
    const [ofHard] = t.grad(hard.mul(weights).sum(), [logits]);
    const [ofSoft] = t.grad(t.gumbelSoftmax(logits, { noise, tau: 0.7 }).mul(weights).sum(), [logits]);
    expect(ofHard.data).toEqual(ofSoft.data);
    const columns = t.gumbelSoftmax(transpose(logits), { noise: transpose(noise), hard: true, axis: 0 });
    expect([...columns.data]).toEqual([0, 0, 1]);
  });
});

test('batchNorm1d leaves the running statistics alone in evaluation, and trains without any', () => {
  const [runningMean, runningVar] = [tensor([1]), tensor([4])];
  const x = tensor([[1], [5]]);
  expect(t.batchNorm1d(x, { runningMean, runningVar }).data[1]).toBeCloseTo(2, 5);
  expect([runningMean.item(), runningVar.item()]).toEqual([1, 4]);
  t.batchNorm1d(x, { runningMean, runningVar, training: true, momentum: 0.5 });
  expect([runningMean.item(), runningVar.item()]).toEqual([2, 6]); // (1 + 3) / 2 and (4 + 8) / 2
  expect(t.batchNorm1d(x, { training: true }).data[1]).toBeCloseTo(1, 5);
});

test('float64 in, float64 out', () => {
  const x = tensor([[0.1]], { dtype: 'float64' });
  expect(x.add(0.2).item()).toBe(0.1 + 0.2);
  expect(transpose(matmul(x, x)).dtype).toBe('float64');
});

test('a long float32 sum does not drift', () => {
  expect(sum(new Tensor(new Float32Array(1e6).fill(0.1), [1e6])).item()).toBeCloseTo(
    1e6 * Math.fround(0.1),
    1,
  );
});

test('a tensor prints its shape, its first numbers and where it comes from', () => {
  expect(String(tensor([1, 2], { requiresGrad: true }).mul(2))).toBe('Tensor [2] (2, 4, from mul)');
  expect(formatShape([])).toBe('[]');
});

/** Self-attention with some weights. */
function multiHead(x: Tensor, numHeads: number): t.Attention {
  const embed = x.shape[2];
  const all = { inProjWeight: full([3 * embed, embed], 0.1), outProjWeight: ones([embed, embed]) };
  return t.multiHeadAttention(x, x, x, all, { numHeads });
}
