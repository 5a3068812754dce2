#!/usr/bin/env node
import { Command } from 'commander';
import { commands } from './commands/index.js';

const HINT = '(see paragrad <command> --help)';

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .showHelpAfterError(HINT);
for (const command of commands) program.addCommand(command.showHelpAfterError(HINT));

try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
