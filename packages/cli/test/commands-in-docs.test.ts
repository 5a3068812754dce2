/** The program accepts every command that a Markdown page quotes, and its configuration can start. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, prepareRun, preset, type RunOptions, trainingWarnings } from '@paragrad/maddpg';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { blocksOf, pagePaths, proseOf, ROOT, read } from '../../../tests/markdown.js';
import { flagOptions, withFlags } from '../src/flags.js';

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

/** The flags of `train` that are not settings, as main.ts declares them. */
const declared = read('packages/cli/src/main.ts').matchAll(
  /'(--(?:preset|config|default-config|threads|out|estimate)(?: <\w+>)?)'/g,
);
const ownFlags = [...new Set([...declared].map(([, flag]) => flag))]; // `export` has --out, too

function readConfig(path: string): RunOptions {
  // A run folder exists only after an earlier command.
  if (path.startsWith('runs/')) return {};
  return parseOptions(read(path), path);
}

/** The configuration that a `train` with these words would run. */
function configOf(words: readonly string[]) {
  const train = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of flagOptions()) train.addOption(option);
  for (const flag of ownFlags) train.option(flag, '');
  train.parse(words, { from: 'user' });
  const { config, preset: name, defaultConfig, scenario, ...given } = train.opts();
  const file = config ?? (name ? undefined : defaultConfig);
  const base = file ? readConfig(file) : name ? preset(name, scenario) : {};
  return withFlags(base, { scenario, ...given });
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
  expect(ownFlags.map((flag) => flag.split(' ')[0]).sort()).toEqual([
    '--config',
    '--default-config',
    '--estimate',
    '--out',
    '--preset',
    '--threads',
  ]);
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

test('every other quoted command is a valid `evaluate`, `export` or `resume`', () => {
  const others = quoted
    .filter(({ command }) => command.startsWith('npm run paragrad --') && !command.includes(' -- train'))
    .filter(({ command }) => command !== 'npm run paragrad --');
  expect(others.length).toBeGreaterThan(0);
  const valid =
    / -- (evaluate runs\/\S+( --episodes \d+)?|export runs\/\S+ --to (onnx|pytorch)|resume runs\/\S+( --episodes \d+)?)$/;
  const wrong = others.filter(({ command }) => !valid.test(command));
  expect(wrong).toEqual([]);
});

test('the files that commands name exist', () => {
  const files = quoted.flatMap(({ command }) =>
    wordsOf(command).filter((word) => word.startsWith('examples/')),
  );
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
