import { Command } from 'commander';
import { addServing } from './serving.js';

const command = new Command('play')
  .description('play one of the agents in the browser, among scripted or trained ones')
  .argument('[what]', 'a scenario, or the folder of a run', 'simple_tag')
  .action(async (what, options) => (await import('../serve/play.js')).playCommand(what, options));

export const playProgram = addServing(command);
