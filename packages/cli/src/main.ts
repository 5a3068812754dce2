#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { commands } from './commands/index.js';
import { watchPipes } from './text/closed-pipe.js';

const HINT = '(see paragrad <command> --help)';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .version(version)
  .showHelpAfterError(HINT);
for (const command of commands) program.addCommand(command.showHelpAfterError(HINT));

watchPipes();
try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
