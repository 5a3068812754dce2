import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type Estimate, estimate, mean, type Statistic } from '../comparing/statistics.js';
import { GRID, roundNumbers, svgPicture, text } from './svg.js';

/** A point of a run's learning curve. */
export interface CurvePoint {
  readonly episode: number;
  readonly value: number;
}

/** What the picture shows of a run, by measure. */
export interface ChartRun {
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
  /** What its trained policy reached. Missing if it was not evaluated. */
  readonly results?: Readonly<Record<string, number>>;
}

/** Runs that differ only in their seed. */
export interface ChartGroup {
  readonly name: string;
  readonly runs: readonly ChartRun[];
}

/** What a picture of several runs shows. */
export interface ComparisonChart {
  readonly title: string;
  /** What was measured, such as the return of each team. Each has a row of the picture. */
  readonly measures: readonly string[];
  /** What the curves are, such as "training episodes, exploration noise included". */
  readonly curveCaption: string;
  readonly groups: readonly ChartGroup[];
  /** What the results of a group's runs are summed up by, and its name. */
  readonly summary: { readonly name: string; readonly statistic: Statistic };
}

const WIDTH = 860;
const TOP = 34;
const CURVES = { left: 60, right: 500 };
const RESULTS = { left: 560, right: WIDTH - 30 };
const ROW = { caption: 34, axis: 46, height: 200, perGroup: 34 };
/** At most so many points in a curve. */
const POINTS = 60;
/** With more groups, bands would hide each other. */
const MOST_BANDS = 6;
/** Colors of Okabe and Ito that are dark enough for lines on white, then again with dashes: color is not the only difference. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#333333'];
const DASHES = ['none', '7 3', '2 3'];

/**
 * Several runs as an SVG picture, by group. Left: learning curves, the mean over a group's runs with its 95 % interval. Right:
 * the results, one dot for each run, and their summary with its 95 % interval.
 */
export function comparisonChart({ title, measures, curveCaption, groups, summary }: ComparisonChart): string {
  const height = Math.max(ROW.height, groups.length * ROW.perGroup);
  const rowHeight = ROW.caption + height + ROW.axis;
  const rows = measures.flatMap((measure, k) => {
    const box = { top: TOP + k * rowHeight + ROW.caption, height };
    const results = `evaluation: runs and ${summary.name}`;
    return [
      text(CURVES.left, box.top - 14, `${measure}: ${curveCaption}`, 'font-weight="600"'),
      ...curvePanel(measure, groups, box),
      text(RESULTS.left, box.top - 14, results, 'font-weight="600"'),
      ...resultPanel(measure, groups, box, summary.statistic),
    ];
  });
  const picture = { width: WIDTH, height: TOP + measures.length * rowHeight + 10, title };
  return svgPicture(picture, [text(CURVES.left, 22, title, 'font-size="15" font-weight="600"'), ...rows]);
}

interface Box {
  readonly top: number;
  readonly height: number;
}

function curvePanel(measure: string, groups: readonly ChartGroup[], { top, height }: Box): string[] {
  const bottom = top + height;
  const drawBands = groups.length <= MOST_BANDS;
  const estimateMean = drawBands
    ? (values: number[]) => estimate([values], mean)
    : (values: number[]) => ({ value: mean(values), n: values.length });
  const curves = groups
    .map(({ runs }) => runs.map((run) => run.curves[measure] ?? []))
    .map((runs) => meanCurve(runs, estimateMean));
  const points = curves.flat();
  if (points.length === 0) return [text(CURVES.left, top + 20, 'no episodes yet')];
  const ends = points.flatMap(({ value, interval }) => interval ?? [value]);
  const x = scaleLinear(
    [0, Math.max(1, ...points.map(({ episode }) => episode))],
    [CURVES.left, CURVES.right],
  );
  const y = scaleLinear([Math.min(...ends), Math.max(...ends)], [bottom, top]).nice(6);
  const bandOf = area<CurveEstimate>(
    (point) => x(point.episode),
    (point) => y((point.interval ?? [point.value])[0]),
    (point) => y(point.interval?.[1] ?? point.value),
  );
  const lineOf = line<CurveEstimate>(
    (point) => x(point.episode),
    (point) => y(point.value),
  );
  const bands = curves.map((curve, k) => {
    if (!curve.some(({ interval }) => interval)) return '';
    return `<path d="${roundNumbers(bandOf(curve))}" fill="${colorOf(k)}" fill-opacity="0.18"/>`;
  });
  const lines = curves.map(
    (curve, k) => `<path d="${roundNumbers(lineOf(curve))}" fill="none" ${strokeOf(k)} stroke-width="2"/>`,
  );
  return [
    ...y.ticks(6).map((tick) => horizontal(y(tick), CURVES, GRID)),
    ...y.ticks(6).map((tick) => text(CURVES.left - 8, y(tick) + 4, String(tick), 'text-anchor="end"')),
    ...x.ticks(5).map((tick) => text(x(tick), bottom + 18, String(tick), 'text-anchor="middle"')),
    text((CURVES.left + CURVES.right) / 2, bottom + 36, 'training episode', 'text-anchor="middle"'),
    ...bands,
    ...lines,
  ];
}

type CurveEstimate = Estimate & { readonly episode: number };

/** The mean over the runs as far as all of them got, in steps of neighboring points. */
function meanCurve(
  runs: readonly (readonly CurvePoint[])[],
  estimateMean: (values: number[]) => Estimate,
): CurveEstimate[] {
  const began = runs.filter((points) => points.length > 0);
  if (began.length === 0) return [];
  const end = Math.min(...began.map((points) => points.at(-1)!.episode + 1));
  const size = Math.max(1, Math.ceil(end / POINTS));
  return Array.from({ length: Math.ceil(end / size) }, (_, k) => {
    const near = began
      .map((points) => points.filter(({ episode }) => Math.floor(episode / size) === k && episode < end))
      .filter((points) => points.length > 0);
    if (near.length < began.length) return [];
    const episode = mean(near.flat().map((point) => point.episode));
    const values = near.map((points) => mean(points.map(({ value }) => value)));
    return [{ ...estimateMean(values), episode }];
  }).flat();
}

/** A line for each group, with its name above. So it is the legend, too. */
function resultPanel(
  measure: string,
  groups: readonly ChartGroup[],
  { top }: Box,
  statistic: Statistic,
): string[] {
  const results = groups.map(({ runs }) => runs.flatMap((run) => run.results?.[measure] ?? []));
  const summaries = results.map((values) => (values.length > 0 ? estimate([values], statistic) : undefined));
  const all = results.flat();
  const bottom = top + groups.length * ROW.perGroup;
  const low = Math.min(...all);
  const margin = (Math.max(...all) - low || 1) * 0.05;
  const x = scaleLinear([low - margin, Math.max(...all) + margin], [RESULTS.left, RESULTS.right]);
  const lines = groups.flatMap(({ name }, k) => {
    const y = top + (k + 0.68) * ROW.perGroup;
    const label = [
      `<line x1="${RESULTS.left}" x2="${RESULTS.left + 22}" y1="${y - 18}" y2="${y - 18}" ${strokeOf(k)} stroke-width="2"/>`,
      text(RESULTS.left + 28, y - 14, shorten(name, 38)),
    ];
    const summary = summaries[k];
    if (!summary) return [...label, text(RESULTS.left, y + 4, 'not evaluated', 'fill="#777"')];
    const { value, interval = [value, value] } = summary;
    return [
      ...label,
      `<line x1="${x(interval[0]).toFixed(1)}" x2="${x(interval[1]).toFixed(1)}" y1="${y}" y2="${y}" stroke="${colorOf(k)}" stroke-width="3" stroke-opacity="0.5"/>`,
      ...results[k].map(
        (result) =>
          `<circle cx="${x(result).toFixed(1)}" cy="${y}" r="3" fill="white" stroke="${colorOf(k)}"/>`,
      ),
      `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="5" fill="${colorOf(k)}"/>`,
    ];
  });
  const ticks = all.length === 0 ? [] : x.ticks(4);
  return [
    ...ticks.map(
      (tick) => `<line x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${bottom}" stroke="${GRID}"/>`,
    ),
    ...ticks.map((tick) => text(x(tick), bottom + 18, String(tick), 'text-anchor="middle"')),
    ...lines,
  ];
}

export function colorOf(group: number): string {
  return COLORS[group % COLORS.length];
}

export function strokeOf(group: number): string {
  const dashes = DASHES[Math.floor(group / COLORS.length) % DASHES.length];
  return `stroke="${colorOf(group)}" stroke-dasharray="${dashes}"`;
}

function horizontal(y: number, { left, right }: { left: number; right: number }, color: string): string {
  return `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${color}"/>`;
}

function shorten(label: string, length: number): string {
  return label.length <= length ? label : `${label.slice(0, length - 1)}…`;
}
