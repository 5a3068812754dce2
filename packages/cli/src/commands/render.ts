import { Command, Option } from 'commander';
import { pictureFormats, renderCommand } from '../pictures/render.js';
import { checkpointOption, parseCount, parseSeed } from './parsers.js';

export const renderProgram = new Command('render')
  .description("draw episodes of a run's agents as an animation, without noise")
  .argument('<run>', 'folder of the run, written by train')
  .addOption(
    new Option(
      '--to <format>',
      'gif, or svg: an animation that is sharp at any size (default: as --out ends, or gif)',
    ).choices(pictureFormats),
  )
  .option('--episodes <n>', 'number of episodes', parseCount, 4)
  .option('--seed <n>', "seed of the episodes (default: the run's)", parseSeed)
  .option(
    '--out <file>',
    'file for the animation; it is replaced (default: episode.gif or episode.svg in the run)',
  )
  .addOption(checkpointOption())
  .option('--json', 'print what was written as JSON')
  .action((run, options) => renderCommand(run, options));
