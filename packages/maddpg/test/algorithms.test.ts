/** What holds for every algorithm: it trains with agents of different kinds, and with agents that choose. */
import { Generator } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  algorithmNames,
  algorithms,
  defaultsOf,
  loadCheckpoint,
  makeAlgorithm,
  prepareRun,
  type RunConfig,
  type RunOptions,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

/** Algorithms that learn the values of choices. They refuse continuous actions. */
const VALUE_BASED: readonly AlgorithmName[] = ['iql', 'qmix'];
/** Algorithms that refuse parameter sharing. */
const WITHOUT_SHARING: readonly AlgorithmName[] = ['ensemble-maddpg', 'inferring-maddpg', 'openai-maddpg'];

function run(algorithm: AlgorithmName, actions: RunConfig['actions'], parameterSharing: boolean) {
  const exploration: RunOptions['exploration'] = { initial: 0.1 };
  const training = prepareRun({
    ...smallConfig,
    scenario: 'simple_world_comm',
    episodes: 4,
    algorithm,
    actions,
    exploration: VALUE_BASED.includes(algorithm) ? { ...exploration, kind: 'epsilon-greedy' } : exploration,
    settings: { ...defaultsOf(algorithms[algorithm].settings), hidden: [16, 16], parameterSharing },
  });
  return { reports: [...train(training)], ...training };
}

describe.each(algorithmNames)('%s', (algorithm) => {
  test.each([
    ['continuous', false],
    ['discrete', false],
    ['continuous', true],
    ['discrete', true],
  ] as const)(
    'with %s actions and parameterSharing %j it trains the same way twice, or refuses',
    (actions, sharing) => {
      if (sharing && WITHOUT_SHARING.includes(algorithm)) {
        expect(() => run(algorithm, actions, sharing)).toThrow(
          /: parameterSharing is true, but .*; set .* false/,
        );
        return;
      }
      if (VALUE_BASED.includes(algorithm) && actions === 'continuous') {
        expect(() => run(algorithm, actions, sharing)).toThrow(
          /: leadadversary_0's actions are numbers.*'discrete'/,
        );
        return;
      }
      const { reports, algorithm: learned, memory } = run(algorithm, actions, sharing);
      expect(reports.at(-1)!.updates).toBeGreaterThan(3);
      for (const { criticLoss, actorLoss } of reports.at(-1)!.latest) {
        expect(criticLoss).toBeGreaterThan(0);
        expect(actorLoss).not.toBeNaN();
      }
      expect(run(algorithm, actions, sharing).reports).toEqual(reports);
      const files = saveCheckpoint(learned);
      const loaded = [1, 2].map(() => loadCheckpoint(files));
      expect(saveCheckpoint(loaded[0])).toEqual(files);
      const [first, second] = loaded.map((one) => one.learn(memory, 32, new Generator(1)));
      expect(first).toEqual(second);
    },
  );
});

test('an unknown algorithm is refused', () => {
  expect(() => makeAlgorithm('madppg' as 'maddpg', [], { generator: new Generator(1) })).toThrow(
    'makeAlgorithm: the name is "madppg" (did you mean maddpg?); give one of maddpg, matd3, ',
  );
});
