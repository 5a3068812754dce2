/**
 * `npm run example:attention`: what an update costs with critics that see all agents side by side, and with critics that attend to
 * them; then ten agents of simple_spread learn with the latter.
 */
import { actorsOf, defaultConfig, evaluate, makeRunEnv, prepareRun, train } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';

const episodes = Number(process.argv[2] ?? 1000);
const config = (N: number, algorithm: 'maddpg' | 'attention-maddpg') => ({
  ...defaultConfig,
  algorithm,
  env: { N },
  episodes,
  batchSize: 256,
  stepsPerUpdate: 25,
  maddpg: { ...defaultConfig.maddpg, gamma: 0.8 },
});

console.log('agents  algorithm         weights of all critics   an update, batch 256');
for (const N of [3, 5, 10, 20]) {
  for (const algorithm of ['maddpg', 'attention-maddpg'] as const) {
    const training = prepareRun({ ...config(N, algorithm), episodes: 11, warmupSteps: 1e9 });
    for (const _ of train(training));
    const { maddpg, memory } = training;
    const times = Array.from({ length: 5 }, () => {
      const batch = memory.sample(256, new Generator(1));
      const start = performance.now();
      maddpg.update(batch);
      return performance.now() - start;
    });
    const critics = new Set(maddpg.agents.flatMap(({ critic }) => critic.parameters())); // a shared one once
    const weights = [...critics].reduce((sum, { size }) => sum + size, 0);
    const best = Math.min(...times).toFixed(0); // of five: the others wait for the machine
    console.log(`${`${N}`.padEnd(8)}${algorithm.padEnd(18)}${`${weights}`.padEnd(17)}${best} ms`);
  }
}

const training = prepareRun(config(10, 'attention-maddpg'));
const score = () =>
  evaluate(makeRunEnv(config(10, 'attention-maddpg')), actorsOf(training.maddpg), { episodes: 50, seed: 3 });
console.log(`\nTen agents, untrained: return ${score().meanReturn.toFixed(1)}`);
for (const _ of train(training));
console.log(`after ${episodes} episodes: return ${score().meanReturn.toFixed(1)}`);
