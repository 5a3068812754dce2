import { kernelNames } from '@paragrad/maddpg';
import { Command, Option } from 'commander';
import { addHowToRun, savesOf } from './how-to-run.js';
import { parseCount } from './parsers.js';

const command = new Command('resume')
  .description('go on with a run that was stopped or killed, or that should have more episodes')
  .argument('<run>', 'folder of the run, written by train')
  .option('--episodes <n>', 'number of training episodes in all (default: as in the run)', parseCount)
  .addOption(
    new Option('--kernels <name>', 'another set of kernels, if that of the run does not run here').choices(
      kernelNames,
    ),
  )
  .action(async (run, { episodes, kernels, threads, ui, film, json, ...given }) => {
    const { resumeCommand } = await import('../training/train.js');
    return resumeCommand(run, { episodes, kernels, threads, ui, film, json, saves: savesOf(given) });
  });

export const resumeProgram = addHowToRun(command);
