import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  broadcastTo,
  Generator,
  grad,
  gumbelSoftmax,
  logSoftmax,
  logsumexp,
  mean,
  softmax,
  tensor,
  transpose,
  zeros,
} from '../../src/index.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients, overAxes, withAxis } from './check-gradients.js';

checkGradients<typeof import('../../src/ops/softmax.js')>({
  softmax: overAxes((x, axis) => softmax(x, { axis })),
  logSoftmax: overAxes((x, axis) => logSoftmax(x, { axis })),
  logsumexp: overAxes((x, axis, keepDim) => logsumexp(x, { axis, keepDim })),
  gumbelSoftmax: withAxis.chain(({ shape, axis }) =>
    fc.tuple(tensors(shape), tensors(shape), fc.constantFrom(0.5, 1, 2)).map(([x, noise, tau]) => ({
      f: (logits, draws) => gumbelSoftmax(logits, { noise: draws, tau, axis }),
      inputs: [x],
      constants: [noise],
    })),
  ),
});

test('softmax and its logarithm at 1000 are finite, and so are their gradients', () => {
  const x = tensor([1000, 1000, -1000], { requiresGrad: true });
  expect([...softmax(x).data]).toEqual([0.5, 0.5, 0]);
  expect([...logSoftmax(x).data]).toEqual([-Math.LN2, -Math.LN2, -2000 - Math.LN2].map(Math.fround));
  expect(logsumexp(x).item()).toBeCloseTo(1000 + Math.LN2, 3);
  for (const y of [softmax(x), logSoftmax(x), logsumexp(x)]) {
    const [dx] = grad(y.square().sum(), [x]);
    expect(dx.data.every(Number.isFinite)).toBe(true);
  }
});

test('logsumexp of -∞ only is -∞, not NaN', () => {
  const infinities = tensor([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(logsumexp(infinities).item()).toBe(Number.NEGATIVE_INFINITY);
});

describe('gumbelSoftmax', () => {
  test('NaN is no choice: a row with NaN is NaN, the others are chosen from', () => {
    const logits = tensor([[Number.NaN, 1, 2], [0, 9, 0]], { dtype: 'float64' }); // biome-ignore format: a matrix
    const hard = gumbelSoftmax(logits, { noise: zeros([2, 3], { dtype: 'float64' }), hard: true });
    expect([...hard.data]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0, 1, 0]);
    const along0 = gumbelSoftmax(logits, { noise: zeros([2, 3], { dtype: 'float64' }), hard: true, axis: 0 });
    expect([...along0.data]).toEqual([Number.NaN, 0, 1, Number.NaN, 1, 0]);
  });

  const logits = tensor([[0, 1, 2]], { requiresGrad: true });

  test.each<[string, () => unknown, RegExp]>([
    ['no noise', () => gumbelSoftmax(logits, {}), /give noise, or a generator/],
    ['tau', () => gumbelSoftmax(logits, { noise: logits, tau: 0 }), /tau is 0; give a finite number above 0/],
    [
      'shape of the noise',
      () => gumbelSoftmax(logits, { noise: zeros([3]) }),
      /give one draw for each logit/,
    ],
  ])('error: %s', (_, compute, message) => {
    expect(compute).toThrow(message);
  });

  test('draws from a generator, in proportion to e^logits', () => {
    const many = broadcastTo(logits, [20000, 3]).detach();
    const chosen = gumbelSoftmax(many, { generator: new Generator(7), hard: true });
    const shares = mean(chosen, { axis: 0 });
    softmax(logits.detach()).data.forEach((expected, k) => {
      expect(shares.data[k]).toBeCloseTo(expected, 1.9);
    });
  });

  test('hard is exactly one-hot, along any axis, with the gradient of the soft sample', () => {
    const noise = tensor([[1, 0, 0.5]]);
    const weights = tensor([[1, -2, 3]]);
    const hard = gumbelSoftmax(logits, { noise, hard: true, tau: 0.7 });
    expect([...hard.data]).toEqual([0, 0, 1]);
    const [ofHard] = grad(hard.mul(weights).sum(), [logits]);
    const [ofSoft] = grad(gumbelSoftmax(logits, { noise, tau: 0.7 }).mul(weights).sum(), [logits]);
    expect(ofHard.data).toEqual(ofSoft.data);
    const secondOf = (isHard: boolean) => {
      const [x, given] = [logits, noise].map((one) => one.reshape([1, 1, 3]));
      const dy = tensor([[[1, -2, 3]]], { requiresGrad: true });
      const sample = gumbelSoftmax(x, { noise: given, hard: isHard });
      const [dx] = grad(sample, [x], { gradOutput: dy, createGraph: true });
      return grad(dx.square().sum(), [dy])[0].tolist();
    };
    expect(secondOf(true)).toEqual(secondOf(false));
    const columns = gumbelSoftmax(transpose(logits), { noise: transpose(noise), hard: true, axis: 0 });
    expect([...columns.data]).toEqual([0, 0, 1]);
  });
});
