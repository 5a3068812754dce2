import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AttentionResult,
  concat,
  full,
  Generator,
  grad,
  multiHeadAttention,
  normal,
  ones,
  reshape,
  scaledDotProductAttention,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.js';
import { shapes, tensors } from '../../src/testing/index.js';
import { checkGradients, masks } from './check-gradients.js';

/** Both results as one tensor. */
const everything = ({ output, weights }: AttentionResult): Tensor =>
  concat([reshape(output, [-1]), reshape(weights, [-1])]);

checkGradients<typeof import('../../src/ops/attention.js')>({
  // Whole rows of the mask may be 1.
  scaledDotProductAttention: fc
    .tuple(
      shapes({ maxRank: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    )
    .chain(([batch, n, m]) =>
      fc
        .tuple(
          fc.tuple(tensors([...batch, n, 2]), tensors([...batch, m, 2]), tensors([...batch, m, 3])),
          fc.option(masks([n, m]), { nil: undefined }),
        )
        .map(([inputs, mask]) => ({
          f: (query, key, value, masked) =>
            everything(scaledDotProductAttention(query, key, value, masked ? { mask: masked } : {})),
          inputs,
          constants: mask ? [mask] : [],
        })),
    ),
  // Seven inputs and a long graph: each case takes as long as ten of another op.
  multiHeadAttention: {
    options: { numRuns: 30 },
    samples: fc
      .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 }), fc.constantFrom(1, 2))
      .chain(([n, m, numHeads]) =>
        fc
          .tuple(
            fc.tuple(tensors([1, n, 2]), tensors([1, m, 2]), tensors([1, m, 2])),
            fc.tuple(tensors([6, 2]), tensors([6]), tensors([2, 2]), tensors([2])),
          )
          .map(([x, projections]) => ({
            f: (query, key, value, inProjWeight, inProjBias, outProjWeight, outProjBias) => {
              const all = { inProjWeight, inProjBias, outProjWeight, outProjBias };
              return everything(multiHeadAttention(query, key, value, all, { numHeads }));
            },
            inputs: [...x, ...projections],
          })),
      ),
  },
});

/** Self-attention with fixed weights. */
function multiHead(x: Tensor, numHeads: number): AttentionResult {
  const embed = x.shape[2];
  const all = { inProjWeight: full([3 * embed, embed], 0.1), outProjWeight: ones([embed, embed]) };
  return multiHeadAttention(x, x, x, all, { numHeads });
}

test('multiHeadAttention rejects a width that is not a multiple of the number of heads', () => {
  expect(() => multiHead(zeros([1, 2, 3]), 2)).toThrow(
    /query \[1, 2, 3\], inProjWeight \[9, 3\], 2 heads; .* e is a multiple of the number of heads/,
  );
});

test('multiHeadAttention gives weights for each head, query and key, which sum to 1 for each query', () => {
  const { output, weights } = multiHead(normal([2, 3, 4], new Generator(1)), 2);
  expect([output.shape, weights.shape]).toEqual([
    [2, 3, 4],
    [2, 2, 3, 3],
  ]);
  expect([...sum(weights, { axis: -1 }).data].every((total) => Math.abs(total - 1) < 1e-6)).toBe(true);
});

test('a query that may attend to nothing gets zeros, and a finite gradient', () => {
  const x = tensor([[[1, 2]]], { requiresGrad: true });
  const { output, weights } = scaledDotProductAttention(x, x, x, { mask: ones([1, 1]) });
  expect([...weights.data, ...output.data]).toEqual([0, 0, 0]);
  expect([...grad(output.sum(), [x])[0].data]).toEqual([0, 0]);
});
