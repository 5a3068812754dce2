import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Evaluation } from '../evaluate.js';

export interface Curve {
  title: string;
  /** Mean return of each training episode. */
  returns: readonly number[];
  /** Drawn as horizontal lines to compare with, by policy. */
  evaluations: Readonly<Record<string, Evaluation>>;
}

const WIDTH = 760;
const HEIGHT = 420;
const MARGIN = { top: 44, right: 150, bottom: 48, left: 64 };
const INK = '#333';
const FAINT = '#b9c6dd';
const STRONG = '#2a5db0';
const LEVEL_COLOURS = ['#b5532a', '#8a8a8a', '#2a8a4a'];

/** The learning curve as an SVG picture: every episode faint, their moving average on top. */
export function learningCurve({ title, returns, evaluations }: Curve): string {
  const levels = Object.entries(evaluations).map(([label, { meanReturn }], index) => ({
    label,
    value: meanReturn,
    colour: LEVEL_COLOURS[index % LEVEL_COLOURS.length],
  }));
  const window = Math.max(1, Math.round(returns.length / 50));
  const smooth = movingAverage(returns, window);
  const x = scaleLinear([0, Math.max(1, returns.length)], [MARGIN.left, WIDTH - MARGIN.right]);
  // The worst few episodes of early training would flatten all that follows.
  const lowest = quantile([...returns], 0.02);
  const values = [...smooth, lowest, ...levels.map(({ value }) => value)];
  const y = scaleLinear(
    [Math.min(...values), Math.max(...values)],
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  ).nice();
  const [bottom] = y.domain();
  const path = line<number>()
    .x((_, episode) => x(episode + 1))
    .y((value) => y(Math.max(bottom, value)));

  const xAxis = x
    .ticks(6)
    .map(
      (tick) => `<text x="${x(tick)}" y="${HEIGHT - MARGIN.bottom + 20}" text-anchor="middle">${tick}</text>`,
    );
  const yAxis = y
    .ticks(6)
    .map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#eee"/>` +
        `<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    );
  const labelled = spread(
    levels.map(({ value }) => y(value)),
    15,
  );
  const lines = levels.map(
    ({ label, value, colour }, index) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" stroke="${colour}" stroke-dasharray="5 4"/>` +
      `<text x="${WIDTH - MARGIN.right + 8}" y="${labelled[index] + 4}" fill="${colour}">${label} ${value.toFixed(1)}</text>`,
  );

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">
<rect width="100%" height="100%" fill="white"/>
<text x="${MARGIN.left}" y="24" font-size="15" font-weight="600">${escapeXml(title)}</text>
${[...yAxis, ...xAxis].join('\n')}
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">training episode</text>
<text transform="translate(16 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">mean return of an agent</text>
<path d="${path(returns)}" fill="none" stroke="${FAINT}" stroke-width="0.7" stroke-opacity="0.7"/>
${lines.join('\n')}
<path d="${path(smooth)}" fill="none" stroke="${STRONG}" stroke-width="2"/>
<text x="${WIDTH - MARGIN.right}" y="${MARGIN.top - 10}" text-anchor="end" fill="${STRONG}">mean of ${window} episodes, exploration included</text>
</svg>
`;
}

/** At each place the mean of the last `window` values. */
function movingAverage(values: readonly number[], window: number): number[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= window ? values[index - window] : 0);
    return sum / Math.min(index + 1, window);
  });
}

function quantile(values: number[], q: number): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(q * (values.length - 1))] ?? 0;
}

/** The positions, moved apart until neighbours are at least `gap` from each other. */
function spread(positions: readonly number[], gap: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]);
  const result = [...positions];
  for (let k = 1; k < order.length; k++) {
    result[order[k]] = Math.max(result[order[k]], result[order[k - 1]] + gap);
  }
  return result;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
