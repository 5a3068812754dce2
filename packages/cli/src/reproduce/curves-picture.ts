import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { estimate, mean } from '../comparing/statistics.js';
import { colorOf, strokeOf } from '../pictures/comparison-chart.js';
import { GRID, roundNumbers, svgPicture, text } from '../pictures/svg.js';
import type { RowResults } from './table-results.js';

const WIDTH = 860;
const PANELS = [
  { left: 60, right: 420, caption: 'environment steps, in thousands', title: 'by step' },
  { left: 480, right: 840, caption: 'minutes', title: 'by minute' },
];
const TOP = 62;
const HEIGHT = 240;
const BOTTOM = TOP + HEIGHT;
/** The color of curves in the background. */
const OTHERS = '#b4b8bd';
/** A line of the legend for so many names. */
const NAMES_IN_LINE = 3;

/**
 * The learning curves of a table, by environment step and by minute: evaluations without noise, the mean over the seeds with its 95 %
 * interval. The minutes are those of the fastest run, and go evenly with its steps. Rows for which `shown` is false are gray lines.
 */
export function resultsCurves(
  title: string,
  rows: readonly RowResults[],
  shown: (row: RowResults) => boolean = () => true,
): string {
  const all = rows.map((row, k) => ({ ...curveOf(row, k), isShown: shown(row) }));
  const curves = all.filter(({ points }) => points.length > 0);
  const ends = curves.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  if (ends.length === 0) return svgPicture({ width: WIDTH, height: 40, title }, [text(60, 24, 'no curves')]);
  const shownCurves = curves.filter(({ isShown }) => isShown);
  // The first evaluations are those of untrained agents, and would press all others together.
  const lowest = Math.min(...curves.map(({ points }) => points[Math.floor(points.length / 12)].low));
  const y = scaleLinear([lowest, Math.max(...ends)], [BOTTOM, TOP]).nice(6);
  const panels = PANELS.flatMap(({ left, right, caption, title: name }, panel) => {
    const xOf = (point: Point) => (panel === 0 ? point.steps / 1000 : point.minutes);
    const longest = Math.max(...curves.map(({ points }) => xOf(points.at(-1)!)));
    const x = scaleLinear([0, longest], [left, right]);
    const bandOf = area<Point>(
      (point) => x(xOf(point)),
      (point) => y(point.low),
      (point) => y(point.high),
    );
    const lineOf = line<Point>(
      (point) => x(xOf(point)),
      (point) => y(point.value),
    );
    return [
      text(left, TOP - 14, `mean return ${name}`, 'font-weight="600"'),
      ...y
        .ticks(6)
        .map((tick) => `<line x1="${left}" x2="${right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${GRID}"/>`),
      ...y.ticks(6).map((tick) => text(left - 8, y(tick) + 4, String(tick), 'text-anchor="end"')),
      ...x.ticks(5).map((tick) => text(x(tick), BOTTOM + 18, String(tick), 'text-anchor="middle"')),
      text((left + right) / 2, BOTTOM + 36, caption, 'text-anchor="middle"'),
      `<clipPath id="panel${panel}"><rect x="${left}" y="${TOP}" width="${right - left}" height="${HEIGHT}"/></clipPath>`,
      `<g clip-path="url(#panel${panel})">`,
      ...curves
        .filter(({ isShown }) => !isShown)
        .map(({ points }) => `<path d="${roundNumbers(lineOf(points))}" fill="none" stroke="${OTHERS}"/>`),
      ...shownCurves.map(
        ({ points, k }) =>
          `<path d="${roundNumbers(bandOf(points))}" fill="${colorOf(k)}" fill-opacity="0.18"/>`,
      ),
      ...shownCurves.map(
        ({ points, k }) =>
          `<path d="${roundNumbers(lineOf(points))}" fill="none" ${strokeOf(k)} stroke-width="2"/>`,
      ),
      '</g>',
    ];
  });
  const legend = shownCurves.flatMap(({ name, k }, place) => {
    const x = 60 + (place % NAMES_IN_LINE) * 265;
    const top = BOTTOM + 62 + Math.floor(place / NAMES_IN_LINE) * 20;
    return [
      `<line x1="${x}" x2="${x + 22}" y1="${top - 4}" y2="${top - 4}" ${strokeOf(k)} stroke-width="2"/>`,
      text(x + 28, top, name),
    ];
  });
  const height = BOTTOM + 62 + Math.ceil(shownCurves.length / NAMES_IN_LINE) * 20;
  return svgPicture({ width: WIDTH, height, title }, [
    text(60, 24, title, 'font-size="15" font-weight="600"'),
    ...panels,
    ...legend,
  ]);
}

interface Point {
  readonly steps: number;
  readonly minutes: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** By row: the intervals take most of the time of a page, and the pages of algorithms draw the same rows again. */
const known = new WeakMap<RowResults, readonly Point[]>();

function curveOf(row: RowResults, k: number) {
  const points = known.get(row) ?? pointsOf(row);
  known.set(row, points);
  return { name: row.name, k, points };
}

function pointsOf({ steps, minutes, curve }: RowResults): Point[] {
  return curve.steps.map((step, at) => {
    const { value, interval = [value, value] } = estimate([curve.returns.map((run) => run[at])], mean);
    return {
      steps: step,
      minutes: (Math.min(...minutes) * step) / steps,
      value,
      low: interval[0],
      high: interval[1],
    };
  });
}
