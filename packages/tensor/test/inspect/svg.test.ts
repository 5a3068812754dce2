import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../src/index.js';
import { inspect, toSvg } from '../../src/inspect/index.js';
import { graphAndGroups } from './random-graph.js';

const leaf = (name: string) => {
  const x = tensor([1, 2], { requiresGrad: true });
  x.name = name;
  return x;
};

describe('the picture', () => {
  const [w, v] = [leaf('w'), leaf('v')];
  const loss = w.mul(v).mul(w.detach()).sum();
  const svg = toSvg(inspect(loss, { gradients: true, inputs: [v] }), {
    title: 'A loss',
    description: 'How it was made',
  });

  test('has a title, a description and a role', () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* role="img">\n<title>A loss<\/title>/,
    );
    expect(svg).toContain('<desc>How it was made</desc>');
    expect(toSvg(inspect(loss, { gradients: true }))).toContain(
      '<desc>7 edges. A gradient flows back along 5; detach cuts 1 of them.</desc>',
    );
  });

  test('a line with a gradient has its width; one without has none; a cut one is broken and has a mark', () => {
    const classes = [
      ...svg.matchAll(/<path class="(\w+)"[^>]*?( stroke-width="[\d.]+")?( stroke-opacity="[\d.]+")?\/>/g),
    ];
    const count = (name: string) => classes.filter(([, one]) => one === name).length;
    expect(count('detached')).toBe(1);
    expect(count('cut')).toBe(1);
    for (const [, name, width] of classes) expect(width !== undefined).toBe(name === 'gradient');
    expect(svg).toContain('leaf w [2] → detach [2]: cut off by detach, no gradient</title>');
  });

  test('parameters that get no gradient say so', () => {
    expect(svg).toMatch(/<g class="leaf without"><title>leaf w \[2\]: no gradient<\/title>/);
    expect(svg).toMatch(/<g class="leaf reached"><title>leaf v \[2\]: \|gradient\| [\d.]+<\/title>/);
  });
});

test('names are text, whatever is in them', () => {
  const svg = toSvg(inspect(leaf('</text><script>"&amp;').neg()), { title: '<b>' });
  expect(svg).not.toMatch(/<script|<b>/);
  expect(svg).toContain('leaf &lt;/text>&lt;script>&quot;&amp;amp; [2]');
});

test('any graph gives well-formed XML: elements end as they began, no number is missing', () => {
  fc.assert(
    fc.property(graphAndGroups, ({ graph }) => {
      const svg = toSvg(graph);
      const open: string[] = [];
      for (const [, end, name, self] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
        if (end) expect(open.pop()).toBe(name);
        else if (!self) open.push(name);
      }
      expect(open).toEqual([]);
      expect(svg.replaceAll(/<title>[^<]*|<text[^>]*>[^<]*/g, '')).not.toMatch(/NaN|undefined|Infinity/);
    }),
  );
});
