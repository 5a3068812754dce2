/** docs/results.md with its pictures, and the results on the pages of the algorithms, from results/*.json. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { algorithmNames } from '@paragrad/maddpg';
import { MEAN_RETURN } from '../run/run-returns.js';
import { makeFolder, replaceFile } from '../run/write-files.js';
import { type Draw, withResults } from './algorithm-results.js';
import { claims } from './claims.js';
import { resultsCurves } from './curves-picture.js';
import { matrixPicture } from './matrix-picture.js';
import { published } from './published.js';
import type { ResultTable } from './result-table.js';
import {
  comparesAlgorithms,
  crossPlayTables,
  Format,
  glanceTable,
  improvementTable,
  mainTable,
} from './row-tables.js';
import type { TableResults } from './table-results.js';
import { wayPicture } from './way-picture.js';

type Results = readonly (readonly [ResultTable, TableResults])[];

const INTRODUCTION = `# Results

<!-- Written by \`paragrad reproduce\` from results/*.json -->

What the algorithms reach on the particle environments, with definitions, seeds and intervals.

- **To repeat it**: the command above a table trains its runs and writes its numbers. \`npm run paragrad -- reproduce all\` trains all
  tables. It goes on where it was stopped. It takes all cores, or with \`--queue\` several machines. \`npm run paragrad -- reproduce\`
  lists the tables, and how long each took. The numbers are from Node 20; newer versions have other kernels, and end with similar numbers, not
  the same.
- **The numbers** are in [results/](../results). Tables without opponents have a second file there, which
  [marl-eval](https://github.com/instadeepai/marl-eval) reads. What marl-eval calls absolute metrics is measured on the last policy here, not
  on the best one.
- **Trained agents**: some are in results/policies. To see them play:
  \`npm run play -- results/policies/cooperative-navigation/MADDPG\`

How to read the tables:

- Each run is evaluated on 1,000 episodes without noise, which were not trained on. In tables without opponents, these episodes depend on
  the seed, and are the same in every row. In tables with opponents, they are the same for all seeds.
- The **mean return** is that of an agent: the sum of its rewards in an episode of 25 steps, as in the current reference
  ([other conventions](#against-published-numbers)).
- **IQM** is the interquartile mean over the seeds. In brackets is a 95 % interval, the percentile bootstrap over the seeds. The other
  measures are means over the seeds, with such an interval. With five seeds they are too short ([how much](comparing.md#intervals)):
  [1.00, 1.00] only means that every run of one row was better than every run of the other.
- The **way** is a normalized score: how far the mean return is from random actions (0 %) to [scripted players](../packages/mpe/README.md#scripted-players)
  (100 %). They know where everything is, but no goal or key that their agent must not know. They are not optimal: more than 100 % is
  possible.
- **Minutes** is how long the fastest run of the row trained, with one thread, on a machine that did other work, too. Compare them only roughly.
  The curves by minute are those by step, with the steps spread evenly over these minutes.
`;

const GLANCE = `
## At a glance

The row with the highest IQM of each table. Its interval often overlaps that of the next one: look at the table before you call it the winner.
Where two teams compete, each has a line: its return against the other team of every trained row and of scripted players. Further down are
[claimed win rates](#claimed-win-rates) and [published numbers](#against-published-numbers).
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
  const picture: Draw = (name, alt, content) => {
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
    GLANCE,
    glanceTable(results),
    way,
    ...parts,
    notTrained(results, tables),
    claims(results.map(([, one]) => one)),
    published(results.map(([, one]) => one)),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;

  for (const name of algorithmNames) {
    const ownPage = join(dirname(path), 'algorithms', `${name}.md`);
    if (!existsSync(ownPage)) continue;
    files[ownPage] = withResults(readFileSync(ownPage, 'utf8'), name, results, picture);
  }
  return files;
}

function notTrained(results: Results, tables: readonly ResultTable[]): string {
  const left = tables.filter((table) => !results.some(([one]) => one.name === table.name));
  if (left.length === 0) return '';
  const names = left.map(({ name, title }) => `- ${title}: \`${name}\``);
  return `\n## Not trained yet\n\n\`reproduce\` knows these tables, too:\n\n${names.join('\n')}\n`;
}

function sectionOf(table: ResultTable, results: TableResults, picture: Draw): string {
  const { name, title, about } = table;
  const { crossPlay, rows } = results;
  const left = table.sweep.list.filter((row) => !rows.some((one) => one.name === row.name));
  return [
    `\n## ${title}\n`,
    `${about}\n`,
    `\`\`\`sh\nnpm run paragrad -- reproduce ${name}\n\`\`\`\n`,
    ...(crossPlay ? crossPlayParts(table, results, picture) : aloneParts(table, results, picture)),
    ...(left.length > 0 ? [`\nNot trained yet: ${left.map((row) => row.name).join('; ')}.\n`] : []),
  ].join('\n');
}

function aloneParts(table: ResultTable, results: TableResults, picture: Draw): string[] {
  const { name, title } = table;
  const compares = comparesAlgorithms(table, results);
  const returns = new Map(results.rows.map((row) => [row.name, row.values[MEAN_RETURN]]));
  const names = [...returns.keys()];
  const alt = `learning curves of ${title}, by environment step and by minute`;
  return [
    mainTable(table, results),
    ...(compares ? [picture(name, alt, resultsCurves(title, results.rows)), ''] : []),
    ...(compares && names.length > 1 ? [improvementTable(names, (row) => returns.get(row)!)] : []),
  ];
}

function crossPlayParts(table: ResultTable, all: TableResults, picture: Draw): string[] {
  const format = new Format(all);
  const { teams, players, matrices } = all.crossPlay!;
  const pictures = Object.entries(matrices).map(([measure, matrix]) =>
    picture(
      `${table.name}-${measure.replaceAll(' ', '-')}`,
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
  return [...crossPlayTables(table, all), ...pictures.flatMap((one) => [one, ''])];
}
