import { scaleLinear } from 'd3-scale';
import { median, type Row } from '../results.js';
import { best } from '../select.js';
import type { Measurements } from '../targets.js';
import { COLORS, round, short, svgPicture, text, WIDTH } from './svg.js';

const LEFT = 168;
const RIGHT = WIDTH - 64;
const BAR = 22;
const [PRODUCTS, REST, OTHERS] = [COLORS[0], '#9ecae1', '#999'];
const UPDATE = 'MADDPG update, 3 agents of 18/2';
const BATCHES: [batch: number, name: string][] = [
  [16, `${UPDATE}, batch 16`],
  [128, `${UPDATE}, batch 128`],
  [1024, UPDATE],
];

/** A bar: its parts from left to right, in milliseconds, and their colors. */
interface Bar {
  readonly label: string;
  readonly parts: readonly (readonly [ms: number, color: string])[];
}

/**
 * The time of an update for each batch, ours split into products and the rest, beside PyTorch's. Undefined if it was not
 * measured.
 */
export function updateChart({ bench, peers }: Measurements): string | undefined {
  if (!bench || !peers) return undefined;
  const on = { by: 'paragrad', runtime: 'Node 20.', threads: 'one' } as const;
  const ours = (label: string, name: string): Bar[] => {
    const beside = best(peers, { work: name, ...on }); // from the run that measured PyTorch
    const update = best(bench, { work: name, ...on });
    const products = best(bench, { work: `products of ${name}`, ...on });
    if (!beside || !update || !products) return [];
    const share = Math.min(1, ms(products) / ms(update));
    const parts = [[share * ms(beside), PRODUCTS] as const, [(1 - share) * ms(beside), REST] as const];
    return [{ label, parts }];
  };
  const theirs = (label: string, work: string, by: string): Bar[] => {
    const row = best(peers, { work, by });
    return row ? [{ label, parts: [[ms(row), OTHERS]] }] : [];
  };
  const panels = BATCHES.flatMap(([batch, name]) => {
    const inTurn = ours('Paragrad, in turn', name);
    if (inTurn.length === 0) return [];
    const bars = [
      ...inTurn,
      ...ours('Paragrad, together', `${name}, together`),
      ...theirs('PyTorch, as usual', name, 'PyTorch frozen'),
      ...theirs('PyTorch, stacked', name, 'PyTorch stacked'),
    ];
    return [{ title: `Batch ${batch}`, bars }];
  });
  if (panels.length === 0) return undefined;
  return draw(panels);
}

const ms = (row: Row) => median(row.values);

function draw(panels: readonly { readonly title: string; readonly bars: readonly Bar[] }[]): string {
  const title = 'An update of 3 agents, in milliseconds';
  const content = [text(16, 26, title, { bold: true })];
  const legend: [string, string][] = [
    ['matrix products', PRODUCTS],
    ['the rest', REST],
    ['PyTorch', OTHERS],
  ];
  legend.forEach(([words, color], k) => {
    const x = 16 + k * 150;
    content.push(`<rect x="${x}" y="40" width="14" height="14" fill="${color}"/>`, text(x + 20, 52, words));
  });
  let y = 88;
  for (const { title, bars } of panels) {
    content.push(text(16, y, title, { bold: true }));
    y += 10;
    const total = ({ parts }: Bar) => parts.reduce((sum, [ms]) => sum + ms, 0);
    const x = scaleLinear([0, Math.max(...bars.map(total))], [LEFT, RIGHT]);
    for (const bar of bars) {
      content.push(text(LEFT - 8, y + 16, bar.label, { anchor: 'end' }));
      let from = 0;
      for (const [ms, color] of bar.parts) {
        const [left, right] = [x(from), x(from + ms)];
        content.push(
          `<rect x="${round(left)}" y="${y}" width="${round(right - left)}" height="${BAR - 4}" fill="${color}"/>`,
        );
        from += ms;
      }
      content.push(text(x(from) + 6, y + 15, short(from)));
      y += BAR;
    }
    y += 30;
  }
  return svgPicture(title, y - 16, content);
}
