import { Command } from 'commander';
import { addServing } from './serving.js';

const command = new Command('watch')
  .description('show in the browser how runs learn, while they do')
  .argument('[run...]', 'folders of runs, or folders that runs are in', ['runs'])
  .action(async (runs, options) => (await import('../serve/watch.js')).watchCommand(runs, options));

export const watchProgram = addServing(command);
