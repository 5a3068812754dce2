/** docs/results.md with its pictures, from results/*.json. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { metrics } from '@paragrad/maddpg';
import type { ScenarioName } from '@paragrad/mpe';
import { estimate, interquartileMean, mean, probabilityOfImprovement } from '../comparing/statistics.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { makeFolder, replaceFile } from '../run/write-files.js';
import { resultsCurves } from './curves-picture.js';
import { markdownTable } from './markdown-table.js';
import { matrixPicture } from './matrix-picture.js';
import { published } from './published.js';
import type { ResultTable } from './result-table.js';
import { type TableResults, type Values, yardsticks } from './table-results.js';
import { wayOf, wayPicture } from './way-picture.js';

type Results = readonly (readonly [ResultTable, TableResults])[];

const INTRODUCTION = `# Results

<!-- Written by \`paragrad reproduce\` from results/*.json -->

What the algorithms reach on the particle environments, with definitions, seeds and intervals. The command above a table wrote its
numbers. \`npm run paragrad -- reproduce\` trains all of it again, and \`reproduce <table>\` one table. It goes on where it was
stopped, on all cores, or with \`--queue\` on several machines. The numbers are in [results/](../results), those without opponents also in the
format of [marl-eval](https://github.com/instadeepai/marl-eval), whose absolute metrics are those of the last policy here. Some trained agents
are in results/policies: \`npm run play -- results/policies/cooperative-navigation/MADDPG\`.

- Each run is evaluated on 1,000 episodes without noise, which were not trained on. In tables without opponents, seed k has the same
  episodes in every row. In the others, all seeds have the same ones.
- The **mean return** is that of an agent: the sum of its rewards in an episode of 25 steps, as in the current reference
  ([other conventions](#against-published-numbers)).
- **IQM** is the interquartile mean over the seeds. In brackets is a 95 % interval, the percentile bootstrap over the seeds. The other
  measures are means over the seeds, with such an interval.
- The **way** is how far the mean return is from random actions (0 %) to [scripted players](../packages/mpe/README.md#scripted-players)
  (100 %). They know the whole world, but are not optimal: more than 100 % is possible.
- **Minutes** is how long the fastest run of the row trained, with one thread, while others trained on the other cores.
`;

const MARK = '<!-- Written by `paragrad reproduce`';

/** Throws if there is another page, which someone wrote by hand. */
export function checkPage(path: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8').includes(MARK)) return;
  throw new Error(`${path} exists, and reproduce did not write it; choose another page with --page`);
}

/** Writes the page and its pictures. `tables`: all that there are, also those without results. */
export function writePage(path: string, results: Results, tables: readonly ResultTable[]): void {
  for (const [name, content] of Object.entries(pageFiles(path, results, tables))) {
    makeFolder(dirname(name));
    replaceFile(name, content);
  }
}

/** The files by path. */
export function pageFiles(
  path: string,
  results: Results,
  tables: readonly ResultTable[],
): Record<string, string> {
  const images = join(dirname(path), 'images', 'results');
  const files: Record<string, string> = {};
  const picture = (name: string, alt: string, content: string) => {
    files[join(images, `${name}.svg`)] = content;
    return `![${alt}](images/results/${name}.svg)`;
  };
  const way = picture(
    'way',
    'how far each algorithm comes from random actions to scripted players, by table',
    wayPicture(results),
  );
  const parts = results.map(([table, one]) => sectionOf(table, one, picture));
  files[path] = `${[
    INTRODUCTION,
    way,
    ...parts,
    notTrained(results, tables),
    published(results.map(([, one]) => one)),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
  return files;
}

function notTrained(results: Results, tables: readonly ResultTable[]): string {
  const left = tables.filter((table) => !results.some(([one]) => one.name === table.name));
  if (left.length === 0) return '';
  const names = left.map(({ name, title }) => `- ${title}: \`${name}\``);
  return `\n## Not trained yet\n\n\`reproduce\` knows these tables, too:\n\n${names.join('\n')}\n`;
}

type Draw = (name: string, alt: string, content: string) => string;

function sectionOf(table: ResultTable, results: TableResults, picture: Draw): string {
  const { name, title, about } = table;
  const { crossPlay } = results;
  return [
    `\n## ${title}\n`,
    `${about}\n`,
    `\`\`\`sh\nnpm run paragrad -- reproduce ${name}\n\`\`\`\n`,
    ...(crossPlay ? crossPlayParts(table, results, picture) : aloneParts(table, results, picture)),
  ].join('\n');
}

function aloneParts(table: ResultTable, results: TableResults, picture: Draw): string[] {
  const { name, title } = table;
  const { rows } = results;
  const alt = `learning curves of ${title}, by environment step and by minute`;
  return [
    mainTable(table, results),
    ...(hasSeveralSeeds(rows)
      ? [picture(name, alt, resultsCurves(title, rows)), '', improvementTable(results)]
      : []),
  ];
}

/** With one seed there is nothing to compare or to sum up. */
function hasSeveralSeeds(rows: TableResults['rows']): boolean {
  return rows.some(({ seeds }) => seeds.length > 1);
}

function mainTable({ measures }: ResultTable, results: TableResults): string {
  const { rows, yardsticks: others } = results;
  const format = new Format(results);
  const several = hasSeveralSeeds(rows);
  const header = [
    ...['', 'seeds', 'steps', ...(several ? ['minutes', 'IQM of the mean return', 'mean'] : ['mean return'])],
    ...['way', ...measures],
  ];
  const body = rows.map(({ name, seeds, steps, minutes, values }) => [
    name,
    String(seeds.length),
    steps.toLocaleString('en-US'),
    ...(several
      ? [Math.min(...minutes).toFixed(1), estimateText(estimate([values[MEAN_RETURN]], interquartileMean), 2)]
      : []),
    mean(values[MEAN_RETURN]).toFixed(2),
    `${mean(wayOf(values[MEAN_RETURN], others)).toFixed(0)} %`,
    ...measures.map((measure) => format.withInterval(measure, values)),
  ]);
  const known = yardsticks.map((name) => [
    name,
    ...Array(several ? 4 : 2).fill(''),
    mean(others[name][MEAN_RETURN]).toFixed(2),
    name === 'random actions' ? '0 %' : '100 %',
    ...measures.map((measure) => format.number(measure, mean(others[name][measure]))),
  ]);
  return markdownTable([header, ...body, ...known]);
}

function crossPlayParts({ name, measures }: ResultTable, all: TableResults, picture: Draw): string[] {
  const { rows, crossPlay } = all;
  const format = new Format(all);
  const { teams, players, results, matrices } = crossPlay!;
  const byName = new Map(rows.map((row) => [row.name, row]));
  const parts = teams.map((team) => {
    const own = `return of ${team}`;
    const header = ['', 'seeds', 'steps', 'minutes', `IQM of the ${own}`, 'mean', ...measures];
    const body = players.map((player) => {
      const row = byName.get(player);
      const values = results[team][player];
      return [
        player,
        ...(row
          ? [String(row.seeds.length), row.steps.toLocaleString('en-US'), Math.min(...row.minutes).toFixed(1)]
          : ['', '', '']),
        row ? estimateText(estimate([values[own]], interquartileMean), 2) : '',
        mean(values[own]).toFixed(2),
        ...measures.map((measure) =>
          row ? format.withInterval(measure, values) : format.number(measure, mean(values[measure])),
        ),
      ];
    });
    return `The team _${team}_, against the other team of every row and of scripted players:\n\n${markdownTable([header, ...body])}`;
  });
  const pictures = Object.entries(matrices).map(([measure, matrix]) =>
    picture(
      `${name}-${measure.replaceAll(' ', '-')}`,
      `${measure} of each pair`,
      matrixPicture({
        measure,
        rows: teams[0],
        columns: teams[1],
        players,
        matrix,
        format: (value) => format.number(measure, value),
      }),
    ),
  );
  return [...parts, ...pictures.flatMap((one) => [one, ''])];
}

/** P(row better than column) of the mean return. */
function improvementTable({ rows }: TableResults): string {
  const header = ['better than', ...rows.map(({ name }) => name)];
  const body = rows.map((row) => [
    row.name,
    ...rows.map((other) =>
      row === other
        ? ''
        : estimateText(probabilityOfImprovement([row.values[MEAN_RETURN]], [other.values[MEAN_RETURN]]), 2),
    ),
  ]);
  return `The probability that a run of the row has a better return than one of the column:\n\n${markdownTable([header, ...body])}`;
}

/** Numbers of a measure as text: whole percents, or two digits. */
class Format {
  readonly #shares: ReadonlySet<string>;

  constructor({ scenario }: TableResults) {
    const all = metrics[scenario as ScenarioName];
    this.#shares = new Set(all.filter(({ unit }) => unit === '%').map(({ name }) => name));
  }

  number(measure: string, value: number): string {
    return this.#shares.has(measure) ? `${value.toFixed(0)} %` : value.toFixed(2);
  }

  /** The mean over the seeds, with its interval. */
  withInterval(measure: string, values: Values): string {
    const { value, interval } = estimate([values[measure]], mean);
    const ends = interval?.map((end) => this.number(measure, end).replace(' %', '')).join(', ');
    return this.number(measure, value) + (ends ? ` [${ends}]` : '');
  }
}

function estimateText({ value, interval }: ReturnType<typeof estimate>, places: number): string {
  return (
    value.toFixed(places) + (interval ? ` [${interval.map((end) => end.toFixed(places)).join(', ')}]` : '')
  );
}
