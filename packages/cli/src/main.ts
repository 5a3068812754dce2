#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { type PresetName, parseOptions, preset, presetNames, type RunOptions } from '@paragrad/maddpg';
import type { ScenarioName } from '@paragrad/mpe';
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import { estimateCommand } from './estimate.js';
import { evaluateCommand } from './evaluate.js';
import { defaultsOfFlags, options, withFlags } from './flags.js';
import { trainCommand } from './train.js';

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .showHelpAfterError('(paragrad <command> --help lists what there is)');

const trainProgram = program
  .command('train')
  .description('train, evaluate, and leave a folder with the checkpoint, the learning curve and an animation')
  .configureHelp({ optionDescription: withDefault });
for (const option of options()) trainProgram.addOption(option);
trainProgram
  .addOption(
    new Option('--preset <name>', "start from these settings; 'tuned' has some for each scenario").choices(
      presetNames,
    ),
  )
  .option('--config <file>', "start from a run's config.json; other options override it", readConfig)
  .option('--threads <n>', 'threads that share the work; no result depends on it (default: all cores)', count)
  .option('--out <folder>', 'where to leave the results (default: runs/<scenario>-<number>)')
  .option('--estimate', 'only say what the run will take: memory, operations, time on this machine')
  .action(({ config, preset, out, threads, estimate, ...given }) => {
    const run = withFlags(baseOf({ config, preset, ...given }), given);
    return estimate ? estimateCommand(run, threads) : trainCommand(run, { out, threads });
  });

program
  .command('evaluate')
  .description("evaluate a finished run's policy without noise, beside random actions")
  .argument('<run>', 'the folder that train left')
  .option('--episodes <n>', "how many episodes (default: as many as in the run's own evaluation)", count)
  .action((run, { episodes }) => evaluateCommand(run, episodes));

/** The configuration that flags change. */
function baseOf({ config, preset: name, scenario }: BaseOptions): RunOptions {
  if (config && name) throw new Error('--config and --preset: give one of them to start from');
  return config ?? (name ? preset(name, scenario) : {});
}

interface BaseOptions {
  config?: RunOptions;
  preset?: PresetName;
  scenario?: ScenarioName;
}

/** An option of `train` in its help, with the value that a run has without it: --config and --preset are read by then. */
function withDefault(option: Option): string {
  const base = baseOf(trainProgram.opts());
  const value = defaultsOfFlags(base)[option.attributeName()];
  const shown = Array.isArray(value) || typeof value !== 'object' ? value : JSON.stringify(value);
  const description = new Help().optionDescription(option);
  return value === undefined ? description : `${description} (default: ${shown})`;
}

function readConfig(path: string): RunOptions {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`can't read ${path}: ${(error as Error).message}`);
  }
  return parseOptions(json, path);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
