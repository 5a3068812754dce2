/** `npm run example:own-environment`: MADDPG in an environment of your own, carrying.ts. */
import { agentSpecs, EpsilonGreedy, evaluate, Maddpg, policyOf, ReplayMemory, train } from '@paragrad/maddpg';
import { parallelApiTest } from '@paragrad/mpe/testing';
import { Generator } from '@paragrad/tensor';
import { Carrying } from './carrying.js';

const env = new Carrying();
parallelApiTest(env);
const generator = new Generator(1);
const algorithm = new Maddpg(agentSpecs(env), { generator });
const memory = new ReplayMemory(algorithm.specs, { capacity: 10_000 });
const exploration = new EpsilonGreedy({ generator, initial: 0.1 });
const result = () => evaluate(env, policyOf(algorithm), { episodes: 200, seed: 1 }).meanReturn.toFixed(1);
console.log(`untrained: return ${result()}`);
for (const _ of train({
  env,
  algorithm,
  memory,
  exploration,
  generator,
  episodes: 1000,
  batchSize: 128,
  stepsPerUpdate: 5,
}));
console.log(`trained: return ${result()}`);
