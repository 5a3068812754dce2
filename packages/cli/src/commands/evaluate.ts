import { Command } from 'commander';
import { checkpointOption, parseCount, parseSeed } from './parsers.js';

export const evaluateProgram = new Command('evaluate')
  .description(
    "evaluate a run's policy, without noise, and random actions and scripted players for comparison",
  )
  .argument('<run>', 'folder of the run, written by train')
  .option('--episodes <n>', "number of episodes (default: as in the run's own evaluation)", parseCount)
  .option(
    '--seed <n>',
    "seed of the episodes (default: the run's, which gives those of its own evaluation)",
    parseSeed,
  )
  .addOption(checkpointOption())
  .option('--json', 'print the results as JSON')
  .action(async (run, options) => (await import('../comparing/evaluate.js')).evaluateCommand(run, options));
