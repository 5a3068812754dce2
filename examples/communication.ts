/**
 * `npm run example:communication`: in simple_speaker_listener only the speaker knows the goal, and only the listener can go there.
 * With `maddpg` the speaker has to find helpful words of the environment. With `communicating-maddpg` it also sends a message. The
 * gradient of the listener's loss flows through the message, so the speaker learns to say what helps.
 */
import { evaluate, policyOf, prepareRun, train } from '@paragrad/maddpg';

const episodes = Number(process.argv[2] ?? 1500);
console.log(`simple_speaker_listener, ${episodes} episodes of training\n`);

for (const algorithm of ['maddpg', 'communicating-maddpg'] as const) {
  const training = prepareRun({
    scenario: 'simple_speaker_listener',
    algorithm,
    episodes,
    batchSize: 128,
    stepsPerUpdate: 10,
    exploration: { initial: 0.3 },
    settings: { gamma: 0.8, actorLr: 3e-4, criticLr: 2e-3 },
  });
  for (const _ of train(training));
  const { meanReturn } = evaluate(training.env, policyOf(training.algorithm), { episodes: 200, seed: 3 });
  console.log(`${algorithm.padEnd(21)} return ${meanReturn.toFixed(2)}`);
}
