import {
  agentSpecs,
  type Evaluation,
  evaluate,
  loadCheckpoint,
  makeRunEnv,
  metricsOf,
  type Policy,
  policyOf,
  type RunConfig,
  randomActions,
  randomChoices,
} from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';
import { RunFolder } from './run-folder.js';
import { evaluationTable } from './table.js';

/** Evaluates the policy of a finished run. `episodes`: by default as many as in the run's own evaluation. */
export function evaluateCommand(path: string, episodes?: number): void {
  const folder = RunFolder.open(path);
  const run = folder.readConfig();
  const config = { ...run, evaluationEpisodes: episodes ?? run.evaluationEpisodes };
  const trained = policyOf(loadCheckpoint(folder.readCheckpoint()));
  console.log(evaluationReport(config, evaluatePolicies(config, { trained })));
}

/**
 * Evaluates random actions and the given policies, without noise, on the same episodes. They are not episodes of the
 * training.
 */
export function evaluatePolicies(
  config: RunConfig,
  policies: Readonly<Record<string, Policy>>,
): Record<string, Evaluation> {
  const env = makeRunEnv(config);
  const generator = new Generator(config.seed).fork('evaluation');
  const seed = generator.next();
  const random =
    config.actions === 'discrete' ? randomChoices(agentSpecs(env), generator) : randomActions(env, generator);
  const all: Record<string, Policy> = { 'random actions': random, ...policies };
  return Object.fromEntries(
    Object.entries(all).map(([name, policy]) => [
      name,
      evaluate(env, policy, {
        episodes: config.evaluationEpisodes,
        seed,
        metrics: metricsOf(config),
        maxEpisodeSteps: Number.POSITIVE_INFINITY, // the particle environments end after maxCycles steps
      }),
    ]),
  );
}

/** The evaluations as text, with a heading and a table. */
export function evaluationReport(
  config: RunConfig,
  evaluations: Readonly<Record<string, Evaluation>>,
): string {
  const table = evaluationTable(Object.entries(evaluations), metricsOf(config));
  return `\nEvaluation on ${config.evaluationEpisodes} episodes of ${config.scenario}, without noise\n\n${table}`;
}
