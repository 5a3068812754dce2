/** The doc comments of settings, which an editor shows. They are made from the tables, and stand there above each setting. */
import {
  algorithmNames,
  algorithms,
  annealingSettings,
  explorationSettings,
  learningSettings,
  maddpgSettings,
  prioritySettings,
  QLearner,
  runSettings,
  type Setting,
  type SettingsTable,
  samplingSettings,
} from '@paragrad/maddpg';

/** The sources that have settings, and the table of each. */
export const settingSources: Readonly<Record<string, SettingsTable>> = {
  'packages/maddpg/src/settings/learning-settings.ts': learningSettings,
  'packages/maddpg/src/settings/maddpg-settings.ts': maddpgSettings,
  'packages/maddpg/src/exploration/annealing.ts': annealingSettings,
  'packages/maddpg/src/exploration/exploration.ts': explorationSettings,
  'packages/maddpg/src/replay/prioritized-replay.ts': prioritySettings,
  'packages/maddpg/src/replay/make-memory.ts': samplingSettings,
  'packages/maddpg/src/running/run-config.ts': runSettings,
  'packages/maddpg/src/baselines/q-learner.ts': QLearner.settings,
  'packages/maddpg/src/baselines/qmix.ts': algorithms.qmix.settings,
  'packages/maddpg/src/variants/attention-maddpg.ts': algorithms['attention-maddpg'].settings,
  'packages/maddpg/src/variants/communicating-maddpg.ts': algorithms['communicating-maddpg'].settings,
  'packages/maddpg/src/variants/ensemble-maddpg.ts': algorithms['ensemble-maddpg'].settings,
  'packages/maddpg/src/variants/inferring-maddpg.ts': algorithms['inferring-maddpg'].settings,
  'packages/maddpg/src/variants/matd3.ts': algorithms.matd3.settings,
};

/** A setting in a source: its indentation, its doc comment if it has one, its name. */
const aSetting = /^( *)(\/\*\*(?:[^*]|\*(?!\/))*\*\/\n *)?(\w+)(?=: (?:setting|optional|onlyForKind)\()/gm;

/** The source, with a doc comment above each setting. The first paragraph is made from the table, and the others stay. */
export function withSettingComments(source: string, table: SettingsTable): string {
  return source.replace(aSetting, (_, indent: string, comment = '', name: string) => {
    const own = comment.split(/^ *\*\n/m).slice(1);
    const lines = wrapped(textOf(name, table[name]), 117 - indent.length);
    const oneLine = lines.length === 1 && own.length === 0 && `/** ${lines[0]} */`;
    const paragraphs = [lines.map((line) => `${indent} * ${line}\n`).join(''), ...own];
    const end = own.length > 0 ? '' : `${indent} */`;
    const several = () => `/**\n${paragraphs.join(`${indent} *\n`)}${end}`.trimEnd();
    return `${indent}${oneLine || several()}\n${indent}${name}`;
  });
}

/** What the name and the type of a setting do not say. */
function textOf(name: string, { default: initial, range, meaning, only }: Setting<unknown>): string {
  const others = algorithmNames.flatMap((algorithm) => {
    const other = (algorithms[algorithm].settings as SettingsTable)[name];
    const differs = other?.meaning === meaning && inCode(other.default) !== inCode(initial);
    return differs ? [`, in ${algorithms[algorithm].name} ${inCode(other.default)}`] : [];
  });
  const defaults = initial === undefined ? 'no default' : `default ${inCode(initial)}${others.join('')}`;
  const isNumber = 'type' in range.schema && ['number', 'integer'].includes(range.schema.type as string);
  return [
    `${capitalized(meaning)}.`,
    `${capitalized(isNumber ? `${range.inWords}; ${defaults}` : defaults)}.`,
    ...(only ? [`Only if kind is '${only}'.`] : []),
  ].join(' ');
}

/** The value as in TypeScript. */
function inCode(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)?.replaceAll(',', ', ');
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The words in lines of at most this width. */
function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
