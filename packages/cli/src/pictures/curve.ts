import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { escapeXml, GRID, roundNumbers, svgPicture } from './svg.js';

/** What a picture of a learning curve shows. */
export interface Curve {
  title: string;
  /** One, or one for each team. */
  series: readonly Series[];
  /** Episodes of each evaluation in training. */
  evaluationEpisodes: number;
}

/** The returns of all agents, or of a team. */
export interface Series {
  /** Missing if there is only one. */
  team?: string;
  /** The mean return of each training episode. */
  returns: readonly number[];
  /** The evaluations in training: after how many episodes, and the mean return. */
  evaluations: readonly (readonly [episodes: number, value: number])[];
  /** The mean return of each policy in the evaluation at the end. They are drawn as horizontal lines. */
  levels: Readonly<Record<string, number>>;
}

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { top: 72, right: 205, bottom: 48, left: 64 };
const RIGHT = WIDTH - MARGIN.right;
const BOTTOM = HEIGHT - MARGIN.bottom;
/** Of one series, or of each team's: the curve, the range around it, and the evaluations in training. */
const COLORS = [
  { curve: '#2a5db0', band: '#d5dff0', evaluation: '#17335f' },
  { curve: '#b5532a', band: '#f3ddd2', evaluation: '#6b2c11' },
  { curve: '#2a8a4a', band: '#d3eada', evaluation: '#14522a' },
];
/** The dashes of the horizontal lines, which are in the order of the policies. */
const DASHES = ['1 4', '2 3', '5 4'];
const GROUPS = 100;

/**
 * The learning curve as an SVG picture, with a curve for each team: mean and spread of neighboring episodes, the evaluations in
 * training, and a line for each evaluation at the end.
 */
export function learningCurve({ title, series, evaluationEpisodes }: Curve): string {
  const episodes = Math.max(...series.map(({ returns }) => returns.length));
  const size = Math.max(1, Math.ceil(episodes / GROUPS));
  const drawn = series.map((one, k) => ({
    ...one,
    colors: COLORS[(series.length - 1 - k) % COLORS.length], // adversaries come first, and are red in pictures
    groups: groupsOf(one.returns, size),
  }));
  const levels = drawn.flatMap(({ team, levels, colors }) =>
    Object.entries(levels).map(([policy, value], k) => ({
      label: `${team ? `${team}, ` : ''}${policy} ${value.toFixed(1)}`,
      value,
      color: colors.curve,
      dashes: DASHES[k % DASHES.length],
    })),
  );
  const values = [
    ...levels.map(({ value }) => value),
    ...drawn.flatMap(({ groups, evaluations }) => [
      ...groups.flatMap(({ low, high }) => [low, high]),
      ...evaluations.map(([, value]) => value),
    ]),
  ];
  const x = scaleLinear([0, Math.max(1, episodes)], [MARGIN.left, RIGHT]);
  // One by one, because a function takes only some 100,000 arguments, and there may be more evaluations.
  const lowest = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const highest = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  const y = scaleLinear([lowest, highest], [BOTTOM, MARGIN.top]).nice();

  const band = area<Group>(
    (group) => x(group.episode),
    (group) => y(group.low),
    (group) => y(group.high),
  );
  const curve = line<readonly [number, number]>(
    ([episode]) => x(episode),
    ([, value]) => y(value),
  );
  const meansOf = (groups: readonly Group[]) => curve(groups.map(({ episode, mean }) => [episode, mean]));
  const pathOf = (path: string | null, color: string, width: number) =>
    `<path d="${roundNumbers(path)}" fill="none" stroke="${color}" stroke-width="${width}"/>`;
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
    ({ label, value, color, dashes }, index) =>
      `${horizontal(y(value), color, dashes)}<text x="${RIGHT + 8}" y="${labelPositions[index] + 4}" fill="${color}">${escapeXml(label)}</text>`,
  );
  const teams = drawn.flatMap(({ team, colors }) =>
    team ? `<tspan fill="${colors.curve}" font-weight="600">${escapeXml(team)}</tspan>` : [],
  );
  const caption = size === 1 ? 'each episode' : `mean of ${size} episodes, and the range of the middle 80 %`;
  const dots = drawn.some(({ evaluations }) => evaluations.length > 0)
    ? `dots: the same ${evaluationEpisodes} episodes each time, without noise`
    : '';

  return svgPicture({ width: WIDTH, height: HEIGHT, title: `${title}: learning curve` }, [
    `<text x="${MARGIN.left}" y="22" font-size="15" font-weight="600">${escapeXml(title)}</text>`,
    `<text x="${MARGIN.left}" y="40">${teams.join(', ')}${teams.length > 0 ? ': ' : ''}${caption}; exploration noise included</text>`,
    `<text x="${MARGIN.left}" y="57">${dots}</text>`,
    ...yAxis,
    ...xAxis,
    `<text x="${(MARGIN.left + RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">training episode</text>`,
    `<text transform="translate(16 ${(MARGIN.top + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">mean return of an agent</text>`,
    ...drawn.map(
      ({ groups, colors }) =>
        `<path d="${roundNumbers(band(groups))}" fill="${colors.band}" fill-opacity="0.7"/>`,
    ),
    ...lines,
    ...drawn.map(({ groups, colors }) => pathOf(meansOf(groups), colors.curve, 2)),
    ...drawn.map(({ evaluations, colors }) => pathOf(curve(evaluations), colors.evaluation, 1)),
    ...drawn.flatMap(({ evaluations, colors }) =>
      evaluations.map(([episode, value]) => dotAt(x(episode), y(value), colors.evaluation)),
    ),
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

function dotAt(x: number, y: number, color: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.5" fill="${color}"/>`;
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
