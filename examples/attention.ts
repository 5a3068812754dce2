/**
 * `npm run example:attention`: the cost of an update with one critic for each agent, and with one attention critic for all. Then
 * ten agents train with the attention critic.
 */
import { evaluate, policyOf, prepareRun, train } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';

const episodes = Number(process.argv[2] ?? 1000);
const config = (N: number, algorithm: 'maddpg' | 'attention-maddpg') => ({
  algorithm,
  env: { N },
  episodes,
  batchSize: 256,
  stepsPerUpdate: 25,
  exploration: { initial: 0.3 },
  settings: { gamma: 0.8, actorLr: 3e-4, criticLr: 2e-3 },
});

console.log('agents  algorithm         critic weights   time of an update with a batch of 256');
for (const N of [3, 5, 10, 20]) {
  for (const algorithm of ['maddpg', 'attention-maddpg'] as const) {
    const training = prepareRun({ ...config(N, algorithm), episodes: 11, warmupSteps: 1e9 });
    for (const _ of train(training));
    const { algorithm: maddpg, memory } = training;
    const start = performance.now();
    for (let update = 0; update < 5; update++) maddpg.update(memory.sample(256, new Generator(1)));
    const time = ((performance.now() - start) / 5).toFixed(0);
    const critics = new Set(maddpg.agents.flatMap(({ critic }) => critic.network.parameters())); // a Set counts shared weights once
    const weights = [...critics].reduce((sum, { size }) => sum + size, 0);
    console.log(`${`${N}`.padEnd(8)}${algorithm.padEnd(18)}${`${weights}`.padEnd(17)}${time} ms`);
  }
}

const training = prepareRun(config(10, 'attention-maddpg'));
const trained = policyOf(training.algorithm);
for (const when of ['untrained', `after ${episodes} episodes`]) {
  if (when !== 'untrained') for (const _ of train(training));
  const { meanReturn } = evaluate(training.env, trained, { episodes: 50, seed: 3 });
  console.log(`Ten agents, ${when}: return ${meanReturn.toFixed(1)}`);
}
