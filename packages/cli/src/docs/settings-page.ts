/** The page docs/settings.md, made from the tables of settings. */
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
import { flagOf } from '../settings/flags.js';

export function settingsPage(): string {
  const own = algorithmNames
    .map((name) => [name, without(algorithms[name].settings, maddpgSettings)] as const)
    .filter(([, table]) => Object.keys(table).length > 0);
  return `# Settings

<!-- Generated from the tables of settings: \`npm run docs:write\` -->

Everything that decides a run is one object of plain data. A run writes it to the \`config.json\` in its folder. Your own configuration
needs only what differs from the defaults:

\`\`\`json
{
  "$schema": "../packages/cli/config.schema.json",
  "scenario": "simple_tag",
  "algorithm": "matd3",
  "exploration": { "initial": 0.3 },
  "settings": { "gamma": 0.95, "policyDelay": 3 }
}
\`\`\`

With the line \`$schema\`, editors complete names and show ranges and meanings. In code, give the same object to \`prepareRun\`. On the
command line each setting has a flag. The flags change the defaults, or the configuration of \`--config <file>\` or \`--preset <name>\`.
\`paragrad train --help\` shows the resulting values.

## The run

${rows(runSettings)}

## \`sampling\`

How batches are drawn from the [replay memory](replay.md).

${rows(samplingSettings, 'sampling')}

## \`exploration\`

How agents [explore](exploration.md) in training.

${rows(explorationSettings, 'exploration')}

## \`settings\`

The settings of the algorithm. Every algorithm has these settings:

${rows(learningSettings, 'settings')}

MADDPG and all its variants also have these:

${rows(without(maddpgSettings, learningSettings), 'settings')}

\`openai-maddpg\` has the same settings, but other defaults, those of the released code:

${rows(withOtherDefaults(algorithms['openai-maddpg'].settings, maddpgSettings), 'settings')}

These settings belong to one algorithm, or to the two baselines:

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

/** The table without the settings that are in the other one. */
function without(table: SettingsTable, other: SettingsTable): SettingsTable {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !(name in other)));
}

/** The settings whose default differs from that in the other table. */
function withOtherDefaults(table: SettingsTable, other: SettingsTable): SettingsTable {
  const differs = ([name, { default: initial }]: [string, SettingsTable[string]]) =>
    JSON.stringify(initial) !== JSON.stringify(other[name].default);
  return Object.fromEntries(Object.entries(table).filter(differs));
}

/** A group of settings in a configuration. */
type Group = 'sampling' | 'exploration' | 'settings';

/** The settings as a Markdown table. */
function rows(settings: SettingsTable, group?: Group): string {
  return table(
    ['setting', 'default', 'range', 'flag', 'meaning'],
    Object.keys(settings).map((name) => cells(settings, name, group)),
  );
}

/** The row of one setting. */
function cells(settings: SettingsTable, name: string, group?: Group): string[] {
  const { default: initial, range, meaning, only } = settings[name];
  return [
    code(name),
    initial === undefined ? '' : code(JSON.stringify(initial)),
    range.inWords,
    code(flagOf(group, name)),
    `${only ? `${code(only)} only: ` : ''}${meaning}`,
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A Markdown table with aligned columns. */
function table(header: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = header.map((_, k) => Math.max(...[header, ...body].map((row) => [...row[k]].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, k) => cell + ' '.repeat(widths[k] - [...cell].length)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...body.map(line)].join('\n');
}
