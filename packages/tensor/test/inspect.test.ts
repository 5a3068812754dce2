import { describe, expect, test } from 'vitest';
import { add, mul, ones, type Tensor, tensor } from '../src/index.js';
import { inspect, toJson, toMermaid, toText } from '../src/inspect/index.js';

const leaf = (name: string, values: number[]) => {
  const x = tensor(values, { requiresGrad: true });
  x.name = name;
  return x;
};

/** y = Σ (h c + h), where h = w² and c is h after detach. With w = (1, 2): h = (1, 4). */
function example(): { w: Tensor; h: Tensor; y: Tensor } {
  const w = leaf('w', [1, 2]);
  const h = w.square();
  h.name = 'h';
  return { w, h, y: mul(h, h.detach()).add(h).sum({ keepDim: true }) };
}

test('as text: a shared value appears once, a detached edge is marked', () => {
  expect(toText(inspect(example().y))).toBe(
    `
sumToSize [1]
  add [2]
    mul [2]
      h = square [2] #3
        leaf w [2]
      detach [2]
        h = square [2] #3 (above)  x cut off, no gradient
    h = square [2] #3 (above)`.trim(),
  );
});

test('gradient norms, on every edge along which a gradient flows back', () => {
  // add passes (1, 1) to mul and to h; mul passes c = (1, 4) to h. The sum is (2, 5), so dw = 2 w (2, 5) = (4, 20).
  const { w, y } = example();
  w.grad = ones([2]);
  const graph = inspect(y, { gradients: true });
  const byEdge = Object.fromEntries(
    graph.edges.map(({ from, to, gradientNorm }) => [
      `${graph.nodes[from].op ?? graph.nodes[from].name} > ${graph.nodes[to].op}`,
      gradientNorm,
    ]),
  );
  expect(byEdge).toEqual({
    'add > sumToSize': Math.SQRT2,
    'mul > add': Math.SQRT2,
    'square > add': Math.SQRT2,
    'square > mul': Math.sqrt(17),
    'detach > mul': null,
    'square > detach': null,
    'w > square': Math.sqrt(416),
  });
  expect([...w.grad.data]).toEqual([1, 1]);
  y.backward({ retainGraph: true });
  expect(inspect(y, { gradients: true })).toEqual(graph); // also after a backward
  expect(toText(graph)).toContain('    h = square [2] #3 (above)  |gradient| 1.41');
  y.backward(); // inspect has not freed the graph
});

test('as Mermaid', () => {
  expect(toMermaid(inspect(example().y, { gradients: true }))).toBe(
    `
flowchart TD
  n0["sumToSize [1]"]
  n1["add [2]"]
  n2["mul [2]"]
  n3["h = square [2]"]
  n4["detach [2]"]
  n5(["leaf w [2]"])
  n1 -->|1.41| n0
  n2 -->|1.41| n1
  n3 -->|1.41| n1
  n3 -->|4.12| n2
  n4 --> n2
  n5 -->|20.4| n3
  n3 -. detached .-> n4`.trim(),
  );
  expect(toMermaid(inspect(leaf('the "x"', [1])))).toContain('(["leaf the #quot;x#quot; [1]"])');
  expect(toMermaid(inspect(leaf('a\n<b> #1;', [1])))).toContain('(["leaf a #lt;b#gt; #35;1; [1]"])');
});

test('as JSON', () => {
  const x = leaf('x', [0]);
  const y = x.detach().mul(x);
  expect(JSON.parse(toJson(inspect(y, { gradients: true })))).toEqual({
    nodes: [
      { id: 0, kind: 'op', op: 'mul', name: '', shape: [1] },
      { id: 1, kind: 'detach', op: 'detach', name: '', shape: [1] },
      { id: 2, kind: 'leaf', op: null, name: 'x', shape: [1] },
    ],
    edges: [
      { from: 1, to: 0, input: 0, detached: false, gradientNorm: null },
      { from: 2, to: 0, input: 1, detached: false, gradientNorm: 0 },
      { from: 2, to: 1, input: 0, detached: true, gradientNorm: null },
    ],
  });
  const bad = inspect(x.mul(Number.NaN), { gradients: true });
  expect(JSON.parse(toJson(bad)).edges[0].gradientNorm).toBe('NaN');
});

describe('a detached edge', () => {
  test('keeps only a label of the op it was cut from', () => {
    const x = leaf('x', [1]);
    const cut = x.square().tanh().detach();
    expect(cut.requiresGrad).toBe(false);
    expect(cut.detachedFrom).toEqual({ op: 'tanh', shape: [1] });
    expect(toText(inspect(cut.mul(x)))).toBe(
      'mul [1]\n  detach [1]\n    tanh [1]  x cut off, no gradient\n  leaf x [1]',
    );
  });

  test('is found from the detached tensor itself, and through a second detach', () => {
    const x = leaf('x', [1]);
    expect(toText(inspect(x.detach().detach()))).toBe('detach [1]\n  leaf x [1]  x cut off, no gradient');
    expect(ones([1]).detach().detachedFrom).toBeNull(); // nothing was cut
  });
});

describe('measured gradients', () => {
  test('with inputs, only on the paths to them', () => {
    const [a, b] = [leaf('a', [2]), leaf('b', [3])];
    expect(toText(inspect(mul(a, b), { gradients: true, inputs: [b] }))).toBe(
      'mul [1]\n  leaf a [1]\n  leaf b [1]  |gradient| 2',
    );
  });

  test('both edges, if an op uses one tensor twice', () => {
    const x = leaf('x', [3]);
    expect(inspect(add(x, x), { gradients: true }).edges.map((edge) => edge.gradientNorm)).toEqual([1, 1]);
  });

  test('of an output that is not a single number, with gradOutput', () => {
    const x = leaf('x', [1, 2]);
    const { edges } = inspect(x.mul(1), { gradients: true, gradOutput: tensor([3, 4]) });
    expect(edges[0].gradientNorm).toBe(5);
    expect(() => inspect(x.mul(1), { gradients: true })).toThrow(/inspect: the output has shape \[2\]/);
    expect(() => inspect(ones([]), { gradients: true })).toThrow(/inspect: the output requires no gradient/);
  });
});

test('a freed graph can still be drawn, because shapes and names are kept', () => {
  const { y } = example();
  const before = toText(inspect(y));
  y.backward();
  expect(toText(inspect(y))).toBe(before);
  expect(() => inspect(y, { gradients: true })).toThrow(/was freed by an earlier backward/);
});

test('a graph deeper than the call stack', () => {
  let y: Tensor = leaf('x', [1]);
  for (let i = 0; i < 20_000; i++) y = y.neg();
  const graph = inspect(y, { gradients: true });
  expect(graph.nodes.length).toBe(20_001);
  expect(toText(graph).split('\n')).toHaveLength(20_001);
});
