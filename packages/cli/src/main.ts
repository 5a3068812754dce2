#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { likelyMeant } from '@paragrad/check';
import { Command } from 'commander';
import { commands } from './commands/index.js';
import { flagsOfOthers } from './settings/flags.js';
import { watchPipes } from './text/closed-pipe.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const program = new Command('paragrad')
  .description(
    'Train and evaluate MADDPG, its variants and baselines on the multi-agent particle environments.',
  )
  .version(version)
  .showHelpAfterError('(see paragrad --help)');
for (const command of commands) {
  command
    .showHelpAfterError(`(see paragrad ${command.name()} --help)`)
    .showSuggestionAfterError(false) // of flags it knows only what is spelled nearly alike
    .configureOutput({ outputError: (text, write) => write(text + likelyFlag(command, text)) });
  program.addCommand(command);
}

/** The flag that an error about an unknown one may mean, also if other programs call it so. First those that the algorithm has. */
function likelyFlag(command: Command, error: string): string {
  const [, given] = /unknown option '--([\w-]+)'/.exec(error) ?? [];
  if (given === undefined) return '';
  const { algorithm, config } = command.opts();
  const others = flagsOfOthers(algorithm ?? config?.options.algorithm);
  const flags = new Map(command.options.map((option) => [option.attributeName(), option.long]));
  const names = [...flags.keys()];
  const likely =
    likelyMeant(
      given,
      names.filter((name) => !others.has(name)),
    ) ?? likelyMeant(given, names);
  if (likely === undefined) return '';
  return `(Did you mean ${likely.replaceAll(/\w+/g, (name) => flags.get(name) ?? name)}?)\n`;
}

watchPipes();
try {
  await program.parseAsync();
} catch (error) {
  console.error(`paragrad: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
