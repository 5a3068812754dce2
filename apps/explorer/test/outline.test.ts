/** The graph as a list, and tensors as matrices. */
import { describe, expect, test } from 'vitest';
import { shippedFiles } from '../shipped-files.js';
import { foldFlow, gradientFlow } from '../src/model/gradient-flow.js';
import { heatColors, matrixShape, windowStart } from '../src/model/matrix.js';
import { type OutlineItem, outline } from '../src/model/outline.js';
import { Session } from '../src/model/session.js';

test.each([[], ['critic'], ['critic', 'actor', 'loss']])(
  'the list has every edge of the graph once (unfolded: %s)',
  (...unfolded) => {
    const graph = foldFlow(
      gradientFlow(new Session(shippedFiles('spread'), 1), 0, 'moment'),
      unfolded as string[],
    );
    const items: OutlineItem[] = [];
    const collect = (item: OutlineItem): void => {
      items.push(item);
      item.inputs.forEach(collect);
    };
    collect(outline(graph));
    expect(
      items
        .flatMap(({ edge }) => (edge ? [edge] : []))
        .sort((a, b) => graph.edges.indexOf(a) - graph.edges.indexOf(b)),
    ).toEqual(graph.edges);
    const first = items.filter(({ again }) => !again).map(({ id }) => id);
    expect(first.sort((a, b) => a - b)).toEqual(graph.nodes.map(({ id }) => id));
  },
);

describe('matrices', () => {
  test('the last axis goes across', () => {
    expect(matrixShape([])).toEqual({ rows: 1, columns: 1 });
    expect(matrixShape([5])).toEqual({ rows: 1, columns: 5 });
    expect(matrixShape([2, 3, 4])).toEqual({ rows: 6, columns: 4 });
  });

  test('the window around a number stays inside', () => {
    expect([0, 2, 5, 9].map((middle) => windowStart(middle, 6, 10))).toEqual([0, 0, 2, 4]);
    expect(windowStart(1, 6, 3)).toBe(0);
  });

  test('numbers above 0 are orange, below blue; zero cannot be seen, and neither can a matrix of zeros', () => {
    const [r, g, b, a] = heatColors([2, -2, 0, 0.02]);
    expect([r, g, b, a]).toEqual([213, 94, 0, 255]);
    expect([...heatColors([2, -2, 0, 0.02]).slice(4)]).toEqual([
      0, 114, 178, 255, 213, 94, 0, 0, 213, 94, 0, 26,
    ]);
    expect(heatColors([0, 0])[3]).toBe(0);
    expect(heatColors([Number.NaN, 1])[3]).toBe(255);
  });
});
