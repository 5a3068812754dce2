/** What stands on the page of an algorithm about its results: the lines of its rows, and its curves. */
import type { AlgorithmName } from '@paragrad/maddpg';
import { resultsCurves } from './curves-picture.js';
import { anchorOf } from './markdown-table.js';
import type { ResultTable } from './result-table.js';
import { comparesAlgorithms, crossPlayTables, mainTable } from './row-tables.js';
import type { RowResults, TableResults } from './table-results.js';

/** Draws a picture into the folder of pictures. Returns it in Markdown, for a page in docs. */
export type Draw = (name: string, alt: string, content: string) => string;

const START = '<!-- Written from results/*.json, as docs/results.md is -->\n';
const END = '<!-- The end of what is written -->';

/** The page of an algorithm with its results between the marks. Throws if it has no marks. */
export function withResults(
  page: string,
  name: AlgorithmName,
  results: readonly (readonly [ResultTable, TableResults])[],
  draw: Draw,
): string {
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from < 0 || to < from) {
    throw new Error(
      `the page of ${name} needs these two lines, between which its results are written:\n${START}${END}`,
    );
  }
  const own = (row: RowResults) => row.config.algorithm === name;
  const parts = results
    .filter(([table, one]) => one.rows.some(own) && comparesAlgorithms(table, one))
    .map(([table, one]) => partOf(table, one, name, own, draw));
  const text =
    parts.length > 0
      ? parts.join('\n')
      : 'No table of the [results](../results.md) has this algorithm yet.\n';
  return `${page.slice(0, from + START.length)}\n${text}\n${page.slice(to)}`;
}

function partOf(
  table: ResultTable,
  results: TableResults,
  name: AlgorithmName,
  own: (row: RowResults) => boolean,
  draw: Draw,
): string {
  const { title } = table;
  const link = `../results.md#${anchorOf(title)}`;
  const hasOthers = results.rows.some((row) => !own(row));
  const intro = `### ${title}\n\nThe [results](${link}) say what is measured${hasOthers ? ', and have the other algorithms' : ''}.\n`;
  if (results.crossPlay) return [intro, ...crossPlayTables(table, results, own)].join('\n');
  const picture = draw(
    `${table.name}-${name}`,
    `learning curves of ${name}${hasOthers ? ', before those of the others in gray' : ''}`,
    resultsCurves(`${title}: ${name}`, results.rows, own),
  );
  return [intro, mainTable(table, results, own), `${picture.replace('](', '](../')}\n`].join('\n');
}
