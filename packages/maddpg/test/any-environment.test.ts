/** Every algorithm trains in environments of all kinds: spaces, agents that end early or appear late, one agent, reused arrays. */
import { parallelApiTest } from '@paragrad/mpe/testing';
import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  agentSpecs,
  algorithmNames,
  EpsilonGreedy,
  evaluate,
  loadCheckpoint,
  makeAlgorithm,
  policyOf,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { namedNetworks } from './networks-of.js';
import { type Kind, RandomEnv } from './random-env.js';

const VALUE_BASED: readonly AlgorithmName[] = ['iql', 'qmix'];
const WITH_BOTH_WAYS: readonly AlgorithmName[] = ['maddpg', 'matd3', 'inferring-maddpg'];
const WITHOUT_SHARING: readonly AlgorithmName[] = ['ensemble-maddpg', 'inferring-maddpg', 'openai-maddpg'];

const options = fc.record({
  seed: fc.nat(1e6),
  careless: fc.boolean(),
  together: fc.boolean(),
  nStep: fc.constantFrom(1, 3),
  prioritized: fc.boolean(),
  observationNorm: fc.constantFrom('none', 'batch', 'running'),
  rewardNorm: fc.constantFrom('none', 'return'),
  valueRescaling: fc.constantFrom(0, 100),
  parameterSharing: fc.boolean(),
  copies: fc.constantFrom(1, 3),
  updates: fc.constantFrom('in turn', 'together'),
});

describe.each(algorithmNames)('%s', (name) => {
  test('trains and is evaluated in any environment, with finite numbers', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        options,
        ({
          seed,
          nStep,
          prioritized,
          observationNorm,
          rewardNorm,
          valueRescaling,
          parameterSharing,
          copies,
          updates,
          ...kind
        }) => {
          const isValueBased = VALUE_BASED.includes(name);
          const makeEnv = () => new RandomEnv(seed, { ...kind, choices: isValueBased });
          const env = makeEnv();
          const envs = [env, ...Array.from({ length: copies - 1 }, makeEnv)];
          const generator = new Generator(seed);
          const algorithm = makeAlgorithm(name, agentSpecs(env), {
            generator,
            hidden: [8],
            parameterSharing: parameterSharing && !WITHOUT_SHARING.includes(name),
            ...(WITH_BOTH_WAYS.includes(name) && { updates }),
            ...(!isValueBased && { observationNorm, rewardNorm, valueRescaling, straightThrough: true }),
          } as Parameters<typeof makeAlgorithm>[2]);
          const isPrioritized = prioritized && name !== 'ensemble-maddpg';
          const memory = algorithm.makeMemory({
            capacity: 40,
            nStep,
            sampling: { kind: isPrioritized ? 'prioritized' : 'uniform' },
          });
          const exploration = new EpsilonGreedy({ generator, initial: 0.5 });
          const training = {
            env,
            envs,
            algorithm,
            memory,
            exploration,
            generator,
            episodes: 6,
            batchSize: 8,
          };
          for (const { returns, episode, latest, updates } of train({
            ...training,
            stepsPerUpdate: 3,
            warmupSteps: 3,
          })) {
            expect(envs.map((one) => one.returns)).toContainEqual(returns);
            if (episode === 5) expect(updates).toBeGreaterThan(0);
            for (const { criticLoss, criticGradNorm } of latest)
              expect(criticLoss + criticGradNorm).toBeGreaterThanOrEqual(0);
          }
          for (const { network } of namedNetworks(algorithm)) {
            for (const { data } of network.parameters()) expect(data.every(Number.isFinite)).toBe(true);
          }
          const loaded = loadCheckpoint(saveCheckpoint(algorithm));
          const [first, second] = [algorithm, loaded].map((one) => {
            one.startEpisode(new Generator(1));
            return evaluate(env, policyOf(one), { episodes: 2, seed: 1 });
          });
          expect(first).toEqual(second);
          expect(first.meanReturn).not.toBeNaN();
        },
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 12) },
    );
  });
});

test.each<[string, Kind]>([
  ['mixed', {}],
  ['of choices', { choices: true }],
  ['with common ends', { together: true }],
])('parallelApiTest passes environments %s', (_, kind) => {
  for (let seed = 0; seed < 40; seed++) parallelApiTest(new RandomEnv(seed, kind), { episodes: 1 });
});
