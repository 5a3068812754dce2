import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grad, linear, ones, scope, stack, stackedLinear, Tensor, tensor, zeros } from '../../src/index.js';
import { inspect, toText } from '../../src/inspect/index.js';
import { tensors } from '../../src/testing/index.js';
import { checkGradients, lengths } from './check-gradients.js';

const counts = fc.integer({ min: 1, max: 3 });
const activations = fc.constantFrom(undefined, 'relu' as const, 'tanh' as const);

/** n layers, and an x for each of them or one for all. */
const problems = fc
  .tuple(counts, lengths, lengths, lengths, fc.boolean(), fc.boolean())
  .chain(([n, batch, from, to, common, biased]) => {
    const layers = (shape: number[]) => Array.from({ length: n }, () => tensors(shape));
    const inputs = [
      tensors(common ? [batch, from] : [n, batch, from]),
      ...layers([to, from]),
      ...(biased ? layers([to]) : []),
    ];
    return fc.tuple(...inputs).map((given) => ({ n, inputs: given as Tensor[] }));
  });

checkGradients<typeof import('../../src/ops/stacked.js')>({
  stackedLinear: fc
    .tuple(problems, fc.constantFrom(undefined, 'tanh' as const))
    .map(([{ n, inputs }, activation]) => ({
      f: (x: Tensor, ...rest: Tensor[]) =>
        stackedLinear(x, rest.slice(0, n), rest.slice(n), activation && { activation }),
      inputs,
    })),
});

test('each layer gives what linear gives, and so do its gradients; also in a scope', () => {
  fc.assert(
    fc.property(problems, activations, fc.boolean(), ({ n, inputs }, activation, scoped) => {
      const run = () => {
        const leaves = inputs.map(({ data, shape }) => new Tensor(data, shape, { requiresGrad: true }));
        const [x, ...rest] = leaves;
        const options = activation && { activation };
        const y = stackedLinear(x, rest.slice(0, n), rest.slice(n), options);
        const separate = Array.from({ length: n }, (_, k) =>
          linear(
            x.rank === 3 ? x.narrow(0, k, 1).reshape(x.shape.slice(1)) : x,
            rest[k],
            rest[n + k],
            options,
          ),
        );
        const both = [y, stack(separate)];
        expect(both[0].data).toEqual(both[1].data);
        const [one, other] = both.map((z) =>
          grad(z.square().sum(), leaves).map(({ data }) => Array.from(data)),
        );
        for (const [i, gradient] of one.entries()) {
          // The gradient of an x for all is a sum over the layers, in another order.
          for (const [k, value] of gradient.entries()) expect(value).toBeCloseTo(other[i][k], 4);
        }
      };
      scoped ? scope(run) : run();
    }),
  );
});

test('a gradient of a gradient has the numbers that x had, also if they change later', () => {
  const [x, scale] = [ones([2, 4, 3]), tensor(2, { requiresGrad: true })];
  const weights = [zeros([1, 3], { requiresGrad: true }), zeros([1, 3], { requiresGrad: true })];
  const loss = stackedLinear(x, weights).mul(scale).sum();
  const [dw] = grad(loss, weights, { createGraph: true }); // scale times the sum of the rows of x
  x.update((data) => data.fill(7));
  expect(grad(dw.sum(), [scale])[0].item()).toBe(12);
});

test('an activation in the same pass is a node of its own in the graph', () => {
  const x = tensor([[1, 2]]);
  const weights = [zeros([3, 2], { requiresGrad: true }), zeros([3, 2], { requiresGrad: true })];
  const fused = stackedLinear(x, weights, [], { activation: 'relu' });
  expect(toText(inspect(fused))).toBe(toText(inspect(stackedLinear(x, weights).relu())));
});

test.each([
  [() => stackedLinear(zeros([2, 3]), []), 'weights is an empty array; give one for each layer'],
  [
    () => stackedLinear(zeros([2, 3]), [zeros([4, 3]), zeros([3, 4])]),
    'weights [4, 3] and [3, 4]; all must have one shape',
  ],
  [() => stackedLinear(zeros([2, 3]), [zeros([3])]), 'weights [3]; all must have one shape, [out, in]'],
  [
    () => stackedLinear(zeros([2, 5]), [zeros([4, 3])]),
    'x [2, 5] and 1 weights [4, 3]; give x [1, batch, 3], or [batch, 3] for all',
  ],
  [
    () => stackedLinear(zeros([3, 2, 3]), [zeros([4, 3]), zeros([4, 3])]),
    'x [3, 2, 3] and 2 weights [4, 3]; give x [2, batch, 3]',
  ],
  [
    () => stackedLinear(zeros([2, 3]), [zeros([4, 3])], [zeros([3])]),
    'a bias [3] for 1 weights [4, 3]; give 1 biases [4], or none',
  ],
  [
    () => stackedLinear(zeros([2, 3]), [zeros([4, 3]), zeros([4, 3])], [zeros([4])]),
    '1 biases for 2 weights',
  ],
])('an error says what is wrong: %#', (call, message) => {
  expect(call).toThrow(message);
});
