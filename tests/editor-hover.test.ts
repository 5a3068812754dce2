/** What an editor shows where a program gives a setting: the setting's doc comment, from the type declarations of the package. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  algorithms,
  annealingSettings,
  explorationSettings,
  prioritySettings,
  runSettings,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';
import ts from 'typescript';
import { expect, test } from 'vitest';

const algorithmClasses = Object.values(algorithms);

/** Expressions that take the settings of a table, which stand where the dots are. */
const takers: readonly (readonly [taker: string, table: SettingsTable])[] = [
  ...algorithmClasses.map(
    ({ name, settings }) => [`new maddpg.${name}(specs, { generator, … })`, settings] as const,
  ),
  ...algorithmClasses.map(
    ({ settings }) => ["maddpg.makeAlgorithm('maddpg', specs, { generator, … })", settings] as const,
  ),
  ['new maddpg.GaussianNoise({ generator, … })', annealingSettings],
  ['maddpg.makeExploration({ … }, generator)', explorationSettings],
  ['new maddpg.PrioritizedReplayMemory(specs, { … })', prioritySettings],
  ['maddpg.prepareRun({ … })', runSettings],
  ['maddpg.prepareRun({ exploration: { … } })', explorationSettings],
  ['maddpg.prepareRun({ sampling: { … } })', samplingSettings],
];

/** A line for each setting, and the start of its doc comment. */
const lines = takers.flatMap(([taker, table]) =>
  Object.entries(table).map(([name, { default: initial, meaning }]) => ({
    name,
    text: `${taker.replace('…', `${name}: ${JSON.stringify(initial ?? 1)}`)};`,
    start: `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}. `,
  })),
);

const path = fileURLToPath(new URL('program.ts', import.meta.url));
const program = [
  "import * as maddpg from '@paragrad/maddpg';",
  "declare const specs: maddpg.AgentSpec[]; declare const generator: import('@paragrad/tensor').Generator;",
  ...lines.map(({ text }) => text),
].join('\n');

/** The doc comment that an editor shows for the word at this position of the program. */
function hoverAt(): (position: number) => string {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, types: [], strict: true };
  const read = (file: string) => (file === path ? program : ts.sys.readFile(file));
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [path],
    getScriptVersion: () => '1',
    getScriptSnapshot: (file) => {
      const text = read(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    directoryExists: ts.sys.directoryExists,
    realpath: (file) => realpathSync(file),
    fileExists: (file) => file === path || ts.sys.fileExists(file),
    readFile: read,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  expect(service.getSemanticDiagnostics(path).map(({ messageText }) => messageText)).toEqual([]);
  return (position) =>
    ts
      .displayPartsToString(service.getQuickInfoAtPosition(path, position)?.documentation)
      .replaceAll('\n', ' ');
}

test('a hover over a setting shows its doc comment', () => {
  const hover = hoverAt();
  const without = lines.filter(({ text, name, start }) => {
    const position = program.indexOf(text) + text.indexOf(` ${name}: `) + 1;
    return !`${hover(position)} `.startsWith(start);
  });
  expect(without.map(({ text, start }) => `${text} ${start}`)).toEqual([]);
});
