import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import * as v from 'valibot';
import { algorithmNames } from '../algorithms.js';
import { explorationKinds } from '../exploration.js';
import { actionsKinds, type RunConfig, samplingKinds } from '../run.js';
import { criticKinds, observationNormKinds, othersActionsKinds, rewardNormKinds } from '../settings.js';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const fromZero = v.pipe(v.number(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What a run's configuration may be, wherever it comes from: flags or a file. */
const schema = v.strictObject({
  scenario: v.picklist(scenarioNames as readonly ScenarioName[]),
  env: v.record(v.string(), v.any()),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
  algorithm: v.optional(v.picklist(algorithmNames), 'maddpg'),
  actions: v.optional(v.picklist(actionsKinds), 'continuous'),
  episodes: count,
  batchSize: count,
  stepsPerUpdate: count,
  warmupSteps: count,
  replayCapacity: count,
  // Optional, because configurations of runs before these existed have none.
  nStep: v.optional(count, 1),
  sampling: v.optional(
    v.strictObject({
      kind: v.picklist(samplingKinds),
      alpha: v.exactOptional(fraction),
      beta: v.exactOptional(fraction),
      betaBatches: v.exactOptional(count),
    }),
    { kind: 'uniform' },
  ),
  maddpg: v.strictObject({
    gamma: fraction,
    tau: fraction,
    actorLearningRate: positive,
    criticLearningRate: positive,
    maxGradNorm: positive,
    hidden: v.array(count),
    critic: v.optional(v.picklist(criticKinds), 'centralised'),
    othersActions: v.optional(v.picklist(othersActionsKinds), 'current'),
    temperature: v.optional(positive, 1),
    straightThrough: v.optional(v.boolean(), true),
    logitsPenalty: v.optional(fromZero, 1e-3),
    observationNorm: v.optional(v.picklist(observationNormKinds), 'none'),
    rewardNorm: v.optional(v.picklist(rewardNormKinds), 'none'),
    policyNoise: v.exactOptional(fromZero),
    noiseClip: v.exactOptional(fromZero),
    policyDelay: v.exactOptional(count),
    attentionHeads: v.exactOptional(count),
    ensembleSize: v.exactOptional(count),
    messageSize: v.exactOptional(count),
    entropyWeight: v.exactOptional(fromZero),
  }),
  noise: v.strictObject({
    kind: v.exactOptional(v.picklist(explorationKinds)),
    initial: fromZero,
    final: v.exactOptional(fromZero),
    decay: v.exactOptional(v.pipe(positive, v.maxValue(1))),
    episodes: v.exactOptional(count),
    theta: v.exactOptional(v.pipe(positive, v.maxValue(1))),
  }),
  evaluationEpisodes: count,
});

/** Throws, naming every field that is wrong and where the configuration came from. */
export function checkConfig(config: unknown, source: string): RunConfig {
  const result = v.safeParse(schema, config);
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  throw new Error(`${source}: ${issues.join('; ')}`);
}

export function parseConfig(json: string, source: string): RunConfig {
  let config: unknown;
  try {
    config = JSON.parse(json);
  } catch (error) {
    throw new Error(`${source} is not JSON: ${(error as Error).message}`);
  }
  return checkConfig(config, source);
}
