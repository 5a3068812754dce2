/** What an editor shows for what the packages export: doc comments, from their type declarations. */
import { readFileSync, realpathSync } from 'node:fs';
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
import { envParams, scenarios } from '@paragrad/mpe';
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

/** A line for each parameter of each scenario. */
const paramLines = Object.entries(scenarios).flatMap(([scenario, { params }]) =>
  Object.entries({ ...params, ...envParams }).map(([name, { defaultValue }]) => ({
    name,
    text: `mpe.makeEnv('${scenario}', { ${name}: ${JSON.stringify(defaultValue)} });`,
    start: '',
  })),
);

const path = fileURLToPath(new URL('program.ts', import.meta.url));
const registry = ts.createDocumentRegistry(); // reads each declaration once, for all programs

function serviceFor(program: string): ts.LanguageService {
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, types: [], strict: true };
  const read = (file: string) => (file === path ? program : ts.sys.readFile(file));
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [path],
    getScriptVersion: (file) => (file === path ? program : '1'),
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
  };
  return ts.createLanguageService(host, registry);
}

const inOneLine = (parts: ts.SymbolDisplayPart[] | undefined) =>
  ts.displayPartsToString(parts).replaceAll('\n', ' ');

/** The doc comment that an editor shows for the word at this position of the program. */
const hover = (service: ts.LanguageService, position: number) =>
  inOneLine(service.getQuickInfoAtPosition(path, position)?.documentation);

test('a hover over a setting or a parameter shows its doc comment', () => {
  const all = [...lines, ...paramLines];
  const program = [
    "import * as maddpg from '@paragrad/maddpg'; import * as mpe from '@paragrad/mpe';",
    "declare const specs: maddpg.AgentSpec[]; declare const generator: import('@paragrad/tensor').Generator;",
    ...all.map(({ text }) => text),
  ].join('\n');
  const service = serviceFor(program);
  expect(service.getSemanticDiagnostics(path).map(({ messageText }) => messageText)).toEqual([]);
  const without = all.filter(({ text, name, start }) => {
    const shown = hover(service, program.indexOf(text) + text.indexOf(` ${name}: `) + 1);
    return shown === '' || !`${shown} `.startsWith(start);
  });
  expect(without.map(({ text, start }) => `${text} ${start}`)).toEqual([]);
});

/** What a program can import: '@paragrad/tensor', '@paragrad/tensor/inspect', ... */
const entries = ['check', 'tensor', 'nn', 'mpe', 'maddpg'].flatMap((folder) => {
  const file = new URL(`../packages/${folder}/package.json`, import.meta.url);
  const { name, exports } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; exports: object };
  const places = Object.keys(exports).filter((place) => !/json|standalone/.test(place));
  return places.map((place) => name + place.slice(1));
});
const imports = entries.map((entry, index) => `import * as m${index} from '${entry}';`);

interface Exported {
  /** How a program with the imports calls it. */
  readonly name: string;
  readonly symbol: ts.Symbol;
  /** Such as a class that only other functions of the package can make. */
  readonly isTypeOnly: boolean;
}

/** Everything that these packages export. */
function exported(service: ts.LanguageService): Exported[] {
  const program = service.getProgram()!;
  const checker = program.getTypeChecker();
  const exportsOf = (path: string, module: ts.Symbol): Exported[] =>
    checker.getExportsOfModule(module).flatMap((one) => {
      const name = `${path}.${one.name}`;
      const symbol = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
      if (symbol.flags & ts.SymbolFlags.ValueModule) return exportsOf(name, symbol);
      const isTypeOnly = one.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) ?? false;
      return [{ name, symbol, isTypeOnly }];
    });
  return program
    .getSourceFile(path)!
    .statements.filter(ts.isImportDeclaration)
    .flatMap(({ moduleSpecifier }, k) => exportsOf(`m${k}`, checker.getSymbolAtLocation(moduleSpecifier)!));
}

/** Whether it is in the declarations of a package here, and not in those of JavaScript. */
const isOurs = (node: ts.Node) => node.getSourceFile().fileName.includes('/dist/');

const saysNothing = (comment: string) => /^($|Throws|Computes it|Gives warnings)/.test(comment);

test('a hover over the call of a function or constructor says what it does', () => {
  const service = serviceFor(imports.join('\n'));
  const checker = service.getProgram()!.getTypeChecker();
  const calls = exported(service).flatMap(({ name, symbol, isTypeOnly }) => {
    if (isTypeOnly || !(symbol.flags & ts.SymbolFlags.Value)) return [];
    const type = checker.getTypeOfSymbol(symbol);
    const called = { text: `${name}();`, signatures: type.getCallSignatures() };
    const made = { text: `new ${name}();`, signatures: type.getConstructSignatures() };
    return [called, made].filter(({ signatures }) => signatures.length > 0);
  });
  expect(calls.length).toBeGreaterThan(300);

  const text = [...imports, ...calls.map((call) => call.text)].join('\n');
  const ofCalls = serviceFor(text);
  const without = calls.filter(({ text: call, signatures }) => {
    const start = text.indexOf(`\n${call}`) + 1;
    if (saysNothing(hover(ofCalls, start + call.lastIndexOf('.') + 1))) return true;
    const overloads = signatures.length > 1 ? signatures.filter((one) => isOurs(one.getDeclaration())) : [];
    return overloads.some((overload) => saysNothing(inOneLine(overload.getDocumentationComment(checker))));
  });
  expect(without.map(({ text: call }) => `${call} // ${entryOf(call)}`)).toEqual([]);
});

const entryOf = (name: string): string => entries[Number(/m(\d+)/.exec(name)![1])];

test('everything exported has a doc comment, and so has every member', () => {
  const service = serviceFor(imports.join('\n'));
  const checker = service.getProgram()!.getTypeChecker();
  const isPublic = ({ name, declarations }: ts.Symbol) => !name.startsWith('#') && declarations?.some(isOurs);
  const all = exported(service).flatMap(({ name, symbol }) => {
    const isClass = symbol.flags & ts.SymbolFlags.Class;
    const types = [
      checker.getDeclaredTypeOfSymbol(symbol),
      ...(isClass ? [checker.getTypeOfSymbol(symbol)] : []),
    ];
    const members = types.flatMap((type) => checker.getPropertiesOfType(type)).filter(isPublic);
    return [symbol, ...members].map((one) => ({
      name: `${name} ${one.name} // ${entryOf(name)}`,
      comment: inOneLine(one.getDocumentationComment(checker)),
    }));
  });
  expect(all.length).toBeGreaterThan(1500);
  expect(all.filter(({ comment }) => comment === '').map(({ name }) => name)).toEqual([]);
});
