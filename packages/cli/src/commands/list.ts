import { Command } from 'commander';

export const listProgram = new Command('list')
  .description('list runs, the latest first: what they are, how far they are, and what they reached')
  .argument('[folder...]', 'runs, or folders that they are in', ['runs'])
  .option('--json', 'print the list as JSON')
  .action(async (folders, options) => (await import('../comparing/list.js')).listCommand(folders, options));
