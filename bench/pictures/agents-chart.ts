import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { type Growth, growthOf } from '../growth.js';
import type { Measurements } from '../targets.js';
import { COLORS, GRID, round, svgPicture, text, WIDTH } from './svg.js';

const LEFT = 76;
const RIGHT = WIDTH - 110;
const TOP = 76;
const HEIGHT = 190;
const AGENTS = [3, 10, 30, 100];

/** What an environment step, an update and their memory cost against the number of agents. Undefined if it was not measured. */
export function agentsChart({ bench }: Measurements): string | undefined {
  const growths = bench ? growthOf(bench) : [];
  if (growths.length === 0) return undefined;
  const title = 'What many agents cost: simple_spread with 3 to 100 agents';
  const panels = growths.map((growth, k) => panel(growth, TOP + k * (HEIGHT + 84)));
  return svgPicture(title, TOP + growths.length * (HEIGHT + 84) - 20, [
    text(16, 26, title, { bold: true }),
    ...panels.flat(),
  ]);
}

function panel({ what, unit, lines }: Growth, top: number): string[] {
  const bottom = top + HEIGHT;
  const colorOf = (name: string) => COLORS[lines.findIndex((line) => line.name === name)];
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const x = scaleLog([AGENTS[0], AGENTS.at(-1)!], [LEFT, RIGHT]);
  const y = scaleLog(
    [10 ** Math.floor(Math.log10(Math.min(...values))), 10 ** Math.ceil(Math.log10(Math.max(...values)))],
    [bottom, top],
  );
  const powers = y.ticks().filter((value) => Math.abs(Math.log10(value) % 1) < 1e-9);
  const path = line<readonly [number, number]>(
    ([N]) => round(x(N)),
    ([, value]) => round(y(value)),
  );
  return [
    text(16, top - 14, `${what}, ${unit}`, { bold: true }),
    ...powers.map(
      (value) =>
        `<path d="M${LEFT} ${round(y(value))}H${RIGHT}" stroke="${GRID}"/>` +
        text(LEFT - 8, y(value) + 5, value.toLocaleString('en'), { anchor: 'end' }),
    ),
    ...AGENTS.map((N) => text(x(N), bottom + 20, `${N}`, { anchor: 'middle' })),
    text(RIGHT + 26, bottom + 20, 'agents'),
    ...lines.flatMap(({ name, points }) => {
      const color = colorOf(name);
      const dots = points.map(
        ([N, value]) => `<circle cx="${round(x(N))}" cy="${round(y(value))}" r="3.5" fill="${color}"/>`,
      );
      return [`<path d="${path(points)}" fill="none" stroke="${color}" stroke-width="2"/>`, ...dots];
    }),
    ...labels(lines, (value) => y(value)).map(({ name, at, end }) =>
      text(x(end[0]) + 12, at + 5, name, { fill: colorOf(name) }),
    ),
  ];
}

/** Where the names of lines are written: beside their ends, from top to bottom, at least 17 apart. */
function labels(lines: Growth['lines'], y: (value: number) => number) {
  let last = Number.NEGATIVE_INFINITY;
  return lines
    .map(({ name, points }) => ({ name, end: points.at(-1)! }))
    .sort((a, b) => y(a.end[1]) - y(b.end[1]))
    .map(({ name, end }) => {
      last = Math.max(y(end[1]), last + 17);
      return { name, end, at: last };
    });
}
