import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tensor, tensor } from '../../src/index.js';
import { fold, type Graph, type GraphLayout, inspect, layoutGraph } from '../../src/inspect/index.js';
import { graphAndGroups } from './random-graph.js';

interface Point {
  x: number;
  y: number;
}
interface Rectangle extends Point {
  width: number;
  height: number;
}

/** Points along a path of M, L and C, close to each other. */
function pointsOf(path: string): Point[] {
  const points: Point[] = [];
  for (const [, letter, text] of path.matchAll(/([MLC])([^MLC]*)/g)) {
    const n = text.trim().split(/[ ,]+/).map(Number);
    const at = points.at(-1)!;
    if (letter === 'M') points.push({ x: n[0], y: n[1] });
    else {
      const [x1, y1, x2, y2, x3, y3] =
        letter === 'C' ? n : [at.x, at.y, n[0], n[1], n[0], n[1]]; // biome-ignore format: one line
      for (let k = 1; k <= 20; k++) {
        const [t, s] = [k / 20, 1 - k / 20];
        const weights = [s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3];
        const [x, y] = [[at.x, x1, x2, x3], [at.y, y1, y2, y3]].map((c) => c.reduce((sum, one, i) => sum + weights[i] * one, 0)); // biome-ignore format: one line
        points.push({ x, y });
      }
    }
  }
  return points;
}

const contains = (box: Rectangle, { x, y }: Point, margin: number): boolean =>
  x > box.x - margin &&
  x < box.x + box.width + margin &&
  y > box.y - margin &&
  y < box.y + box.height + margin;

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const onBorder = (box: Rectangle, point: Point): boolean =>
  contains(box, point, 0.1) && !contains(box, point, -0.1);

function forEachLayout(
  check: (graph: Graph, layout: GraphLayout, direction: 'right' | 'down') => void,
): void {
  fc.assert(
    fc.property(graphAndGroups, fc.constantFrom('right', 'down'), ({ graph, groups }, direction) => {
      for (const one of [graph, fold(graph, groups)]) check(one, layoutGraph(one, { direction }), direction);
    }),
  );
}

test('every node has a box, no two overlap, and all are inside the picture', () => {
  forEachLayout(({ nodes }, { boxes, width, height }) => {
    expect(boxes.map(({ id }) => id)).toEqual(nodes.map(({ id }) => id));
    const picture = { x: 0, y: 0, width, height };
    for (const box of boxes) {
      expect(contains(picture, box, 0)).toBe(true);
      expect(contains(picture, { x: box.x + box.width, y: box.y + box.height }, 0)).toBe(true);
      for (const other of boxes) if (other.id < box.id) expect(overlap(box, other)).toBe(false);
    }
  });
});

test('text does not leave its box', () => {
  forEachLayout((_, { boxes }) => {
    for (const box of boxes) {
      for (const { text, x, y } of box.text) {
        const characters = [...text].reduce((sum, one) => sum + (/[ -ÿ…|→]/.test(one) ? 1 : 2), 0);
        expect(x).toBeGreaterThan(box.x);
        expect(x + characters * 0.602 * 11).toBeLessThan(box.x + box.width);
        expect(y - 11).toBeGreaterThan(box.y);
        expect(y + 3).toBeLessThan(box.y + box.height);
      }
    }
  });
});

test('every edge has a line from the border of its input to the border of what is computed from it', () => {
  forEachLayout(({ edges }, { boxes, lines }) => {
    expect(lines.map(({ edge }) => edge)).toEqual(edges.map((_, index) => index));
    lines.forEach(({ path }, index) => {
      const points = pointsOf(path);
      expect(onBorder(boxes[edges[index].from], points[0])).toBe(true);
      expect(onBorder(boxes[edges[index].to], points.at(-1)!)).toBe(true);
    });
  });
});

test('no line passes through another box', () => {
  forEachLayout(({ edges }, { boxes, lines }) => {
    lines.forEach(({ path }, index) => {
      const others = boxes.filter(({ id }) => id !== edges[index].from && id !== edges[index].to);
      const points = pointsOf(path);
      expect(others.filter((box) => points.some((point) => contains(box, point, -0.1)))).toEqual([]);
    });
  });
});

test('lines go on in the direction of the values, but for those of parameters beside their op', () => {
  forEachLayout(({ edges, nodes }, { lines }, direction) => {
    lines.forEach(({ path }, index) => {
      const along = pointsOf(path).map(({ x, y }) => (direction === 'right' ? x : y));
      const isForward = along.every((u, k) => k === 0 || u >= along[k - 1] - 0.02);
      if (!isForward) expect(['leaf', 'constant']).toContain(nodes[edges[index].from].kind);
    });
  });
});

test('norms are at no box and at no other norm', () => {
  forEachLayout((_, { boxes, lines }) => {
    const areas = lines.flatMap(({ label }) => {
      if (!label) return [];
      const width = 0.6 * 11 * label.text.length;
      return [{ x: label.x - width / 2, y: label.y - 6, width, height: 12 }];
    });
    areas.forEach((area, index) => {
      for (const other of [...boxes, ...areas.slice(0, index)]) expect(overlap(area, other)).toBe(false);
    });
  });
});

test('the strength of a line is the logarithm of its norm', () => {
  forEachLayout(({ edges }, { lines }) => {
    const norms = edges.flatMap(({ gradientNorm: norm }) => (Number.isFinite(norm) ? [norm!] : []));
    const largest = Math.max(...norms);
    lines.forEach(({ strength }, index) => {
      const norm = edges[index].gradientNorm;
      if (norm === null || !Number.isFinite(norm)) {
        expect(strength).toBe(norm === null ? null : 1);
        return;
      }
      expect(strength).toBeGreaterThanOrEqual(0);
      expect(strength).toBeLessThanOrEqual(1);
      if (norm === largest && norm > 0) expect(strength).toBe(1);
      if (norm < largest / 1000) expect(strength).toBeLessThan(1e-9);
      for (const [other, line] of lines.entries()) {
        const otherNorm = edges[other].gradientNorm;
        if (otherNorm !== null && Number.isFinite(otherNorm) && otherNorm < norm)
          expect(line.strength!).toBeLessThanOrEqual(strength!);
      }
    });
  });
});

describe('a chain with parameters', () => {
  const leaf = (name: string, value: number): Tensor => {
    const x = tensor([value], { requiresGrad: true });
    x.name = name;
    return x;
  };
  const x = tensor([1]);
  x.name = 'x';
  const loss = x.mul(leaf('w1', 2)).tanh().mul(leaf('w2', 3)).neg();
  const graph = inspect(loss, { gradients: true, values: true });
  const { boxes } = layoutGraph(graph);
  const middle = (id: number): Point => ({
    x: boxes[id].x + boxes[id].width / 2,
    y: boxes[id].y + boxes[id].height / 2,
  });
  const idOf = (what: string) => graph.nodes.find(({ op, name }) => name === what || op === what)!.id;

  test('the chain is a straight line to the right, and each parameter is above its op', () => {
    const firstMul = graph.edges.find(({ from }) => from === idOf('x'))!.to;
    const chain = [idOf('x'), firstMul, idOf('tanh'), idOf('mul'), idOf('neg')].map(middle);
    for (const { y } of chain) expect(y).toBeCloseTo(chain[0].y, 1);
    expect(chain.map(({ x }) => x)).toEqual(chain.map(({ x }) => x).sort((a, b) => a - b));
    for (const { from, to } of graph.edges) {
      if (graph.nodes[from].kind !== 'leaf') continue;
      expect(middle(from).x).toBeCloseTo(middle(to).x, 1);
      expect(middle(from).y).toBeLessThan(middle(to).y);
    }
  });

  test('boxes say what is in them', () => {
    expect(boxes[idOf('w2')].text.map(({ text }) => text)).toEqual(['w2', '[1]', '|gradient| 0.964']);
    expect(boxes[idOf('tanh')].text.map(({ text }) => text)).toEqual(['tanh', '[1]']);
  });
});

test('a graph of thousands of nodes has a layout in a few seconds', () => {
  let y: Tensor = tensor([1], { requiresGrad: true });
  for (let i = 0; i < 3000; i++) y = y.neg();
  expect(layoutGraph(inspect(y, { gradients: true })).boxes).toHaveLength(3001);
});
