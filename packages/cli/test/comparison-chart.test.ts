import { describe, expect, test } from 'vitest';
import { mean } from '../src/comparing/statistics.js';
import { type ChartGroup, type ComparisonChart, comparisonChart } from '../src/pictures/comparison-chart.js';

const curve = (level: number, episodes = 100) =>
  Array.from({ length: episodes }, (_, episode) => ({ episode, value: level + (episode % 7) }));
const run = (level: number, episodes?: number) => ({
  curves: { return: curve(level, episodes) },
  results: { return: level },
});
const draw = (groups: readonly ChartGroup[], changes: Partial<ComparisonChart> = {}) =>
  comparisonChart({
    title: 'simple',
    measures: ['return'],
    curveCaption: 'training episodes',
    groups,
    summary: { name: 'mean', statistic: mean },
    ...changes,
  });
const count = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;
const BAND = /<path[^>]* fill="#/g;
const CURVE = /<path[^>]* fill="none"/g;
const DOT = /<circle[^>]*r="3"/g;

describe('the picture of several runs', () => {
  test('has a curve with a band, a dot for each run, and a name for each group', () => {
    const svg = draw([
      { name: 'gamma 0.9', runs: [run(1), run(3)] },
      { name: 'gamma 0.99', runs: [run(2), run(4), run(7)] },
    ]);
    expect(count(svg, CURVE)).toBe(2);
    expect(count(svg, BAND)).toBe(2);
    expect(count(svg, DOT)).toBe(5);
    for (const text of ['gamma 0.9<', 'gamma 0.99<', 'return: training episodes'])
      expect(svg).toContain(text);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('a single run has no band, and many groups have none', () => {
    expect(count(draw([{ name: 'one', runs: [run(1)] }]), BAND)).toBe(0);
    const many = Array.from({ length: 9 }, (_, k) => ({ name: `${k}`, runs: [run(k), run(k + 2)] }));
    expect(count(draw(many), BAND)).toBe(0);
    // Nine groups look different: a color comes again only with other dashes.
    const looks = [...draw(many).matchAll(/<path[^>]*(stroke="[^"]*" stroke-dasharray="[^"]*")/g)];
    expect(new Set(looks.map(([, look]) => look)).size).toBe(9);
  });

  test('a curve ends where the first of its runs does', () => {
    const xOf = (svg: string) => Number(/<path d="[^"]*L([\d.]+),[\d.]+" fill="none"/.exec(svg)![1]);
    const short = draw([
      { name: 'a', runs: [run(1, 50), run(2, 100)] },
      { name: 'b', runs: [run(1, 100)] },
    ]);
    const long = draw([
      { name: 'a', runs: [run(1, 100), run(2, 100)] },
      { name: 'b', runs: [run(1, 100)] },
    ]);
    expect(xOf(short)).toBeLessThan(xOf(long) - 100);
  });

  test('runs without results or without episodes are said', () => {
    const svg = draw([{ name: 'new', runs: [{ curves: { return: [] } }] }]);
    expect(svg).toContain('not evaluated');
    expect(svg).toContain('no episodes yet');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('equal results, and text with special characters', () => {
    const svg = draw([{ name: 'a < "b" & c', runs: [run(0), run(0)] }]);
    expect(svg).toContain('a &lt; &quot;b&quot; &amp; c');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('each measure has a row', () => {
    const two = { curves: { good: curve(1), bad: curve(-1) }, results: { good: 1, bad: -1 } };
    const svg = draw([{ name: 'a', runs: [two] }], { measures: ['good', 'bad'] });
    expect(count(svg, CURVE)).toBe(2);
    expect(svg).toContain('bad: training episodes');
  });
});
