import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import * as v from 'valibot';
import { algorithmNames, algorithms } from '../algorithms.js';
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
    maxGradNorm: positive,
    hidden: v.array(count),
    parameterSharing: v.optional(v.boolean(), false),
    // Those that not every algorithm has.
    actorLr: v.exactOptional(positive),
    criticLr: v.exactOptional(positive),
    critic: v.exactOptional(v.picklist(criticKinds)),
    othersActions: v.exactOptional(v.picklist(othersActionsKinds)),
    temperature: v.exactOptional(positive),
    straightThrough: v.exactOptional(v.boolean()),
    logitsPenalty: v.exactOptional(fromZero),
    observationNorm: v.exactOptional(v.picklist(observationNormKinds)),
    rewardNorm: v.exactOptional(v.picklist(rewardNormKinds)),
    policyNoise: v.exactOptional(fromZero),
    noiseClip: v.exactOptional(fromZero),
    policyDelay: v.exactOptional(count),
    attentionHeads: v.exactOptional(count),
    ensembleSize: v.exactOptional(count),
    messageSize: v.exactOptional(count),
    entropyWeight: v.exactOptional(fromZero),
    lr: v.exactOptional(positive),
    mixingSize: v.exactOptional(count),
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

/**
 * The configuration, with the algorithm's defaults for settings that it leaves out. Throws, naming every field that is wrong and
 * where the configuration came from.
 */
export function checkConfig(config: unknown, source: string): RunConfig {
  const result = v.safeParse(schema, config);
  if (result.success) {
    const { algorithm, maddpg } = result.output;
    return { ...result.output, maddpg: { ...algorithms[algorithm].defaults, ...maddpg } };
  }
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${reason(issue)}`);
  throw new Error(`${source}: ${issues.join('; ')}`);
}

/** What is wrong, where the schema's own words are about keys of objects. */
function reason({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object') return message;
  if (expected === 'never') return 'there is no such setting';
  return received === 'undefined' ? 'missing' : message;
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
