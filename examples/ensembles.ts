/**
 * `npm run example:ensembles`: predators and prey with three sub-policies each. After training, every sub-policy of the prey plays
 * against every sub-policy of the predators. An agent that overfitted to one opponent would do badly against the others.
 */
import { type EnsembleMaddpg, evaluate, type Policy, policyOf, prepareRun, train } from '@paragrad/maddpg';

const config = {
  scenario: 'simple_tag' as const,
  algorithm: 'ensemble-maddpg' as const,
  episodes: Number(process.argv[2] ?? 1000),
  batchSize: 128,
  stepsPerUpdate: 50,
  settings: { gamma: 0.95, ensembleSize: 3 },
};
const training = prepareRun(config);
for (const _ of train(training));

const ensemble = training.algorithm as EnsembleMaddpg;
const act = policyOf(ensemble);
console.log(
  "The prey's mean return in 100 episodes. Rows: sub-policies of the prey. Columns: those of the predators.\n",
);
for (let k = 0; k < 3; k++) {
  const row = [0, 1, 2].map((opponent) => {
    ensemble.choose([opponent, opponent, opponent, k]);
    const chosen: Policy = (observations) => act(observations); // without the draw of startEpisode
    const { returns } = evaluate(training.env, chosen, { episodes: 100, seed: 5 });
    return returns.agent_0.toFixed(1).padStart(8);
  });
  console.log(`  ${k}${row.join('')}`);
}
