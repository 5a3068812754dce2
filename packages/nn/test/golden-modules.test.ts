/** Loads a state that PyTorch saved, and compares output and gradients. fixtures/golden/torch/README.md has the formats. */
import { Generator, grad, Tensor, tensor } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { ownTorchDir, readBytes, readJson } from '../../../fixtures/golden/read.js';
import { BatchNorm1d, Embedding, GRUCell, Module, readSafetensors, type StateDict } from '../src/index.js';

interface Recorded {
  shape: number[];
  f32: number[];
  f64: number[];
}

const recorded = readJson<{
  indices: number[];
  h: Recorded;
  output: Recorded;
  grads: Record<string, Recorded>;
  types: Record<string, number[]>;
}>(ownTorchDir, 'modules.json');

const leftOut: string[] = [];
const saved = readSafetensors(readBytes(ownTorchDir, 'modules.safetensors'), {
  onLeftOut: (name) => leftOut.push(name),
});

const generator = new Generator(1);

class Network extends Module<[indices: number[], h: Tensor]> {
  readonly embedding = new Embedding(5, 4, { generator, paddingIdx: 0 });
  readonly gru = new GRUCell(4, 3, { generator });
  readonly plain = new GRUCell(3, 3, { generator, bias: false });
  readonly norm = new BatchNorm1d(3);

  forward(indices: number[], h: Tensor): Tensor {
    const state = this.gru.forward(this.embedding.forward(indices), h);
    const other = this.gru.forward(this.embedding.forward(indices.toReversed()));
    return this.norm.forward(this.plain.forward(state, other));
  }
}

test('a network with the state of PyTorch has the output and the gradients of PyTorch', () => {
  const network = new Network().eval();
  const state: StateDict = Object.fromEntries(
    Object.entries(saved).filter(([name]) => !name.startsWith('types.')),
  );
  expect(Object.keys(state)).toContain('norm.num_batches_tracked');
  network.loadStateDict(state);

  const h = new Tensor(Float32Array.from(recorded.h.f32), recorded.h.shape, { requiresGrad: true });
  const output = network.forward(recorded.indices, h);
  expectClose(output, recorded.output);
  const gradOutput = tensor(Array.from({ length: 18 }, (_, k) => k / 9 - 1)).reshape([6, 3]);
  const inputs = { h, ...Object.fromEntries(network.namedParameters()) };
  expect(Object.keys(inputs).sort()).toEqual(Object.keys(recorded.grads).sort());
  const gradients = grad(output, Object.values(inputs), { gradOutput });
  Object.keys(inputs).forEach((name, k) => {
    expectClose(gradients[k], recorded.grads[name], name);
  });
});

test('every type of numbers that PyTorch writes is read exactly, but complex numbers', () => {
  expect(Object.keys(recorded.types)).toHaveLength(10);
  for (const [type, values] of Object.entries(recorded.types)) {
    expect([...saved[`types.${type}`].data], type).toEqual(values);
  }
  expect(leftOut).toEqual(['types.C64']);
});

function expectClose(got: Tensor, { shape, f64 }: Recorded, name = 'output'): void {
  expect(got.shape, name).toEqual(shape);
  const scale = Math.max(...f64.map(Math.abs));
  f64.forEach((expected, k) => {
    expect(Math.abs(got.data[k] - expected), `${name}[${k}]`).toBeLessThanOrEqual(2e-6 * scale);
  });
}
