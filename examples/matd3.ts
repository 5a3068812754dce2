/**
 * `npm run example:matd3`: MADDPG and MATD3 learn the same task from the same seed. MATD3 has twin critics, because a single critic
 * tends to expect too much. So the example prints the return, and the value that a critic expects.
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
  const expected = maddpg.actorLoss(0, batch).neg().item(); // mean Q_0 of the actions that the actors would take
  const { meanReturn } = evaluate(training.env, policyOf(maddpg), { episodes: 200, seed: 7 });
  console.log(
    `${algorithm.padEnd(7)} return ${meanReturn.toFixed(2)}; the critic of agent_0 expects a value of ${expected.toFixed(2)}`,
  );
}
