import { Command } from 'commander';
import { addServing } from './serving.js';

const command = new Command('explore')
  .description('see and touch the gradient that flows through the critic, in the browser')
  .argument('[run]', 'the folder of a run (default: policies that come with the page)')
  .action(async (run, options) => (await import('../serve/explore.js')).exploreCommand(run, options));

export const exploreProgram = addServing(command);
