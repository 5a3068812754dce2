import type { Evaluation } from '@paragrad/maddpg';
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { escapeXml, GRID, roundNumbers, svgPicture } from './svg.js';

/** What a picture of a learning curve shows. */
export interface Curve {
  title: string;
  /** The mean return of each training episode. */
  returns: readonly number[];
  /** Evaluations by policy, which are drawn as horizontal lines. */
  evaluations: Readonly<Record<string, Evaluation>>;
}

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { top: 56, right: 150, bottom: 48, left: 64 };
const RIGHT = WIDTH - MARGIN.right;
const BOTTOM = HEIGHT - MARGIN.bottom;
const CURVE_COLOR = '#2a5db0';
const BAND_COLOR = '#d5dff0';
const LEVEL_COLORS = ['#b5532a', '#777', '#2a8a4a'];
const GROUPS = 100;

/** The learning curve as an SVG picture: mean and spread of neighboring episodes, and a line for each evaluation. */
export function learningCurve({ title, returns, evaluations }: Curve): string {
  const size = Math.max(1, Math.ceil(returns.length / GROUPS));
  const groups = groupsOf(returns, size);
  const levels = Object.entries(evaluations).map(([label, { meanReturn }], index) => ({
    label: `${label} ${meanReturn.toFixed(1)}`,
    value: meanReturn,
    color: LEVEL_COLORS[index % LEVEL_COLORS.length],
  }));
  const values = [...groups.flatMap(({ low, high }) => [low, high]), ...levels.map(({ value }) => value)];
  const x = scaleLinear([0, Math.max(1, returns.length)], [MARGIN.left, RIGHT]);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [BOTTOM, MARGIN.top]).nice();

  const band = area<Group>(
    (group) => x(group.episode),
    (group) => y(group.low),
    (group) => y(group.high),
  );
  const mean = line<Group>(
    (group) => x(group.episode),
    (group) => y(group.mean),
  );
  const xAxis = x
    .ticks(6)
    .map((tick) => `<text x="${x(tick)}" y="${BOTTOM + 20}" text-anchor="middle">${tick}</text>`);
  const yAxis = y
    .ticks(6)
    .map(
      (tick) =>
        `${horizontal(y(tick), GRID)}<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    );
  const labelPositions = spreadApart(
    levels.map(({ value }) => y(value)),
    15,
  );
  const lines = levels.map(
    ({ label, value, color }, index) =>
      `${horizontal(y(value), color, '5 4')}<text x="${RIGHT + 8}" y="${labelPositions[index] + 4}" fill="${color}">${label}</text>`,
  );
  const caption = size === 1 ? 'each episode' : `mean of ${size} episodes, and the range of the middle 80 %`;

  return svgPicture({ width: WIDTH, height: HEIGHT, title: `${title}: learning curve` }, [
    `<text x="${MARGIN.left}" y="22" font-size="15" font-weight="600">${escapeXml(title)}</text>`,
    `<text x="${MARGIN.left}" y="40" fill="${CURVE_COLOR}">${caption}; exploration noise included</text>`,
    ...yAxis,
    ...xAxis,
    `<text x="${(MARGIN.left + RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">training episode</text>`,
    `<text transform="translate(16 ${(MARGIN.top + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">mean return of an agent</text>`,
    `<path d="${roundNumbers(band(groups))}" fill="${BAND_COLOR}"/>`,
    ...lines,
    `<path d="${roundNumbers(mean(groups))}" fill="none" stroke="${CURVE_COLOR}" stroke-width="2"/>`,
  ]);
}

interface Group {
  /** The episode in the middle of the group. */
  episode: number;
  mean: number;
  /** The 10th percentile. */
  low: number;
  /** The 90th percentile. */
  high: number;
}

/** Groups of `size` neighboring values; the last one may be smaller. */
function groupsOf(values: readonly number[], size: number): Group[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const group = values.slice(index * size, (index + 1) * size).sort((a, b) => a - b);
    const quantile = (q: number) => group[Math.round(q * (group.length - 1))];
    return {
      episode: index * size + group.length / 2,
      mean: group.reduce((sum, value) => sum + value, 0) / group.length,
      low: quantile(0.1),
      high: quantile(0.9),
    };
  });
}

function horizontal(y: number, color: string, dashes = 'none'): string {
  return `<line x1="${MARGIN.left}" x2="${RIGHT}" y1="${y}" y2="${y}" stroke="${color}" stroke-dasharray="${dashes}"/>`;
}

/** The positions, moved down until neighbors are at least `gap` apart. */
function spreadApart(positions: readonly number[], gap: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]);
  const result = [...positions];
  for (let k = 1; k < order.length; k++) {
    result[order[k]] = Math.max(result[order[k]], result[order[k - 1]] + gap);
  }
  return result;
}
