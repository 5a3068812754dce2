/** Layers that wrap ops: their state, modes and initial weights, and that they learn. (The tests of tensor check the ops.) */
import {
  Generator,
  grad,
  leakyRelu,
  mseLoss,
  normal,
  ones,
  sigmoid,
  sign,
  type Tensor,
  tensor,
  zeros,
} from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  BatchNorm1d,
  Dropout,
  Embedding,
  GRUCell,
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
  expect(() => new BatchNorm1d(-1)).toThrow('BatchNorm1d: channels is -1; give an integer of at least 1');
  expect(() => new LayerNorm([2, 0])).toThrow(
    'LayerNorm: normalizedShape is [2, 0]; give an integer of at least 1',
  );
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
      /^MultiheadAttention: numHeads is 0; give/,
    );
    expect(() => new MultiheadAttention(-4, 2, { generator })).toThrow(
      /^MultiheadAttention: embed is -4; give/,
    );
    expect(() => new MultiheadAttention(4, 2, undefined as never)).toThrow(
      /^MultiheadAttention: generator is missing/,
    );
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

describe('Dropout', () => {
  test('drops in training, and nothing in evaluation', () => {
    const network = new Sequential(new Dropout(0.5, { generator }));
    const x = ones([100]);
    const kept = network.forward(x).data.filter((value) => value === 2).length;
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeLessThan(80);
    expect(network.forward(x).tolist()).not.toEqual(network.forward(x).tolist());
    expect(network.eval().forward(x).tolist()).toEqual(x.tolist());
  });

  test.each<[string, () => unknown, RegExp]>([
    ['p', () => new Dropout(2, { generator }), /Dropout: p is 2; give a number from 0 to 1/],
    ['no generator', () => new Dropout(0.5, {} as never), /Dropout: generator is missing/],
  ])('error: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('Embedding', () => {
  test('its rows are drawn from the standard normal distribution; the row of padding is 0', () => {
    const { weight } = new Embedding(200, 50, { generator, paddingIdx: -1 });
    expect(weight.shape).toEqual([200, 50]);
    const rows = weight.narrow(0, 0, 199);
    expect(Math.abs(rows.mean().item())).toBeLessThan(0.05);
    expect(Math.abs(rows.square().mean().item() - 1)).toBeLessThan(0.1);
    expect(weight.data.subarray(-50).every((x) => x === 0)).toBe(true);
  });

  test('takes nested arrays, and learns; the row of padding stays 0', () => {
    const layer = new Embedding(3, 2, { generator, paddingIdx: 0 });
    const adam = new Adam(layer.parameters(), { lr: 0.1 });
    const target = tensor([
      [1, 2],
      [-1, 0.5],
    ]);
    for (let step = 0; step < 300; step++) {
      adam.zeroGrad();
      mseLoss(
        layer
          .forward([[1, 2, 0]])
          .squeeze(0)
          .narrow(0, 0, 2),
        target,
      ).backward();
      adam.step();
    }
    expect(mseLoss(layer.forward([1, 2]), target).item()).toBeLessThan(1e-3);
    expect(layer.forward(0).tolist()).toEqual([0, 0]);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'padding',
      () => new Embedding(3, 2, { generator, paddingIdx: 3 }),
      /paddingIdx 3 for 3 rows; .* -3 to 2/,
    ],
    ['option', () => new Embedding(3, 2, { generator, paddingIndex: 0 } as never), /did you mean paddingIdx/],
    ['index', () => new Embedding(3, 2, { generator }).forward([3]), /embedding: index 3 .*from 0 to 2/],
    ['no generator', () => new Embedding(3, 2, {} as never), /Embedding: generator is missing/],
  ])('error: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('GRUCell', () => {
  test('has the names and shapes of PyTorch', () => {
    expect(shapesOf(new GRUCell(4, 3, { generator }))).toEqual({
      weight_ih: [9, 4],
      weight_hh: [9, 3],
      bias_ih: [9],
      bias_hh: [9],
    });
    expect(Object.keys(shapesOf(new GRUCell(4, 3, { generator, bias: false })))).toEqual([
      'weight_ih',
      'weight_hh',
    ]);
  });

  test('without a state, it begins with 0; x may have any axes in front', () => {
    const cell = new GRUCell(2, 3, { generator });
    const x = normal([5, 2], generator);
    const h = cell.forward(x);
    expect(cell.forward(x, zeros([5, 3])).tolist()).toEqual(h.tolist());
    expect(cell.forward(x.narrow(0, 1, 1).squeeze(0)).shape).toEqual([3]);
    expect(cell.forward(x.reshape([1, 5, 2]), h.reshape([1, 5, 3])).shape).toEqual([1, 5, 3]);
  });

  test('learns to remember the first of four inputs', () => {
    const cell = new GRUCell(1, 8, { generator });
    const head = new Linear(8, 1, { generator });
    const adam = new Adam([...cell.parameters(), ...head.parameters()], { lr: 0.02 });
    const inputs = sign(normal([4, 32, 1], generator));
    const loss = () => {
      let h = zeros([32, 8]);
      for (const x of inputs.split(1)) h = cell.forward(x.squeeze(0), h);
      return mseLoss(head.forward(h), inputs.narrow(0, 0, 1).squeeze(0));
    };
    for (let step = 0; step < 200; step++) {
      adam.zeroGrad();
      loss().backward();
      adam.step();
    }
    expect(loss().item()).toBeLessThan(0.05);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'state',
      () => new GRUCell(2, 3, { generator }).forward(zeros([5, 2]), zeros([1, 3])),
      /h must be \[5, 3\]/,
    ],
    ['x', () => new GRUCell(2, 3, { generator }).forward([1] as never), /GRUCell: x is \[1\]; give a tensor/],
    [
      'h',
      () => new GRUCell(2, 3, { generator }).forward(zeros([2]), 0 as never),
      /GRUCell: h is 0; give a tensor/,
    ],
    [
      'sizes',
      () => new GRUCell(0, 3, { generator }),
      /GRUCell: inputSize is 0; give an integer of at least 1/,
    ],
    ['option', () => new GRUCell(2, 3, { generator, biases: false } as never), /did you mean bias/],
  ])('error: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
