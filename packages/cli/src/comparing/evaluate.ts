import {
  agentSpecs,
  type Evaluation,
  type EvaluationOptions,
  evaluate,
  loadCheckpoint,
  makeRunEnv,
  metricsOf,
  type Policy,
  policyOf,
  type RunConfig,
  randomActions,
  randomChoices,
  toJson,
} from '@paragrad/maddpg';
import { makeEnv, type ParallelEnv, scriptedActions } from '@paragrad/mpe';
import { Generator } from '@paragrad/tensor';
import { RunFolder } from '../run/run-folder.js';
import { evaluationTable } from './table.js';

/** How `evaluate` plays and prints. */
export interface EvaluateOptions {
  /** Default: as many as in the run's own evaluation. */
  readonly episodes?: number;
  /** Of the episodes. Default: the run's seed, with which they are those of the run's own evaluation. */
  readonly seed?: number;
  /** Such as best. Default: the last one. */
  readonly checkpoint?: string;
  /** Whether to print JSON. */
  readonly json?: boolean;
}

/** Evaluates the policy of a finished run. */
export function evaluateCommand(
  path: string,
  { episodes, seed, checkpoint, json = false }: EvaluateOptions,
): void {
  const folder = RunFolder.open(path);
  const run = folder.readConfig();
  const config = { ...run, evaluationEpisodes: episodes ?? run.evaluationEpisodes, seed: seed ?? run.seed };
  const trained = policyOf(loadCheckpoint(folder.readCheckpoint(checkpoint)));
  const evaluations = evaluatePolicies(config, { trained });
  if (!json) console.log(evaluationReport(config, evaluations));
  else
    console.log(
      toJson('evaluate', {
        run: path,
        ...(checkpoint && { checkpoint }),
        scenario: run.scenario,
        seed: config.seed,
        evaluations,
      }),
    );
}

/**
 * Evaluates random actions, the given policies and scripted players, without noise, on the same episodes. They are not episodes of
 * the training.
 */
export function evaluatePolicies(
  config: RunConfig,
  policies: Readonly<Record<string, Policy>>,
): Record<string, Evaluation> {
  const env = makeRunEnv(config);
  const draws = drawsOf(config);
  const options = evaluationOptions(config, draws);
  const random =
    config.actions === 'discrete' ? randomChoices(agentSpecs(env), draws) : randomActions(env, draws);
  const all: Record<string, Policy> = { 'random actions': random, ...policies };
  const scripted = scriptedEnv(config);
  return {
    ...Object.fromEntries(
      Object.entries(all).map(([name, policy]) => [name, evaluate(env, policy, options)]),
    ),
    'scripted players': evaluate(scripted, () => scriptedActions(scripted), options),
  };
}

/** The environment for scripted players. If the run's agents choose their moves, scripted players choose, too. */
function scriptedEnv(config: RunConfig): ParallelEnv {
  if (config.actions === 'continuous') return makeRunEnv(config);
  return makeEnv(config.scenario, { ...config.env, actionMode: 'discrete', benchmarkData: true });
}

/** Which episodes a run is evaluated on, and what is measured. They are always the same. */
export function evaluationOptions(config: RunConfig, draws = drawsOf(config)): EvaluationOptions {
  return {
    episodes: config.evaluationEpisodes,
    seed: draws.next(),
    metrics: metricsOf(config),
    maxEpisodeSteps: Number.POSITIVE_INFINITY, // the particle environments end after maxCycles steps
  };
}

function drawsOf({ seed }: RunConfig): Generator {
  return new Generator(seed).fork('evaluation');
}

/** The evaluations as text, with a heading and a table. */
export function evaluationReport(
  config: RunConfig,
  evaluations: Readonly<Record<string, Evaluation>>,
): string {
  const table = evaluationTable(Object.entries(evaluations), metricsOf(config));
  return `\nEvaluation on ${config.evaluationEpisodes} episodes of ${config.scenario}, without noise\n\n${table}`;
}
