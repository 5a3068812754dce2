/**
 * A learner with a mistake fails `reproduce --quick`: after a third of the short version it is worse than random actions. That all
 * learners without one come over the bar at its end is `npm run test:results`.
 */
import {
  agentSpecs,
  evaluate,
  Maddpg,
  type Policy,
  policyOf,
  prepareRun,
  preset,
  randomActions,
  train,
} from '@paragrad/maddpg';
import { makeEnv, scriptedActions } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { CurrentActionsInCriticLoss, WrongSign } from '../../maddpg/test/broken.js';
import { cooperativeNavigation } from '../src/reproduce/tables/cooperative-navigation.js';

const EPISODES = 500;
const UPDATES = EPISODES * 2;

/** How far an algorithm comes from random actions to scripted players, in percent. */
function wayAfterPractice(Algorithm: typeof Maddpg): number {
  const tuned = preset('tuned', 'simple_spread');
  const { exploration, settings, ...run } = cooperativeNavigation.quick!.run;
  const training = prepareRun({
    ...tuned,
    ...run,
    episodes: EPISODES,
    exploration: { ...tuned.exploration, ...exploration, episodes: EPISODES / 2 },
    settings: { ...tuned.settings, ...settings, lrDecayStart: UPDATES / 2, lrDecayEnd: UPDATES },
  });
  const { settings: complete } = training.algorithm;
  const algorithm = new Algorithm(agentSpecs(training.env), { generator: new Generator(1), ...complete });
  for (const _ of train({ ...training, algorithm }));

  const env = makeEnv('simple_spread', { actionMode: 'force' });
  const returnOf = (policy: Policy) => evaluate(env, policy, { episodes: 50, seed: 1 }).meanReturn;
  const random = returnOf(randomActions(env, new Generator(1)));
  const scripted = returnOf(() => scriptedActions(env));
  return (100 * (returnOf(policyOf(algorithm)) - random)) / (scripted - random);
}

test('without a mistake it is better than random actions', () => {
  expect(wayAfterPractice(Maddpg)).toBeGreaterThan(0);
});

test.each(Object.entries({ WrongSign, CurrentActionsInCriticLoss }))('with %s it is worse', (_, Broken) => {
  expect(wayAfterPractice(Broken)).toBeLessThan(-100);
});
