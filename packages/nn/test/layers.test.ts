/** Layers that wrap ops: their state, modes and initial weights, and that they learn. (The tests of tensor check the ops.) */
import {
  Generator,
  grad,
  leakyRelu,
  mseLoss,
  normal,
  ones,
  sigmoid,
  type Tensor,
  tensor,
} from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  BatchNorm1d,
  LayerNorm,
  LeakyReLU,
  Linear,
  type Module,
  MultiheadAttention,
  Sequential,
  Sigmoid,
} from '../src/index.js';

const generator = new Generator(1);
const shapesOf = (module: Module<never>) =>
  Object.fromEntries(Object.entries(module.stateDict()).map(([name, { shape }]) => [name, shape]));

test('LeakyReLU and Sigmoid call their ops', () => {
  const x = tensor([-2, 0, 3]);
  expect(new LeakyReLU(0.2).forward(x).data).toEqual(leakyRelu(x, 0.2).data);
  expect(new Sigmoid().forward(x).data).toEqual(sigmoid(x).data);
});

describe('BatchNorm1d', () => {
  test('its running statistics are in the state, with the names of PyTorch, but are not parameters', () => {
    const network = new Sequential(new Linear(2, 3, { generator }), new BatchNorm1d(3));
    expect(shapesOf(network)).toEqual({
      '0.weight': [3, 2],
      '0.bias': [3],
      '1.weight': [3],
      '1.bias': [3],
      '1.running_mean': [3],
      '1.running_var': [3],
    });
    expect(network.namedBuffers().map(([name]) => name)).toEqual(['1.running_mean', '1.running_var']);
    expect(network.parameters()).toHaveLength(4);
  });

  test('normalizes with the batch in training, and with the running statistics in evaluation', () => {
    const layer = new BatchNorm1d(1, { momentum: 0.5 });
    const x = tensor([[2], [6]]);
    expect([...layer.forward(x).data].map(Math.round)).toEqual([-1, 1]);
    expect([layer.runningMean.item(), layer.runningVar.item()]).toEqual([2, 4.5]); // (0 + 4) / 2, (1 + 8) / 2
    layer.eval();
    expect(layer.forward(tensor([[2]])).item()).toBeCloseTo(0, 6);
    expect(layer.runningMean.item()).toBe(2);
    expect(() => layer.train().forward(tensor([[2]]))).toThrow(/1 value per channel/);
  });

  test('the state dict contains the running statistics', () => {
    const [source, target] = [new BatchNorm1d(4), new BatchNorm1d(4)];
    source.forward(normal([8, 4], generator));
    target.loadStateDict(source.stateDict());
    expect(target.runningVar.data).toEqual(source.runningVar.data);
    expect(target.runningVar).not.toBe(source.runningVar);
  });
});

test('train and eval reach every module inside', () => {
  const inner = new BatchNorm1d(2);
  const network = new Sequential(new Sequential(inner));
  expect(network.eval()).toBe(network);
  expect([network.training, inner.training]).toEqual([false, false]);
  network.train();
  expect(inner.training).toBe(true);
});

test('LayerNorm normalizes over its shape', () => {
  const x = normal([5, 2, 3], generator);
  for (const [layer, axis] of [
    [new LayerNorm(3), 2],
    [new LayerNorm([2, 3], { eps: 1e-6 }), [1, 2]],
  ] as const) {
    const y = layer.forward(x);
    expect([...y.mean({ axis }).data].every((mean) => Math.abs(mean) < 1e-5)).toBe(true);
    expect([...y.square().mean({ axis }).data].every((variance) => Math.abs(variance - 1) < 1e-2)).toBe(true);
  }
  expect(shapesOf(new LayerNorm([2, 3]))).toEqual({ weight: [2, 3], bias: [2, 3] });
});

test('invalid sizes are rejected', () => {
  expect(() => new BatchNorm1d(-1)).toThrow('BatchNorm1d: channels -1; give a whole number from 1');
  expect(() => new LayerNorm([2, 0])).toThrow('LayerNorm: length 0; give a whole number from 1');
});

describe('MultiheadAttention', () => {
  const attention = () => new MultiheadAttention(4, 2, { generator });

  test('has the state names and initial values of PyTorch', () => {
    const layer = attention();
    expect(shapesOf(layer)).toEqual({
      in_proj_weight: [12, 4],
      in_proj_bias: [12],
      'out_proj.weight': [4, 4],
      'out_proj.bias': [4],
    });
    const bound = Math.sqrt(6 / 16);
    expect(layer.inProjWeight.data.every((w: number) => Math.abs(w) <= bound)).toBe(true);
    expect(layer.inProjWeight.data.some((w: number) => Math.abs(w) > bound / 2)).toBe(true);
    expect([...layer.inProjBias.data, ...layer.outProj.bias!.data].every((b) => b === 0)).toBe(true);
  });

  test('the constructor rejects sizes that do not fit', () => {
    expect(() => new MultiheadAttention(5, 2, { generator })).toThrow(
      'MultiheadAttention: embed 5, 2 heads; make embed a multiple of the number of heads',
    );
    expect(() => new MultiheadAttention(4, 0, { generator })).toThrow(
      /^MultiheadAttention: numHeads 0; give/,
    );
    expect(() => new MultiheadAttention(-4, 2, { generator })).toThrow(/^MultiheadAttention: embed -4; give/);
    expect(() => new MultiheadAttention(4, 2, undefined as never)).toThrow(/^MultiheadAttention: no gen/);
  });

  test('self-attention, cross-attention, and a mask', () => {
    const layer = attention();
    const x = normal([2, 3, 4], generator);
    expect(layer.forward(x).data).toEqual(layer.forward(x, x, x).data);
    const { output, weights } = layer.attend(x, normal([2, 5, 4], generator));
    expect([output.shape, weights.shape]).toEqual([
      [2, 3, 4],
      [2, 2, 3, 5],
    ]);
    expect([...layer.attend(x, x, x, { mask: ones([3, 3]) }).weights.data].every((w) => w === 0)).toBe(true);
  });

  test('learns', () => {
    const layer = attention();
    const [x, y] = [normal([16, 3, 4], generator), normal([1, 3, 4], generator)];
    const loss = (): Tensor => mseLoss(layer.forward(x).mean({ axis: 0 }), y.reshape([3, 4]));
    const before = loss().item();
    const adam = new Adam(layer.parameters(), { lr: 0.02 });
    for (let step = 0; step < 100; step++) {
      adam.zeroGrad();
      loss().backward();
      adam.step();
    }
    expect(loss().item()).toBeLessThan(before / 2);
    const gradients = grad(loss(), layer.parameters());
    expect(gradients.every((g) => g.data.every(Number.isFinite))).toBe(true);
  });
});
