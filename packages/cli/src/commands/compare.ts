import { Command } from 'commander';

export const compareProgram = new Command('compare')
  .description('compare runs of one scenario: what differs, results with intervals over the seeds, a picture')
  .argument('<run...>', 'runs, or folders that they are in')
  .option('--out <file>', 'file for the picture; it is replaced', 'comparison.svg')
  .option('--json', 'print the comparison as JSON')
  .action(async (runs, options) => (await import('../comparing/compare.js')).compareCommand(runs, options));
