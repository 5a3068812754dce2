import { describe, expect, test } from 'vitest';
import { add, defineOp, linear, mul, ones, type Tensor, tensor } from '../../src/index.js';
import { inspect, toJson, toMermaid, toText, trace } from '../../src/inspect/index.js';

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
      { id: 0, kind: 'op', op: 'mul', name: '', shape: [1], gradientNorm: 1 },
      { id: 1, kind: 'detach', op: 'detach', name: '', shape: [1], gradientNorm: null },
      { id: 2, kind: 'leaf', op: null, name: 'x', shape: [1], gradientNorm: 0 },
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

describe('with values', () => {
  test('a node has its numbers and its gradient, added up over its uses', () => {
    const { y } = example();
    const { nodes } = inspect(y, { gradients: true, values: true });
    const byOp = (op: string | null) => nodes.find((node) => node.op === op)!;
    expect(byOp('sumToSize')).toMatchObject({ values: Float32Array.of(22), gradient: Float32Array.of(1) });
    expect(byOp('square')).toMatchObject({ values: Float32Array.of(1, 4), gradient: Float32Array.of(2, 5) });
    expect(byOp('square').gradientNorm).toBe(Math.sqrt(29));
    expect(byOp('detach')).toMatchObject({
      values: Float32Array.of(1, 4),
      gradient: null,
      gradientNorm: null,
    });
    expect(byOp(null)).toMatchObject({ values: Float32Array.of(1, 2), gradient: Float32Array.of(4, 20) });
    expect(byOp('sumToSize').attributes).toEqual({ shape: [1] });
    expect(byOp('square').attributes).toBeNull();
    expect('values' in inspect(y).nodes[0]).toBe(false);
  });

  test('they are copies', () => {
    const x = leaf('x', [1, 2]);
    const [, node] = inspect(x.mul(x).sum(), { values: true }).nodes;
    x.update((data) => data.fill(0));
    expect(node.values).toEqual(Float32Array.of(5));
  });

  test('a freed value, and one that a fused kernel never stored, are null', () => {
    const x = tensor([[1, -1]], { requiresGrad: true });
    const y = linear(x, ones([2, 2]), undefined, { activation: 'relu' }).sum();
    expect(inspect(y, { values: true }).nodes.find(({ op }) => op === 'matmulNT')!.values).toBeNull();
    y.backward();
    const { nodes } = inspect(y, { values: true });
    expect(nodes.find(({ op }) => op === 'relu')!.values).toBeNull();
    expect(nodes.find(({ kind }) => kind === 'leaf')!.values).toEqual(x.data);
  });

  test('the lines that called an op, if it ran inside trace', () => {
    const x = leaf('x', [1]);
    const [inside, outside] = [trace(() => x.exp()), x.exp()];
    const lines = inspect(inside, { values: true }).nodes[0].lines!;
    expect(lines.find((line) => !line.includes('check-options'))).toMatch(
      /^at .*graph\.test\.ts:\d+:\d+\)?$/,
    );
    expect(inspect(outside, { values: true }).nodes[0].lines).toEqual([]);
    const without = trace(() => x.exp(), { lines: false });
    expect(inspect(without, { values: true }).nodes[0].lines).toEqual([]);
  });

  test('inside trace, no value is left out by a fused kernel; the result is the same', () => {
    const x = tensor([[1, -1]], { requiresGrad: true });
    const [weight, bias] = [tensor([[2, 3], [4, 0]]), tensor([1, 1])]; // biome-ignore format: a matrix
    const compute = () => linear(x, weight, bias, { activation: 'relu' });
    const y = trace(compute, { lines: false });
    expect(y.data).toEqual(compute().data);
    const { nodes } = inspect(y, { values: true, gradients: true, gradOutput: ones([1, 2]) });
    expect(nodes.find(({ op }) => op === 'linear')!.values).toEqual(Float32Array.of(0, 5));
    expect(trace(() => x.div(0).data[0])).toBe(Number.POSITIVE_INFINITY); // it is not detectAnomaly
  });

  test('attributes are plain data: no functions, no objects with methods', () => {
    const odd = defineOp<[x: Tensor], object>('odd', {
      forward: ([x]) => x.mul(2),
      gradient: [(dy) => dy.mul(2)],
    });
    const attrs = {
      list: [1, { a: 'b' }],
      positions: Int32Array.of(3),
      callback: () => 1,
      map: new Map(),
      none: null,
    };
    const { nodes } = inspect(odd([leaf('x', [1])], attrs), { values: true });
    expect(nodes[0].attributes).toEqual({ list: [1, { a: 'b' }], positions: [3], none: null });
    expect(JSON.parse(toJson({ nodes, edges: [] })).nodes[0]).toMatchObject({ values: [2], gradient: null });
  });
});

describe('behind detach', () => {
  const x = leaf('x', [1, 2]);
  const h = x.square().tanh();

  test('the graph goes on, and no gradient is there', () => {
    const graph = inspect(
      h
        .detach()
        .mul(leaf('w', [1, 1]))
        .sum(),
      { gradients: true, behindDetach: [h] },
    );
    expect(toText(graph)).toContain(
      '      detach [2]\n        tanh [2]  x cut off, no gradient\n          square [2]\n            leaf x [2]\n',
    );
    const behind = graph.nodes.filter(({ op, name }) => op === 'tanh' || op === 'square' || name === 'x');
    expect(behind.map(({ gradientNorm }) => gradientNorm)).toEqual([null, null, null]);
  });

  test('what was not detached here is not shown', () => {
    const y = x
      .mul(3)
      .detach()
      .mul(leaf('w', [1, 1]));
    expect(inspect(y, { behindDetach: [h, x] })).toEqual(inspect(y));
  });

  test('what is detached and also used is there once', () => {
    const y = h.detach().mul(h);
    expect(inspect(y, { behindDetach: [h] }).nodes).toHaveLength(5);
    expect(toText(inspect(y, { behindDetach: [h] }))).toBe(toText(inspect(y)));
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
