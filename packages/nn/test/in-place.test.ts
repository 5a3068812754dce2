/** A change of parameters is noticed: a graph that was recorded before cannot be differentiated with the new values. */
import { Generator, ones } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { Adam, AdamW, init, Linear, Sequential, SGD } from '../src/index.js';

test.each([
  ['Adam.step', (network: Sequential) => new Adam(network.parameters()).step()],
  ['AdamW.step', (network: Sequential) => new AdamW(network.parameters()).step()],
  ['SGD.step', (network: Sequential) => new SGD(network.parameters(), { lr: 1 }).step()],
  ['an initializer', (network: Sequential) => init.zeros(network.parameters()[2])],
  ['loadStateDict', (network: Sequential) => network.loadStateDict(network.stateDict())],
])('%s between an output and its backward', (_, change) => {
  const generator = new Generator(1);
  const network = new Sequential(new Linear(2, 2, { generator }), new Linear(2, 1, { generator }));
  network.forward(ones([1, 2])).backward();
  const output = network.forward(ones([1, 2]));
  change(network);
  expect(() => output.backward()).toThrow(/linear: .* input 1, \[1, 2\], but update\(\) has changed it/);
});
