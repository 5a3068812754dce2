import { Command } from 'commander';
import { checkpointOption, parseCount, parseSeed } from './parsers.js';

export const crossplayProgram = new Command('crossplay')
  .description(
    'let the agents of runs play against those of the others, or with them: the return of each pair, with its standard error',
  )
  .argument('<run...>', 'folders of two or more runs of the same game')
  .option('--episodes <n>', 'number of episodes for each pair', parseCount, 200)
  .option('--seed <n>', 'seed of the episodes, which are the same for each pair', parseSeed, 1)
  .addOption(checkpointOption())
  .option('--json', 'print the results as JSON')
  .action(async (runs, options) =>
    (await import('../comparing/crossplay.js')).crossplayCommand(runs, options),
  );
