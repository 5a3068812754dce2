import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { Adam, Linear } from '../src/index.js';

test('a further argument is an error: plain JavaScript would drop it', () => {
  const layer = new Linear(2, 1, { generator: new Generator(1) });
  const optimizer = new Adam(layer.parameters(), { lr: 0.1 });
  const further = [
    () => layer.loadStateDict(layer.stateDict(), ...([{ strict: false }] as unknown as [])),
    () => layer.train(true, ...([1] as unknown as [])),
    () => layer.zeroGrad(...([{ setToNone: true }] as unknown as [])),
    () => optimizer.step(...([() => 1] as unknown as [])),
    () => optimizer.zeroGrad(...([{ setToNone: true }] as unknown as [])),
  ];
  for (const call of further) expect(call).toThrow(/there is a further argument, .*; give/);
});
