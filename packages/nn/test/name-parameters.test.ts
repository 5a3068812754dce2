import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { Linear, nameParameters, Sequential } from '../src/index.js';

test('every parameter gets its dotted name, after the prefix', () => {
  const network = new Sequential(new Linear(1, 1, { generator: new Generator(1) }));
  const names = () => network.parameters().map(({ name }) => name);
  nameParameters(network, 'critic');
  expect(names()).toEqual(['critic.0.weight', 'critic.0.bias']);
  nameParameters(network);
  expect(names()).toEqual(['0.weight', '0.bias']);
});
