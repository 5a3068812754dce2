#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import {
  kernelNames,
  type PresetName,
  parseOptions,
  preset,
  presetNames,
  type RunOptions,
  runSettings,
} from '@paragrad/maddpg';
import type { ScenarioName } from '@paragrad/mpe';
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import { estimateCommand } from './estimate.js';
import { evaluateCommand } from './evaluate.js';
import { exportCommand, exportFormats } from './export.js';
import { defaultsOfFlags, flagOptions, withFlags } from './flags.js';
import { resumeCommand, trainCommand } from './train.js';
import { defaultSaves, type SaveOptions } from './training-loop.js';

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .showHelpAfterError('(see paragrad <command> --help)');

const trainProgram = program
  .command('train')
  .description('train and evaluate; write a folder with the checkpoint, the learning curve and an animation')
  .configureHelp({ optionDescription: withDefault });
for (const option of flagOptions()) trainProgram.addOption(option);
trainProgram
  .addOption(
    new Option(
      '--preset <name>',
      "preset to start from; other options override it; 'tuned' depends on the scenario",
    ).choices(presetNames),
  )
  .option(
    '--config <file>',
    'configuration file to start from, such as the config.json of a run; other options override it',
    readConfig,
  )
  .addOption(
    // What `npm start` starts from.
    new Option('--default-config <file>', 'configuration file to start from without --config and --preset')
      .argParser(readConfig)
      .hideHelp(),
  )
  .option('--out <folder>', 'folder for the results, new or empty (default: runs/<scenario>-<number>)')
  .option('--estimate', 'only print what the run will take: memory, operations, time on this machine')
  .action(({ config, preset, defaultConfig, out, threads, estimate, ...given }) => {
    const run = withFlags(baseOf({ config, preset, defaultConfig, ...given }), given);
    return estimate
      ? estimateCommand(run, threads)
      : trainCommand(run, { out, threads, saves: savesOf(given) });
  });
addHowToRun(trainProgram);

addHowToRun(
  program
    .command('resume')
    .description('go on with a run that was stopped or killed, or that should have more episodes')
    .argument('<run>', 'folder of the run, written by train')
    .option('--episodes <n>', 'number of training episodes in all (default: as in the run)', parseCount)
    .addOption(
      new Option('--kernels <name>', 'another set of kernels, if that of the run does not run here').choices(
        kernelNames,
      ),
    )
    .action((run, { episodes, kernels, threads, ...given }) =>
      resumeCommand(run, { episodes, kernels, threads, saves: savesOf(given) }),
    ),
);

program
  .command('evaluate')
  .description("evaluate a finished run's policy, without noise, and random actions for comparison")
  .argument('<run>', 'folder of the run, written by train')
  .option('--episodes <n>', "number of episodes (default: as in the run's own evaluation)", parseCount)
  .option(
    '--seed <n>',
    "seed of the episodes (default: the run's, which gives those of its own evaluation)",
    parseSeed,
  )
  .option('--json', 'print the results as JSON')
  .action((run, options) => evaluateCommand(run, options));

program
  .command('export')
  .description(
    'write each actor of a finished run to a file of its own, with which it acts in other programs',
  )
  .argument('<run>', 'folder of the run, written by train')
  .addOption(
    new Option(
      '--to <format>',
      'onnx: models for onnxruntime; pytorch: safetensors, and Python that loads them',
    )
      .choices(exportFormats)
      .makeOptionMandatory(),
  )
  .option('--out <folder>', 'folder for the files (default: a folder in the run, named as the format)')
  .option('--json', 'print the names of the files as JSON')
  .action((run, options) => exportCommand(run, options));

/** Adds the options that change no number. */
function addHowToRun(command: Command): void {
  const { everyMinutes, keep } = defaultSaves;
  command
    .option(
      '--threads <n>',
      'number of threads; results do not depend on it (default: all cores)',
      parseCount,
    )
    .option('--save-every <minutes>', `minutes between two saves (default: ${everyMinutes})`, parseMinutes)
    .option('--keep <n>', `checkpoints to keep, the last ones (default: ${keep})`, parseCount)
    .option(
      '--no-resume-state',
      'save only what acting needs; then resume is not possible, and runs are smaller',
    );
}

function savesOf({ saveEvery, keep, resumeState }: Readonly<Record<string, unknown>>): Partial<SaveOptions> {
  return {
    ...(saveEvery !== undefined && { everyMinutes: saveEvery as number }),
    ...(keep !== undefined && { keep: keep as number }),
    resumable: resumeState as boolean,
  };
}

/** The configuration to start from, before flags change it. */
function baseOf({ config, preset: name, scenario, defaultConfig = {} }: BaseOptions): RunOptions {
  if (config && name)
    throw new Error('--config and --preset: both are given; give only one of them to start from');
  return config ?? (name ? preset(name, scenario) : defaultConfig);
}

interface BaseOptions {
  config?: RunOptions;
  defaultConfig?: RunOptions;
  preset?: PresetName;
  scenario?: ScenarioName;
}

/** An option's text in the help of `train`, with its default. The default is that of --config or --preset, if given. */
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
    throw new Error(`can't read ${path}: ${(error as Error).message}; give the path of a configuration file`);
  }
  return parseOptions(json, path);
}

function parseSeed(text: string): number {
  const { range } = runSettings.seed;
  const seed = range.parse(text);
  if (!range.accepts(seed)) throw new InvalidArgumentError(`Give ${range.inWords}.`);
  return seed;
}

function parseMinutes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of minutes above 0.');
  return value;
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give an integer of at least 1.');
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
