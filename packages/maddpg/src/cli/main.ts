#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { scenarioNames } from '@paragrad/mpe';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultConfig, type RunConfig } from '../run.js';
import { checkConfig, parseConfig } from './config.js';
import { evaluateCommand } from './evaluate.js';
import { trainCommand } from './train.js';

const EVALUATION_EPISODES = 1000;

const program = new Command('paragrad')
  .description('Train and evaluate MADDPG on the multi-agent particle environments.')
  .showHelpAfterError('(paragrad <command> --help lists what there is)');

/** The parts of a configuration that have a flag, with what is used without it. */
const { scenario, maddpg, noise, ...run } = defaultConfig;
const FLAGS: [flags: string, description: string, fallback: unknown, parse: (text: string) => unknown][] = [
  ['--env <json>', 'parameters of the scenario, e.g. \'{"N": 4}\'', undefined, json],
  ['--seed <n>', 'decides everything random', run.seed, number],
  ['--episodes <n>', 'how many episodes to train for', run.episodes, number],
  ['--batch-size <n>', 'transitions in a batch', run.batchSize, number],
  ['--steps-per-update <n>', 'environment steps from one update to the next', run.stepsPerUpdate, number],
  ['--warmup-steps <n>', 'environment steps before the first update', run.warmupSteps, number],
  ['--replay-capacity <n>', 'transitions that the replay memory holds', run.replayCapacity, number],
  ['--gamma <x>', 'discount', maddpg.gamma, number],
  ['--tau <x>', 'how far the targets move in an update', maddpg.tau, number],
  ['--actor-learning-rate <x>', "of the actors' Adam", maddpg.actorLearningRate, number],
  ['--critic-learning-rate <x>', "of the critics' Adam", maddpg.criticLearningRate, number],
  ['--max-grad-norm <x>', "the longest that a network's gradient may be", maddpg.maxGradNorm, number],
  ['--hidden <sizes>', 'hidden layers', maddpg.hidden, numbers],
  ['--noise-initial <x>', 'standard deviation of the exploration noise at the start', noise.initial, number],
  ['--noise-decay <x>', 'what it is multiplied with after each episode', noise.decay, number],
];

const trainProgram = program
  .command('train')
  .description('train, evaluate, and leave a folder with the checkpoint, the learning curve and an animation')
  .addOption(
    new Option('--scenario <name>', `which environment (default: ${scenario})`).choices(scenarioNames),
  );
for (const [flags, description, fallback, parse] of FLAGS) {
  // The fallback is only told here: with --config, the file's value comes first.
  trainProgram.option(
    flags,
    fallback === undefined ? description : `${description} (default: ${fallback})`,
    parse,
  );
}
trainProgram
  .option('--config <file>', "start from a run's config.json; other options override it")
  .option('--out <folder>', 'where to leave the results (default: runs/<scenario>-<number>)')
  .option('--evaluation-episodes <n>', 'episodes of the evaluation at the end', number, EVALUATION_EPISODES)
  .action(async ({ config: file, out, evaluationEpisodes, ...flags }) => {
    const base = file === undefined ? defaultConfig : parseConfig(readFile(file), file);
    await trainCommand(configured(base, flags), { out, evaluationEpisodes });
  });

program
  .command('evaluate')
  .description("evaluate a finished run's policy without noise, beside random actions")
  .argument('<run>', 'the folder that train left')
  .option('--episodes <n>', 'how many episodes', number, EVALUATION_EPISODES)
  .action((run, { episodes }) => evaluateCommand(run, episodes));

/** The configuration with the flags that were given put in their places. */
function configured(base: RunConfig, flags: Record<string, unknown>): RunConfig {
  const given = <T extends object>(defaults: T) =>
    Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, flags[name] ?? value]));
  const noise = {
    initial: flags.noiseInitial ?? base.noise.initial,
    decay: flags.noiseDecay ?? base.noise.decay,
  };
  return checkConfig({ ...given(base), maddpg: given(base.maddpg), noise }, 'the options');
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`can't read ${path}: ${(error as Error).message}`);
  }
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}

function numbers(text: string): number[] {
  return text.split(',').map(number);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Give JSON.');
  }
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
