/** The program accepts every command that a Markdown page quotes, and its configuration can start. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, prepareRun, trainingWarnings } from '@paragrad/maddpg';
import { Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { blocksOf, pagePaths, proseOf, ROOT, read } from '../../../tests/markdown.js';
import { commands } from '../src/commands/index.js';
import { type ConfigFile, startFrom } from '../src/commands/start-from.js';
import { withFlags } from '../src/settings/flags.js';

interface Quoted {
  readonly path: string;
  readonly command: string;
}

/** Lines of shell blocks, and code in the prose, that begin with npm. Without comments. */
const quoted: Quoted[] = pagePaths.flatMap((path) => {
  const text = read(path);
  const lines = blocksOf(text, 'sh').flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
  const inline = [...proseOf(text).matchAll(/`([^`\n]*)`/g)].map(([, code]) => code);
  return [...lines, ...inline]
    .map((command) => command.replace(/\s+#.*$/, '').trim())
    .filter((command) => command.startsWith('npm '))
    .map((command) => ({ path, command }));
});

/** The words of a command. Single quotes hold one together. */
const wordsOf = (command: string) =>
  [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quotedWord]) => quotedWord ?? word);

const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

test('every quoted script exists', () => {
  const unknown = quoted.filter(({ command }) => {
    const [, verb, name] = wordsOf(command);
    const isPattern = name?.includes('...') ?? false;
    return verb === 'run' && !isPattern && !scripts.includes(name);
  });
  expect(unknown).toEqual([]);
});

/** What a command makes of its words. It does not run. Throws if it refuses them. */
function parse(name: string, words: readonly string[]) {
  const program = commands.find((command) => command.name() === name);
  if (!program) throw new Error(`there is no command ${name}`);
  const copy = new Command(name).exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of program.options) {
    const isFile = ['config', 'defaultConfig'].includes(option.attributeName());
    copy.addOption(isFile ? new Option(option.flags).argParser(readConfig) : option);
  }
  for (const argument of program.registeredArguments) copy.addArgument(argument);
  copy.parse(words, { from: 'user' });
  return { args: copy.args, given: copy.opts() };
}

function readConfig(path: string): ConfigFile {
  // A run folder exists only after an earlier command.
  return { path, options: path.startsWith('runs/') ? {} : parseOptions(read(path), path) };
}

/** The configuration that a `train` with these words would run. */
function configOf(words: readonly string[]) {
  const { args, given } = parse('train', words);
  return withFlags(startFrom(args[0], given).options, given);
}

const START = '--default-config examples/cooperative-navigation.json';
const trainings = quoted
  .filter(({ command }) => !/<|--help/.test(command))
  .flatMap(({ path, command }) => {
    const [, start, flags] = /^npm (start|run paragrad)(?: -- (.*))?$/.exec(command) ?? [];
    if (start === 'start') return [{ path, command, flags: `${START} ${flags ?? ''}` }];
    return flags?.startsWith('train') ? [{ path, command, flags: flags.slice('train'.length) }] : [];
  });

test('there are commands', () => {
  expect(trainings.length).toBeGreaterThan(30);
});

test.each(trainings)('$path: $command can start, without a warning', ({ flags }) => {
  expect(trainingWarnings(prepareRun(configOf(wordsOf(flags))))).toEqual([]);
});

test('the check notices a command that the program would refuse', () => {
  expect(() => configOf(['--no-such-flag', '1'])).toThrow('unknown option');
  expect(() => configOf(['--algorithm', 'maddpg', '--policy-delay', '2'])).toThrow('no setting');
  expect(() => configOf(['--gamma', '2'])).toThrow('give a number from 0 to 1');
});

const others = quoted.flatMap(({ path, command }) => {
  const [, name, ...words] = /^npm run paragrad -- (.*)$/.exec(command) ? wordsOf(command).slice(3) : [];
  return name === undefined || name === 'train' ? [] : [{ path, command, name, words }];
});

test.each(others)('$path: $command is a command', ({ name, words }) => {
  parse(name, words);
});

test('the files that commands name exist', () => {
  const files = quoted.flatMap(({ command }) =>
    wordsOf(command).filter((word) => word.startsWith('examples/')),
  );
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
