import { presetNames } from '@paragrad/maddpg';
import { Command, Option } from 'commander';
import { flagOptions, withFlags } from '../settings/flags.js';
import { addHowToRun, savesOf } from './how-to-run.js';
import { readConfig, startFrom } from './start-from.js';
import { addTopics } from './topics.js';

const command = new Command('train')
  .description('train and evaluate; write a folder with the checkpoint, the learning curve and an animation')
  .argument('[preset]', 'a scenario, for its tuned settings, or a preset')
  .optionsGroup('What to start from (flags of settings override it):')
  .addOption(
    new Option('--preset <name>', "settings by name; 'tuned' depends on the scenario").choices(presetNames),
  )
  .option('--config <file>', 'a configuration file, or the folder of a run, to train it again', readConfig)
  .addOption(
    // What `npm start` starts from.
    new Option('--default-config <file>', 'a configuration file, if nothing else is given')
      .argParser(readConfig)
      .hideHelp(),
  );
for (const option of flagOptions()) command.addOption(option);
command
  .optionsGroup('Results:')
  .option('--out <folder>', 'folder for the results, new or empty (default: runs/<scenario>-<number>)')
  .option('--estimate', 'only print what the run will take: memory, operations, time on this machine')
  .action(async (name, { out, threads, ui, film, json, estimate, ...given }) => {
    const { options, from } = startFrom(name, given);
    const run = withFlags(options, given);
    if (estimate) return (await import('../training/estimate.js')).estimateCommand(run, { threads, json });
    const { trainCommand } = await import('../training/train.js');
    return trainCommand(run, { out, threads, from, ui, film, json, saves: savesOf(given) });
  });
addHowToRun(command);

export const trainProgram = addTopics(command, {
  defaultsFrom: () => startFrom(command.args[0], command.opts()).options,
  examples: [
    ['paragrad train simple_tag', 'the tuned settings of this scenario'],
    ['paragrad train simple_tag --episodes 500 --seed 2', 'the same, with changes'],
    ['paragrad train --scenario simple_spread --algorithm matd3', 'the defaults, with changes'],
    ['paragrad train --config runs/simple_tag-1/config.json', 'a run again'],
  ],
});
