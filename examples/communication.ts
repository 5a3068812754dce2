/**
 * `npm run example:communication`: in simple_speaker_listener the speaker alone knows where to go, and the listener alone can go
 * there. With `maddpg` the speaker has to find words of the environment that help; with `communicating-maddpg` it has a
 * message as well, which learns from the listener's loss, because the gradient flows through it.
 */
import { actorsOf, defaultConfig, evaluate, prepareRun, train } from '@paragrad/maddpg';

const episodes = Number(process.argv[2] ?? 1500);
console.log(`simple_speaker_listener, ${episodes} episodes of training\n`);

for (const algorithm of ['maddpg', 'communicating-maddpg'] as const) {
  const training = prepareRun({
    ...defaultConfig,
    scenario: 'simple_speaker_listener',
    algorithm,
    episodes,
    batchSize: 128,
    stepsPerUpdate: 10,
    noise: { initial: 0.3, decay: 1 },
    maddpg: { ...defaultConfig.maddpg, gamma: 0.8, actorLr: 3e-4, criticLr: 2e-3 },
  });
  for (const _ of train(training));
  const { meanReturn } = evaluate(training.env, actorsOf(training.maddpg), { episodes: 200, seed: 3 });
  console.log(`${algorithm.padEnd(21)} return ${meanReturn.toFixed(2)}`);
}
