import { scaleLinear } from 'd3-scale';
import { estimate, mean } from '../comparing/statistics.js';
import { GRID, svgPicture, text } from '../pictures/svg.js';
import { MEAN_RETURN } from '../run/run-returns.js';
import type { ResultTable } from './result-table.js';
import { comparesAlgorithms, wayBetween, wayOf } from './row-tables.js';
import type { TableResults } from './table-results.js';

const WIDTH = 860;
const LEFT = 270;
const RIGHT = WIDTH - 60;
const LINE = 22;

/** Beyond it, a way is drawn at the edge: one far away would press all others together. */
const FURTHEST = 150;

/** Some rows, and the way of each of their runs. */
interface Group {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, ways: readonly number[]])[];
}

/** A group for a table, or for each team where teams compete. A team whose script does not beat random actions has none. */
function groupsOf({ title }: ResultTable, { rows, yardsticks, crossPlay }: TableResults): Group[] {
  if (!crossPlay) {
    return [{ title, rows: rows.map(({ name, values }) => [name, wayOf(values[MEAN_RETURN], yardsticks)]) }];
  }
  return crossPlay.teams.flatMap((team) => {
    const returnsOf = (player: string) => crossPlay.results[team][player][`return of ${team}`];
    const [random, scripted] = ['random actions', 'scripted players'].map((name) => mean(returnsOf(name)));
    if (scripted <= random) return [];
    return [
      {
        title: `${title}: ${team}`,
        rows: rows.map(({ name }) => [name, wayBetween(random, scripted, returnsOf(name))] as const),
      },
    ];
  });
}

/** Every row of every table, and of every team: the mean of its way with the 95 % interval, and a dot for each run. */
export function wayPicture(results: readonly (readonly [ResultTable, TableResults])[]): string {
  const groups = results.flatMap(([table, one]) =>
    comparesAlgorithms(table, one) ? groupsOf(table, one) : [],
  );
  const all = groups.flatMap(({ rows }) => rows.flatMap(([, ways]) => ways));
  const ends = [Math.min(0, ...all), Math.min(FURTHEST, Math.max(100, ...all))];
  const x = scaleLinear(ends, [LEFT, RIGHT]).clamp(true);
  let top = 64;
  const parts: string[] = [];
  for (const { title, rows } of groups) {
    parts.push(text(24, top, title, 'font-weight="600"'));
    for (const [name, ways] of rows) {
      top += LINE;
      const { value, interval = [value, value] } = estimate([ways], mean);
      const [low, high] = interval.map(x);
      parts.push(
        text(LEFT - 12, top, name, 'text-anchor="end"'),
        `<line x1="${low.toFixed(1)}" x2="${high.toFixed(1)}" y1="${top - 4}" y2="${top - 4}" stroke="#0072b2" stroke-width="3" stroke-opacity="0.5"/>`,
        ...ways.map(
          (way) =>
            `<circle cx="${x(way).toFixed(1)}" cy="${top - 4}" r="2.5" fill="white" stroke="#0072b2"/>`,
        ),
        `<circle cx="${x(value).toFixed(1)}" cy="${top - 4}" r="5" fill="#0072b2"/>`,
        text(RIGHT + 14, top, `${value.toFixed(0)} %`),
      );
    }
    top += 2 * LINE;
  }
  const bottom = top - LINE;
  const grid = x
    .ticks(5)
    .flatMap((tick) => [
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="52" y2="${bottom}" stroke="${GRID}"/>`,
      text(
        x(tick),
        44,
        tick === 0 ? 'random' : tick === 100 ? 'scripted' : `${tick} %`,
        'text-anchor="middle"',
      ),
    ]);
  return svgPicture(
    { width: WIDTH, height: bottom + 12, title: 'The way from random actions to scripted players' },
    [
      text(24, 22, 'The way from random actions to scripted players', 'font-size="15" font-weight="600"'),
      ...grid,
      ...parts,
    ],
  );
}
