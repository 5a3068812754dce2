/** Algorithms that have learned a little, and observations for them. */
import { Generator } from '@paragrad/tensor';
import fc from 'fast-check';
import {
  type AgentSpec,
  type Algorithm,
  type AlgorithmName,
  agentSpecs,
  makeAlgorithm,
} from '../../src/index.js';
import { RandomEnv } from '../random-env.js';

const VALUE_BASED: readonly AlgorithmName[] = ['iql', 'qmix'];
const WITHOUT_SHARING: readonly AlgorithmName[] = ['ensemble-maddpg', 'inferring-maddpg', 'openai-maddpg'];

export const kinds = fc.record({
  seed: fc.nat(1e6),
  hidden: fc.constantFrom([8], [8, 4], [4, 8, 4]),
  observationNorm: fc.constantFrom('none', 'batch', 'running'),
  parameterSharing: fc.boolean(),
});

/** What one agent's observations are like: near some mean, more or less, number by number. */
interface Scales {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface RandomAlgorithm {
  readonly algorithm: Algorithm;
  /** Observations of all agents, mostly as in training, some far away. */
  observe(): number[][];
}

/** An algorithm of that name, with agents of any kind, whose observations are in one vector. */
export function randomAlgorithm(
  name: AlgorithmName,
  { seed, ...settings }: typeof kinds extends fc.Arbitrary<infer Kind> ? Kind : never,
): RandomAlgorithm {
  const generator = new Generator(seed);
  const isValueBased = VALUE_BASED.includes(name);
  const env = new RandomEnv(seed, { choices: isValueBased });
  const specs = agentSpecs(env).map(({ observationSpace: _, ...spec }): AgentSpec => {
    // Some act by a vector of numbers and one-hot choices.
    const { actionSpace: __, ...plain } = spec;
    return generator.integer(2) === 0 ? spec : { ...plain, maxAction: 1 + generator.integer(3) };
  });
  const scales = specs.map(
    ({ observationSize }): Scales => ({
      mean: Array.from({ length: observationSize }, () => [0, 0.3, -20, 1000.1][generator.integer(4)]),
      deviation: Array.from({ length: observationSize }, () => [0, 0.001, 1, 5][generator.integer(4)]),
    }),
  );
  const observe = (far = 1) =>
    scales.map(({ mean, deviation }) => mean.map((m, k) => m + far * deviation[k] * generator.normal()));
  const { observationNorm, parameterSharing, hidden } = settings;
  const algorithm = makeAlgorithm(name, specs, {
    generator,
    hidden,
    parameterSharing: parameterSharing && !WITHOUT_SHARING.includes(name),
    ...(!isValueBased && { observationNorm }),
  } as Parameters<typeof makeAlgorithm>[2]);
  const memory = algorithm.makeMemory({ capacity: 30 });
  for (let k = 0; k < 20; k++) {
    const step = {
      observations: observe(),
      actions: specs.map((spec) => randomAction(spec, generator)),
      rewards: specs.map(() => generator.normal()),
      nextObservations: observe(),
      terminations: specs.map(() => false),
    };
    memory.add(step);
    algorithm.observe(step);
  }
  for (let k = 0; k < 3; k++) algorithm.learn(memory, 8, generator);
  return { algorithm, observe: () => observe(generator.integer(4) === 0 ? 100 : 1) };
}

function randomAction({ actionSize, choices = [] }: AgentSpec, generator: Generator): number[] {
  const oneHot = choices.map((size) => {
    const chosen = generator.integer(size);
    return Array.from({ length: size }, (_, k) => Number(k === chosen));
  });
  const numbers = actionSize - oneHot.flat().length;
  return [...Array.from({ length: numbers }, () => generator.uniform(-1, 1)), ...oneHot.flat()];
}
