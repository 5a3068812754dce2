/** What the kinds of critics make of a game that only those who see each other can learn. */
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { Maddpg, type MaddpgSettings } from '../src/index.js';
import { agreementGame, play } from './games.js';

function agreement(settings: Partial<MaddpgSettings>): number {
  const game = agreementGame();
  const generator = new Generator(1);
  const maddpg = new Maddpg(game.specs, { generator, hidden: [32], ...settings });
  for (let update = 0; update < 500; update++) maddpg.update(game.batch(128, generator));
  return play(game, maddpg);
}

test('agents whose critic sees everything learn to agree', () => {
  expect(agreement({})).toBeGreaterThan(0.9);
});

test('independent agents do not: to each, no action is better than another', () => {
  expect(agreement({ critic: 'independent' })).toBeLessThan(0.5);
});

test('nor do those who take the others for what they did in replay, when that was random', () => {
  expect(agreement({ othersActions: 'replay' })).toBeLessThan(0.5);
});
