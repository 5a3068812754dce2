import { Command } from 'commander';

export const showProgram = new Command('show')
  .description('show a run: its settings, its results, its files, and how to go on with it')
  .argument('<run>', 'folder of the run, written by train')
  .option('--json', 'print everything as JSON')
  .action(async (run, options) => (await import('../comparing/show.js')).showCommand(run, options));
