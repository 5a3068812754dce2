import { Generator, ShapeError, zeros } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import {
  BatchNorm1d,
  GRUCell,
  LayerNorm,
  Linear,
  MultiheadAttention,
  ReLU,
  Sequential,
  Stacked,
  Tanh,
} from '../src/index.js';

const generator = new Generator(1);
const linear = (inFeatures: number, outFeatures: number) =>
  new Linear(inFeatures, outFeatures, { generator });
const attention = new MultiheadAttention(8, 2, { generator });
const wide = zeros([1, 2, 8]);
const network = () => new Sequential(linear(3, 5), new ReLU(), linear(4, 2));

test.each<[string, () => unknown, string]>([
  [
    'Linear',
    () => linear(4, 8).forward(zeros([2, 5])),
    'Linear(4, 8): x [2, 5] has 5 features; give [..., 4]',
  ],
  ['Linear, a scalar', () => linear(4, 8).forward(zeros([])), 'Linear(4, 8): x [] has 0 features'],
  [
    'Linear, several x',
    () => linear(4, 8).forward([zeros([2, 3]), zeros([2, 2])]),
    'Linear(4, 8): x [2, 3] and [2, 2] have 5 features together; give 4',
  ],
  [
    'LayerNorm',
    () => new LayerNorm(4).forward(zeros([2, 3])),
    'LayerNorm(4): x [2, 3] has 3 features; give [..., 4]',
  ],
  [
    'LayerNorm, of two axes',
    () => new LayerNorm([3, 4]).forward(zeros([2, 4])),
    'layerNorm: x [2, 4] does not end in the normalized shape [3, 4]',
  ],
  [
    'BatchNorm1d',
    () => new BatchNorm1d(4).forward(zeros([2, 3])),
    'BatchNorm1d(4): x [2, 3]; give [batch, 4] or [batch, 4, length]',
  ],
  [
    'BatchNorm1d, one axis',
    () => new BatchNorm1d(4).forward(zeros([4])),
    'BatchNorm1d(4): x [4]; give [batch, 4]',
  ],
  [
    'GRUCell',
    () => new GRUCell(4, 8, { generator }).forward(zeros([2, 3])),
    'GRUCell(4, 8): x [2, 3] has 3 features; give [..., 4]',
  ],
  [
    'MultiheadAttention, query',
    () => attention.forward(zeros([2, 8])),
    'MultiheadAttention(8, 2): query [2, 8]; give [batch, n, 8]',
  ],
  [
    'MultiheadAttention, key',
    () => attention.forward(wide, zeros([1, 2, 7])),
    'MultiheadAttention(8, 2): key [1, 2, 7]; give [batch, m, 8]',
  ],
  [
    'MultiheadAttention, value',
    () => attention.forward(wide, wide, zeros([1, 2, 7])),
    'MultiheadAttention(8, 2): value [1, 2, 7]; give [batch, m, 8]',
  ],
  [
    'Sequential',
    () => network().forward(zeros([2, 3])),
    'Sequential, layer 2: Linear(4, 2): x [2, 5] has 5 features; give [..., 4]',
  ],
  [
    'Sequential in a Sequential',
    () => new Sequential(linear(2, 3), new Tanh(), network()).forward(zeros([1, 2])),
    'Sequential, layer 2: Sequential, layer 2: Linear(4, 2): x [1, 5] has 5 features',
  ],
  [
    'Stacked',
    () => new Stacked([new Sequential(linear(4, 8)), new Sequential(linear(4, 8))]).forward(zeros([2, 3])),
    'Stacked, 2 networks from Linear(4, 8) on: x [2, 3] has 3 features; give [..., 4]',
  ],
])('%s names the layer and both sizes', (_, forward, message) => {
  expect(forward).toThrow(ShapeError);
  expect(forward).toThrow(message);
});
