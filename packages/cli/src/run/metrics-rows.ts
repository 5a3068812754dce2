/** The lines of metrics.csv. Needs no files, so that a page can make them, too. */
import type { EpisodeReport, LearningReport } from '@paragrad/maddpg';

/** Numbers by column. A number that is not known yet is undefined, such as the loss of an actor that has taken no step. */
export type Row = Readonly<Record<string, number | undefined>>;

const LEARNING = [
  'criticLoss',
  'criticGradNorm',
  'actorLoss',
  'actorGradNorm',
] as const satisfies readonly (keyof LearningReport)[];

/** What is logged of a training episode. */
export function episodeRow(report: EpisodeReport): Row {
  const { episode, steps, updates, strength, meanReturn, returns, teamReturns, latest } = report;
  const row: Record<string, number | undefined> = { episode, steps, updates, strength, meanReturn };
  for (const team in teamReturns) row[`return:${team}`] = teamReturns[team];
  Object.keys(returns).forEach((agent, i) => {
    row[`return:${agent}`] = returns[agent];
    for (const name of LEARNING) row[`${name}:${agent}`] = latest[i]?.[name];
  });
  return row;
}

/** The number as it is in the file: with seven digits. A count, such as that of the steps, has all of its digits. */
export function asLogged(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(7));
}

/** The row as a line of a file with these columns. */
export function csvLine(columns: readonly string[], row: Row): string {
  const texts = columns.map((column) => {
    const value = row[column];
    return Number.isFinite(value) ? asLogged(value!) : '';
  });
  return `${texts.join(',')}\n`;
}

/** The numbers of a line. An empty cell is NaN. */
export function numbersOfLine(line: string): number[] {
  return line.split(',').map(Number.parseFloat);
}

/** The complete lines of a file without those of later episodes; the first has the names of the columns. */
export function linesBefore(episodes: number, csv: string): string[] {
  const lines = csv.split('\n').slice(0, -1); // the last one may be cut off
  return lines.filter((line, k) => k === 0 || Number.parseInt(line, 10) < episodes);
}
