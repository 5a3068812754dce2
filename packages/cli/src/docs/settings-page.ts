/** docs/settings.md, made from the tables of settings. */
import {
  algorithmNames,
  algorithms,
  explorationSettings,
  learningSettings,
  maddpgSettings,
  runSettings,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';
import { flagOf } from '../flags.js';

export function settingsPage(): string {
  const own = algorithmNames
    .map((name) => [name, without(algorithms[name].settings, maddpgSettings)] as const)
    .filter(([, table]) => Object.keys(table).length > 0);
  return `# Settings

<!-- Generated from the tables of settings: \`npm run docs\` -->

Everything that decides a run is one object of plain data, the \`config.json\` of a run's folder. A configuration needs only what
differs from the defaults:

\`\`\`json
{
  "$schema": "../packages/cli/config.schema.json",
  "scenario": "simple_tag",
  "algorithm": "matd3",
  "exploration": { "initial": 0.3 },
  "settings": { "gamma": 0.95, "policyDelay": 3 }
}
\`\`\`

With the line \`$schema\` an editor completes names and shows ranges and meanings. The same object goes into \`prepareRun\` in code. On
the command line each setting has a flag, and \`--config <file>\` or \`--preset <name>\` is where to start from;
\`paragrad train --help\` shows the values that a run would have.

## The run

${rows(runSettings)}

## \`sampling\`

How batches are drawn from the [replay memory](replay.md).

${rows(samplingSettings, 'sampling')}

## \`exploration\`

How agents [explore](exploration.md) while they learn.

${rows(explorationSettings, 'exploration')}

## \`settings\`

The settings of the algorithm. Every algorithm has these:

${rows(learningSettings, 'settings')}

MADDPG and all its variants have these, too:

${rows(without(maddpgSettings, learningSettings), 'settings')}

\`openai-maddpg\` has the same settings with the defaults of the released code:

${rows(changed(algorithms['openai-maddpg'].settings, maddpgSettings), 'settings')}

These belong to one algorithm, or to the two baselines:

${table(
  ['setting', 'algorithm', 'default', 'range', 'flag', 'meaning'],
  [...new Set(own.flatMap(([, table]) => Object.keys(table)))].map((name) => {
    const owners = own.filter(([, table]) => name in table);
    const [first, ...rest] = cells(owners[0][1], name, 'settings');
    return [first, owners.map(([algorithm]) => code(algorithm)).join(', '), ...rest];
  }),
)}
`;
}

function without(table: SettingsTable, other: SettingsTable): SettingsTable {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !(name in other)));
}

/** The settings whose default is another. */
function changed(table: SettingsTable, other: SettingsTable): SettingsTable {
  const differs = ([name, { default: initial }]: [string, SettingsTable[string]]) =>
    JSON.stringify(initial) !== JSON.stringify(other[name].default);
  return Object.fromEntries(Object.entries(table).filter(differs));
}

type Group = 'sampling' | 'exploration' | 'settings';

function rows(settings: SettingsTable, group?: Group): string {
  return table(
    ['setting', 'default', 'range', 'flag', 'meaning'],
    Object.keys(settings).map((name) => cells(settings, name, group)),
  );
}

function cells(settings: SettingsTable, name: string, group?: Group): string[] {
  const { default: initial, kind, meaning, only } = settings[name];
  return [
    code(name),
    initial === undefined ? '' : code(JSON.stringify(initial)),
    kind.range,
    code(flagOf(group, name)),
    `${only ? `${code(only)} only: ` : ''}${meaning}`,
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A Markdown table as the formatter writes it. */
function table(header: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = header.map((_, k) => Math.max(...[header, ...body].map((row) => [...row[k]].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, k) => cell + ' '.repeat(widths[k] - [...cell].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...body.map(line)].join('\n');
}
