import {
  type Color as CuloriColor,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori';
import { describe, expect, it } from 'vitest';
import { type HexColor, palette } from '../../src/index.js';
import { scenes } from '../helpers/scenes.js';

const { good, adversaries, landmarks, obstacle, forest, food, ink, floor } = palette;

/** How colors look without one of the three kinds of cones: Machado, Oliveira and Fernandes (2009). */
const vision = {
  'normal vision': (color: CuloriColor) => color,
  deuteranopia: filterDeficiencyDeuter(1),
  protanopia: filterDeficiencyProt(1),
  tritanopia: filterDeficiencyTrit(1),
};

/** The smallest CIEDE2000 distance between two of the colors. Side by side, people just see a distance of 1. */
function leastDistance(colors: readonly HexColor[], see: (color: CuloriColor) => CuloriColor): number {
  const distance = differenceCiede2000();
  const seen = colors.map((color) => see(parse(color)!));
  return Math.min(...seen.flatMap((a, i) => seen.slice(i + 1).map((b) => distance(a, b))));
}

describe.each(Object.entries(vision))('with %s people can tell apart', (_, see) => {
  it.each<[string, HexColor[]]>([
    ['agents, obstacles and the floor', [...good, ...adversaries, obstacle, ink, floor]],
    ['kinds of landmarks', [...landmarks, ink, floor]],
    ['food, forests and obstacles', [food, forest, obstacle, ink, floor]],
  ])('%s', (_, colors) => {
    expect(leastDistance(colors, see)).toBeGreaterThan(10);
  });
});

it('notices a red and a green that look the same with deuteranopia', () => {
  const pair: HexColor[] = ['#a05a2c', '#5f7a2c'];
  expect(leastDistance(pair, vision['normal vision'])).toBeGreaterThan(30);
  expect(leastDistance(pair, vision.deuteranopia)).toBeLessThan(3);
});

describe.each(scenes)('in %s', (_, { background, shapes }) => {
  it('no two agents of one side have the same color', () => {
    const discs = shapes.filter(({ kind, shape, fill }) => kind === 'agent' && shape === 'circle' && fill);
    expect(new Set(discs.map(({ fill }) => fill)).size).toBe(discs.length);
  });

  it('everything has a line or a fill with a contrast of 3, as WCAG 1.4.11 demands of graphics', () => {
    const contrasts = new Map<string, number>();
    for (const { kind, name, fill, fillOpacity = 1, stroke } of shapes) {
      const colors = [stroke, fillOpacity > 0.8 ? fill : undefined].filter((color) => color !== undefined);
      const least = (color: HexColor) =>
        Math.min(wcagContrast(color, floor), wcagContrast(color, background));
      contrasts.set(`${kind} ${name}`, Math.max(contrasts.get(`${kind} ${name}`) ?? 0, ...colors.map(least)));
    }
    contrasts.delete('arena undefined');
    expect(contrasts.size).toBeGreaterThan(2);
    for (const [what, contrast] of contrasts) expect(contrast, what).toBeGreaterThan(3);
  });
});
