/** The tables of results in Markdown. */
import { metrics } from '@paragrad/maddpg';
import type { ScenarioName } from '@paragrad/mpe';
import { estimate, interquartileMean, mean, probabilityOfImprovement } from '../comparing/statistics.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import { anchorOf, markdownTable } from './markdown-table.js';
import type { ResultTable } from './result-table.js';
import { type RowResults, type TableResults, type Values, yardsticks } from './table-results.js';

type Shown = (row: RowResults) => boolean;

const everyRow: Shown = () => true;

/** With one seed there is nothing to compare or to sum up. */
function hasSeveralSeeds(rows: TableResults['rows']): boolean {
  return rows.some(({ seeds }) => seeds.length > 1);
}

/** Whether the rows are algorithms with several runs, and not settings of one or single trials. */
export function comparesAlgorithms({ base }: ResultTable, { rows }: TableResults): boolean {
  return base === undefined && hasSeveralSeeds(rows);
}

/** How far returns are from random actions to scripted players, in percent. */
export function wayOf(returns: readonly number[], others: TableResults['yardsticks']): number[] {
  return wayBetween(
    mean(others['random actions'][MEAN_RETURN]),
    mean(others['scripted players'][MEAN_RETURN]),
    returns,
  );
}

/** How far returns are from that of random actions to that of scripted players, in percent. */
export function wayBetween(random: number, scripted: number, returns: readonly number[]): number[] {
  return returns.map((value) => (100 * (value - random)) / (scripted - random));
}

/** The rows of a table without opponents, and the yardsticks. `shown`: whether a row has its line. */
export function mainTable(
  { measures, base }: ResultTable,
  results: TableResults,
  shown: Shown = everyRow,
): string {
  const { rows, yardsticks: others } = results;
  const format = new Format(results);
  const several = hasSeveralSeeds(rows);
  const header = [
    ...['', 'seeds', 'steps', ...(several ? ['minutes', 'IQM of the mean return', 'mean'] : ['mean return'])],
    ...['way', ...measures, ...(base ? [`better than ${base}`] : [])],
  ];
  const baseRow = rows.find(({ name }) => name === base);
  const body = rows.filter(shown).map((row) => {
    const { name, seeds, steps, minutes, values } = row;
    return [
      name,
      String(seeds.length),
      steps.toLocaleString('en-US'),
      ...(several
        ? [
            Math.min(...minutes).toFixed(1),
            estimateText(estimate([values[MEAN_RETURN]], interquartileMean), 2),
          ]
        : []),
      mean(values[MEAN_RETURN]).toFixed(2),
      `${mean(wayOf(values[MEAN_RETURN], others)).toFixed(0)} %`,
      ...measures.map((measure) => format.withInterval(measure, values)),
      ...(baseRow
        ? [row === baseRow ? '' : improvementText(values[MEAN_RETURN], baseRow.values[MEAN_RETURN])]
        : []),
    ];
  });
  const known = yardsticks.map((name) => [
    name,
    ...Array(several ? 4 : 2).fill(''),
    mean(others[name][MEAN_RETURN]).toFixed(2),
    name === 'random actions' ? '0 %' : '100 %',
    ...measures.map((measure) => format.number(measure, mean(others[name][measure]))),
    ...(baseRow ? [''] : []),
  ]);
  return markdownTable([header, ...body, ...known]);
}

/**
 * For each team a table of what it got against the others, and how likely a row is better than another; then a table of the teams that were
 * trained together. `shown`: whether a row of the results has its line.
 */
export function crossPlayTables(
  { measures }: ResultTable,
  all: TableResults,
  shown: Shown = everyRow,
): string[] {
  const { rows, crossPlay } = all;
  const format = new Format(all);
  const { teams, players, results } = crossPlay!;
  const byName = new Map(rows.map((row) => [row.name, row]));
  const against = teams.flatMap((team) => {
    const own = `return of ${team}`;
    const header = ['', 'seeds', 'steps', 'minutes', `IQM of the ${own}`, 'mean', ...measures];
    const lines = players.filter((player) => !byName.has(player) || shown(byName.get(player)!));
    const body = lines.map((player) => {
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
    const names = rows.filter(shown).map(({ name }) => name);
    return [
      `The team _${team}_, against the other team of every trained row and of scripted players:\n\n${markdownTable([header, ...body])}`,
      ...(names.length > 1 ? [improvementTable(names, (name) => results[team][name][own])] : []),
    ];
  });
  const returns = teams.map((team) => `return of ${team}`);
  const together = rows
    .filter(shown)
    .map(({ name, values }) => [
      name,
      ...returns.map((own) => mean(values[own]).toFixed(2)),
      ...measures.map((measure) => format.withInterval(measure, values)),
    ]);
  return [
    ...against,
    `Both teams of the same run, against each other:\n\n${markdownTable([['', ...returns, ...measures], ...together])}`,
  ];
}

function improvementText(own: readonly number[], others: readonly number[]): string {
  return estimateText(probabilityOfImprovement([own], [others]), 2);
}

/** The row with the best return of each table and team, beside the yardsticks. */
export function glanceTable(results: readonly (readonly [ResultTable, TableResults])[]): string {
  const compared = results.filter((one) => comparesAlgorithms(...one));
  const body = compared.flatMap(([{ title }, { rows, yardsticks: others, crossPlay }]) => {
    const link = `[${title}](#${anchorOf(title)})`;
    const teams = crossPlay?.teams.map((team) => ({
      task: `${link}: ${team}`,
      valuesOf: (player: string) => crossPlay.results[team][player][`return of ${team}`],
    })) ?? [
      {
        task: link,
        valuesOf: (player: string) =>
          rows.find(({ name }) => name === player)?.values[MEAN_RETURN] ??
          others[player as keyof typeof others][MEAN_RETURN],
      },
    ];
    return teams.map(({ task, valuesOf }) => {
      const iqm = ({ name }: RowResults) => interquartileMean(valuesOf(name));
      const best = rows.reduce((one, other) => (iqm(other) > iqm(one) ? other : one));
      return [
        ...[task, best.name, String(best.seeds.length), Math.min(...best.minutes).toFixed(1)],
        estimateText(estimate([valuesOf(best.name)], interquartileMean), 2),
        ...yardsticks.map((name) => mean(valuesOf(name)).toFixed(2)),
      ];
    });
  });
  return markdownTable([['', 'best', 'seeds', 'minutes', 'IQM of the return', ...yardsticks], ...body]);
}

/** P(row better than column), for rows of several runs. `returnsOf`: the returns of the runs of a row. */
export function improvementTable(
  names: readonly string[],
  returnsOf: (name: string) => readonly number[],
): string {
  const body = names.map((row) => [
    row,
    ...names.map((other) => (row === other ? '' : improvementText(returnsOf(row), returnsOf(other)))),
  ]);
  return `The probability that a run of the row has a better return than one of the column:\n\n${markdownTable([['better than', ...names], ...body])}`;
}

/** Numbers of a measure as text: whole percents, or two digits. */
export class Format {
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
