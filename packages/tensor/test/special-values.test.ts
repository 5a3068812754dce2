/** Infinities, NaN and numbers near the limits: what ops and their gradients give there. docs/ops.md says the same in words. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  abs,
  amax,
  clamp,
  type DType,
  div,
  grad,
  gumbelSoftmax,
  huberLoss,
  leakyRelu,
  log,
  logSoftmax,
  logsumexp,
  max,
  maximum,
  minimum,
  multiHeadAttention,
  norm,
  pow,
  referenceKernels,
  relu,
  scaledDotProductAttention,
  sign,
  simdKernels,
  smoothL1Loss,
  softmax,
  sqrt,
  sub,
  sum,
  type Tensor,
  tensor,
  useKernels,
  where,
  wherePositive,
  zeros,
} from '../src/index.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const sets = [referenceKernels, simdKernels({ relaxed: false })!, simdKernels()!];

describe.each([...new Set(sets)].map((set) => ({ set, name: set.name })))('$name', ({ set }) => {
  let inUse = set;
  beforeEach(() => {
    inUse = useKernels(set);
  });
  afterEach(() => void useKernels(inUse));

  describe.each<DType>(['float64', 'float32'])('%s', (dtype) => {
    const leaf = (...numbers: number[]) => tensor(numbers, { dtype, requiresGrad: true });
    const numbers = (x: Tensor) => Array.from(x.data, (value) => value + 0); // -0 counts as 0

    /** The gradients of the sum of f(inputs), and the gradients of the sum of these. */
    function gradients(f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]) {
      const first = grad(sum(f(...inputs)), inputs, { createGraph: true });
      const connected = first.filter((g) => g.requiresGrad).map((g) => sum(g));
      const second =
        connected.length > 0
          ? grad(
              connected.reduce((a, b) => a.add(b)),
              inputs,
              { allowUnused: true },
            )
          : [];
      return { first: first.map(numbers), second: inputs.map((_, k) => second[k] && numbers(second[k])) };
    }

    // The infinite gradient of sqrt or log at 0 reaches an op that passes nothing on there.
    test.each<[string, (...inputs: Tensor[]) => Tensor, number[], number[]]>([
      ['sqrt(maximum(x, 0)) at -1', (x) => sqrt(maximum(x, 0)), [-1], [0]],
      ['sqrt(minimum(x, 0)) at 1', (x) => sqrt(minimum(x, 0)), [1], [0]],
      ['log(minimum(a, b)) at 0, 1', (a, b) => log(minimum(a, b)), [0, 1], [inf, 0]],
      ['log(maximum(a, b)) at -1, 0', (a, b) => log(maximum(a, b)), [-1, 0], [0, inf]],
      ['sqrt(relu(x)) at -1', (x) => sqrt(relu(x)), [-1], [0]],
      ['sqrt(relu(x)) at 0', (x) => sqrt(relu(x)), [0], [0]],
      ['sqrt(clamp(x)) at -1', (x) => sqrt(clamp(x, { min: 0 })), [-1], [0]],
      ['sqrt(leakyRelu(x)) with slope 0 at -1', (x) => sqrt(leakyRelu(x, 0)), [-1], [0]],
      ['sqrt(abs(x)) at 0', (x) => sqrt(abs(x)), [0], [0]],
      ['log(wherePositive(x, 0))', (x) => log(wherePositive(x, 0)), [1], [0]],
      ['log(where(false, x, 0))', (x) => log(where(zeros([1], { dtype }), x, 0)), [1], [0]],
      ['sqrt(norm(x)) at 0', (x) => sqrt(norm(x)), [0], [0]],
      ['log(amax(a, b)) at 0, -1', (a, b) => log(amax(stackOf(a, b))), [0, -1], [inf, 0]],
      ['log(max(a, b)) at 0, -1', (a, b) => log(max(stackOf(a, b), 0).values), [0, -1], [inf, 0]],
      ['sqrt(pow(x, 0) - 1)', (x) => sqrt(sub(pow(x, 0), 1)), [2], [0]],
      ['sqrt(pow(a, b) - 1) at 0, 0', (a, b) => sqrt(sub(pow(a, b), 1)), [0, 0], [0, 0]],
      ['sqrt(pow(a, b) - 1) at 2, 0', (a, b) => sqrt(sub(pow(a, b), 1)), [2, 0], [0, inf]],
      ['pow(a, 0) at NaN', (a) => pow(a, zeros([1], { dtype })), [nan], [0]],
      ['pow(a, 0) at ∞', (a) => pow(a, zeros([1], { dtype })), [inf], [0]],
      ['sqrt(pow(a, b)), gradient of b at 0, 2', (b) => sqrt(pow(0, b)), [2], [0]],
    ])('an infinite gradient times a mask of 0 is 0: %s', (_, f, at, expected) => {
      const { first, second } = gradients(f, ...at.map((x) => leaf(x)));
      expect(first.flat()).toEqual(expected);
      // The gradient that is 0 by choice is constant: a NaN would be the same fault in the second derivative.
      second.forEach((values, k) => {
        if (expected[k] === 0 && !expected.includes(inf)) expect(values ?? [0]).toEqual([0]);
      });
    });

    test('an infinite target is not in the gradient of the other elements', () => {
      for (const loss of [huberLoss, smoothL1Loss]) {
        const { first } = gradients(
          (x) => loss(x, zeros([3], { dtype }), { reduction: 'sum' }),
          leaf(inf, 3, -inf),
        );
        expect(first).toEqual([[1, 1, -1]]);
      }
    });

    test('a masked key gets no gradient, whatever the gradient of its weight is', () => {
      const query = leaf(1).reshape([1, 1]);
      const key = leaf(1, 2).reshape([2, 1]);
      const value = tensor([[3], [inf]], { dtype });
      const mask = tensor([[0, 1]], { dtype });
      const { weights } = scaledDotProductAttention(query, key, value, { mask });
      const scaled = weights.mul(value.reshape([1, 2]));
      expect(grad(sum(where(mask, 0, scaled)), [key]).map(numbers)).toEqual([[0, 0]]);
    });

    test('pow at special values, as in IEEE 754 and PyTorch', () => {
      const a = leaf(1, 1, 1, -1, -1, 0, 0, 0, nan, nan);
      const b = leaf(nan, inf, -inf, inf, -inf, -1, 0, 2, 0, 1);
      expect(numbers(pow(a, b))).toEqual([1, 1, 1, 1, 1, inf, 1, 0, 1, nan]);
      for (const [k, exponent] of b.data.entries()) {
        expect(numbers(pow(a, exponent))[k]).toBe(numbers(pow(a, b))[k]);
        expect(numbers(pow(a.data[k], b))[k]).toBe(numbers(pow(a, b))[k]);
      }
    });

    test('pow, gradients at a = 0: -∞ for a negative exponent, 0 where it would be 0 · ∞', () => {
      const { first } = gradients(pow, leaf(0, 0, 0, 0, 0), leaf(-1, -0.5, 0, 1, 2));
      expect(first).toEqual([
        [-inf, -inf, 0, 1, 0],
        [-inf, -inf, 0, 0, 0],
      ]);
      expect(gradients((b) => pow(0, b), leaf(-1, 0, 1)).first).toEqual([[-inf, 0, 0]]);
      expect(gradients((b) => pow(0, b), leaf(nan)).first).toEqual([[nan]]);
    });

    const huge = dtype === 'float64' ? 1e300 : 3e38;
    test.each([
      [[1e30, 1e30]],
      [[-1e30, -1e30]],
      [[huge, huge]],
      [[-huge, -huge]],
      [[-huge, huge]],
      [[0, -huge]],
    ])('softmax and its relatives of %j', (scores) => {
      const largest = Math.max(...scores);
      const terms = scores.map((score) => (score === largest ? 1 : 0));
      const total = terms[0] + terms[1];
      const y = terms.map((term) => term / total);
      const x = leaf(...scores);
      expect(numbers(softmax(x))).toEqual(y);
      expect(numbers(gumbelSoftmax(x, { noise: zeros([2], { dtype }) }))).toEqual(y);
      expect(
        numbers(logSoftmax(x))
          .map(Math.exp)
          .map((p) => Math.round(p * 4) / 4),
      ).toEqual(y);
      expect(logsumexp(x).item()).toBe(tensor([largest], { dtype }).item());
      expect(gradients((scores) => logsumexp(scores), x).first).toEqual([y]);
      const weights = scaledDotProductAttention(
        tensor([[1]], { dtype }),
        x.reshape([2, 1]),
        zeros([2, 1], { dtype }),
      );
      expect(numbers(weights.weights)).toEqual(y);
    });

    test('masked attention takes the allowed scores, however low', () => {
      const one = tensor([[1]], { dtype });
      const value = tensor([[3], [5], [7]], { dtype });
      for (const low of [
        -1e30,
        -2e38,
        -huge,
        -(dtype === 'float64' ? Number.MAX_VALUE : 3.4028234663852886e38),
      ]) {
        const key = tensor([[low], [low], [7]], { dtype });
        const attend = (mask: number[]) =>
          scaledDotProductAttention(one, key, value, { mask: tensor([mask], { dtype }) });
        expect(numbers(attend([1, 0, 1]).output)).toEqual([5]);
        expect(numbers(attend([0, 0, 1]).weights)).toEqual([0.5, 0.5, 0]);
        expect(numbers(attend([1, 1, 1]).weights)).toEqual([0, 0, 0]);
      }
      const mask = tensor([1, 0, 0], { dtype }); // for all queries
      const key = tensor([[inf], [1], [1]], { dtype });
      expect(numbers(scaledDotProductAttention(one, key, value, { mask }).output)).toEqual([6]);
    });

    test('a query that may attend to nothing has zeros and no gradient, next to one that may', () => {
      const mask = tensor(
        [
          [1, 1],
          [0, 0],
        ],
        { dtype },
      );
      const [q, k, v] = [leaf(1, 2), leaf(3, 4), leaf(5, 6)];
      const column = (x: Tensor) => x.reshape([2, 1]);
      const { first, second } = gradients(
        (q, k, v) => scaledDotProductAttention(column(q), column(k), column(v), { mask }).output,
        q,
        k,
        v,
      );
      expect(first.flat().every(Number.isFinite)).toBe(true);
      expect(second.flat().every((value) => Number.isFinite(value))).toBe(true);
      expect(first[0][0]).toBe(0);
    });

    test('attention without features: all scores are 0', () => {
      const value = tensor([[1], [3]], { dtype });
      const { output, weights } = scaledDotProductAttention(
        zeros([1, 0], { dtype }),
        zeros([2, 0], { dtype }),
        value,
      );
      expect(numbers(weights)).toEqual([0.5, 0.5]);
      expect(numbers(output)).toEqual([2]);
      const empty = multiHeadAttention(
        zeros([1, 2, 0], { dtype }),
        zeros([1, 3, 0], { dtype }),
        zeros([1, 3, 0], { dtype }),
        { inProjWeight: zeros([0, 0], { dtype }), outProjWeight: zeros([0, 0], { dtype }) },
        { numHeads: 2 },
      );
      expect(empty.output.shape).toEqual([1, 2, 0]);
      expect(numbers(empty.weights)).toEqual(
        new Array(12).fill(Math.fround(1 / 3)).map((p) => (dtype === 'float32' ? p : 1 / 3)),
      );
    });

    test('infinite scores: -∞ has the probability 0; if the largest is infinite, there is no answer', () => {
      const infinite = [leaf(inf, 1), leaf(-inf, -inf), leaf(nan, 1)];
      expect(numbers(softmax(leaf(-inf, 1)))).toEqual([0, 1]);
      expect(numbers(logSoftmax(leaf(-inf, 1)))).toEqual([-inf, 0]);
      for (const x of infinite) {
        expect(numbers(softmax(x))).toEqual([nan, nan]);
        expect(numbers(logSoftmax(x))).toEqual([nan, nan]);
      }
      expect(infinite.map((x) => logsumexp(x).item())).toEqual([inf, -inf, nan]);
      expect(logsumexp(leaf(-inf, 1)).item()).toBe(1);
    });

    test('NaN: each op gives NaN, and its gradient is as docs/ops.md says', () => {
      const at = (f: (x: Tensor) => Tensor) => {
        const x = leaf(nan);
        const y = f(x);
        expect(y.item()).toBeNaN();
        return grad(sum(y.mul(3)), [x])[0].item();
      };
      expect(sign(leaf(nan)).item()).toBeNaN();
      expect(at(relu)).toBe(3);
      expect(at((x) => leakyRelu(x, 0.5))).toBe(1.5);
      expect(at(abs)).toBeNaN();
      expect(at((x) => clamp(x, { min: 0 }))).toBe(0);
      expect(at(amax)).toBeNaN();
      expect(at((x) => max(x, 0).values)).toBe(3);
      for (const op of [minimum, maximum]) {
        expect(at((x) => op(x, 1))).toBe(3);
        expect(at((x) => op(1, x))).toBe(3);
        const other = leaf(1);
        expect(grad(sum(op(other, nan)), [other])[0].item()).toBe(1);
      }
      expect(wherePositive(leaf(2), leaf(nan)).item()).toBe(2);
      expect(where(leaf(nan), 1, 2).item()).toBe(1);
      expect(gradients((a, b) => div(a, b), leaf(nan), leaf(1)).first).toEqual([[1], [nan]]);
    });

    function stackOf(a: Tensor, b: Tensor): Tensor {
      return sumToOneAxis(a, [1, 0]).add(sumToOneAxis(b, [0, 1]));
    }

    /** x at the position of the 1, else 0. */
    const sumToOneAxis = (x: Tensor, mask: number[]) => where(tensor(mask, { dtype }), x, 0);
  });
});
