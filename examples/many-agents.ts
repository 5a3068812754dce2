/**
 * `npm run example:many-agents`: thirty agents learn to cover thirty landmarks. Each sees its five nearest neighbors. Prints their
 * return, and that of players that do not learn.
 */
import { readFileSync } from 'node:fs';
import {
  evaluate,
  makeRunEnv,
  type Policy,
  policyOf,
  prepareRun,
  randomActions,
  train,
} from '@paragrad/maddpg';
import { scriptedActions } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';

const file = new URL('../many-agents.json', import.meta.url); // this program runs from examples/dist
const { $schema: _, ...config } = JSON.parse(readFileSync(file, 'utf8'));
const episodes = Number(process.argv[2] ?? config.episodes);

const env = makeRunEnv(config);
const show = (who: string, policy: Policy) => {
  const { meanReturn } = evaluate(env, policy, { episodes: 50, seed: 3 });
  console.log(`${who.padEnd(40)}${meanReturn.toFixed(1)}`);
};

console.log('Mean return of an agent');
show('random actions', randomActions(env, new Generator(1)));
show('a script that sees all and assigns them', () => scriptedActions(env));
const training = prepareRun({ ...config, episodes });
for (const _ of train(training));
show(`after ${episodes} episodes`, policyOf(training.algorithm));
