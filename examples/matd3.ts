/**
 * `npm run example:matd3`: MADDPG and MATD3 learn the same task from the same seed. Twin critics are there against values that are
 * too high, so beside the return stands what the critics expect, and what the agents then got.
 */
import { evaluate, policyOf, prepareRun, train } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';

const gamma = 0.8;
const episodes = Number(process.argv[2] ?? 1000);
console.log(`simple_spread with two agents, ${episodes} episodes of training\n`);

for (const algorithm of ['maddpg', 'matd3'] as const) {
  const training = prepareRun({
    algorithm,
    env: { N: 2 },
    episodes,
    batchSize: 128,
    stepsPerUpdate: 10,
    settings: { gamma, hidden: [32, 32] },
  });
  for (const _ of train(training));

  const { algorithm: maddpg, memory } = training;
  const batch = memory.sample(1000, new Generator(2));
  const expected = maddpg.actorLoss(0, batch).neg().item(); // mean Q_0, at what the actors would do
  const { meanReturn } = evaluate(training.env, policyOf(maddpg), { episodes: 200, seed: 7 });
  console.log(
    `${algorithm}  return ${meanReturn.toFixed(2)}, a value of ${expected.toFixed(2)} expected by agent_0's critic`,
  );
}
