import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Generator, normal, type Tensor } from '../../src/index.js';
import { fold, type Graph, inspect, toMermaid, toText } from '../../src/inspect/index.js';
import { graphAndGroups } from './random-graph.js';

const named = (x: Tensor, name: string): Tensor => {
  x.name = name;
  return x;
};

/** loss = mean (q), q = (x w + b) · (x w + b), where b has no use outside, and w has. */
function example() {
  const generator = new Generator(1);
  const leaf = (name: string, ...shape: number[]) =>
    named(normal(shape, generator, { requiresGrad: true }), name);
  const [w, b] = [leaf('w', 3, 3), leaf('b', 2, 3)];
  const x = named(normal([2, 3], generator), 'x');
  const h = named(x.matmul(w).add(b), 'h');
  const loss = h.mul(h.detach()).sum().add(w.sum());
  return { loss, w, b };
}

const idOf = (graph: Graph, name: string): number => graph.nodes.find((node) => node.name === name)!.id;

describe('a group', () => {
  const { loss, w } = example();
  const graph = inspect(loss, { gradients: true });
  const group = { name: 'layer', outputs: [idOf(graph, 'h')], inputs: [idOf(graph, 'x')] };

  test('is one node, with the parameters that only it uses; what is cut stays cut', () => {
    const text = toText(fold(graph, [group])).replaceAll(/(?<=\|gradient\| )[^);\n]*/g, '...');
    expect(text).toBe(
      `
add []  
  reshape []  |gradient| ...
    sumToSize [1, 1]  |gradient| ...
      mul [2, 3]  |gradient| ...
        layer [2, 3] (2 ops; 1 parameter, |gradient| ...) #5  |gradient| ...
          constant x [2, 3]
          leaf w [3, 3] #8  |gradient| ...
        detach [2, 3]
          layer [2, 3] (2 ops; 1 parameter, |gradient| ...) #5 (above)  x cut off, no gradient
  reshape []  |gradient| ...
    sumToSize [1, 1]  |gradient| ...
      leaf w [3, 3] #8 (above)  |gradient| ...`
        .trim()
        .replace('add []  ', 'add []'),
    );
  });

  test('says how many parameters it has, and the norm of their gradients', () => {
    const folded = fold(graph, [group]);
    const node = folded.nodes[idOf(folded, 'layer')];
    const norm = graph.nodes[idOf(graph, 'b')].gradientNorm;
    expect(node.group).toEqual({ ops: 2, parameters: 1, weights: 6, parametersNorm: norm });
    expect(node).toMatchObject({ kind: 'group', op: null, shape: [2, 3] });
    expect(node.gradientNorm).toBe(graph.nodes[idOf(graph, 'h')].gradientNorm);
    expect(toMermaid(folded)).toContain('[["layer [2, 3] (2 ops;');
  });

  test('whose parameters get no gradient says so, but not if none was measured', () => {
    const others = inspect(loss, { gradients: true, inputs: [w] });
    expect(toText(fold(others, [group]))).toContain('(2 ops; 1 parameter, no gradient)');
    expect(toText(fold(inspect(loss), [group]))).toContain('(2 ops; 1 parameter)');
  });

  test('has the numbers of its output', () => {
    const withValues = inspect(loss, { gradients: true, values: true });
    const folded = fold(withValues, [group]);
    const { values, gradient } = withValues.nodes[idOf(withValues, 'h')];
    expect(folded.nodes[idOf(folded, 'layer')]).toMatchObject({ values, gradient });
  });
});

/** Everything of a graph but the ids. */
const without = <T extends object>(one: T, ...names: string[]) =>
  Object.fromEntries(Object.entries(one).filter(([name]) => !names.includes(name)));

test('no group: the graph itself', () => {
  fc.assert(
    fc.property(graphAndGroups, ({ graph }) => {
      expect(fold(graph, [])).toEqual({ ...graph, ids: graph.nodes.map(({ id }) => [id]) });
    }),
  );
});

test('every node is in exactly one new node, and nodes outside of groups are as before', () => {
  fc.assert(
    fc.property(graphAndGroups, ({ graph, groups }) => {
      const folded = fold(graph, groups);
      expect(folded.ids.flat().sort((a, b) => a - b)).toEqual(graph.nodes.map(({ id }) => id));
      expect(folded.nodes.map(({ id }) => id)).toEqual(folded.ids.map((_, id) => id));
      expect(folded.ids[0]).toContain(0);
      folded.nodes.forEach((node, id) => {
        if (node.kind === 'group') return;
        expect(folded.ids[id]).toHaveLength(1);
        expect(without(node, 'id')).toEqual(without(graph.nodes[folded.ids[id][0]], 'id'));
      });
      const names = folded.nodes.filter(({ group }) => group).map(({ name }) => name);
      expect(names.sort()).toEqual(groups.map(({ name }) => name).sort());
    }),
  );
});

test('every edge between two nodes is kept, with its norm and its cut; inputs are numbered', () => {
  fc.assert(
    fc.property(graphAndGroups, ({ graph, groups }) => {
      const folded = fold(graph, groups);
      const newId = new Map(folded.ids.flatMap((ids, id) => ids.map((old) => [old, id])));
      const border = graph.edges
        .map((edge) => ({ ...edge, from: newId.get(edge.from)!, to: newId.get(edge.to)! }))
        .filter(({ from, to }) => from !== to);
      expect(folded.edges.map((edge) => without(edge, 'input'))).toEqual(
        border.map((edge) => without(edge, 'input')),
      );
      for (const { id, group } of folded.nodes) {
        const inputs = folded.edges.filter(({ to }) => to === id).map(({ input }) => input);
        if (group) expect(inputs).toEqual(inputs.map((_, index) => index));
        else expect(new Set(inputs).size).toBe(inputs.length);
      }
    }),
  );
});

test('groups that are folded one after the other give the same as all at once', () => {
  fc.assert(
    fc.property(graphAndGroups, ({ graph, groups }) => {
      const all = fold(graph, groups);
      const oneByOne = groups.reduce(
        (before, group) => {
          const newId = (old: number) => before.ids.findIndex((ids) => ids.includes(old));
          const [outputs, inputs] = [group.outputs, group.inputs].map((ids) => [...new Set(ids.map(newId))]);
          const after = fold(before, [{ ...group, outputs, inputs }]);
          return { ...after, ids: after.ids.map((ids) => ids.flatMap((id) => before.ids[id])) };
        },
        fold(graph, []),
      );
      const sorted = (ids: readonly (readonly number[])[]) =>
        ids.map((some) => some.toSorted((a, b) => a - b));
      expect(sorted(oneByOne.ids)).toEqual(sorted(all.ids));
      expect(oneByOne.nodes).toEqual(all.nodes);
      expect(oneByOne.edges).toEqual(all.edges);
    }),
  );
});

describe('what cannot be folded', () => {
  const { loss } = example();
  const graph = inspect(loss);
  const [h, x] = [idOf(graph, 'h'), idOf(graph, 'x')];

  test('groups that overlap', () => {
    const two = ['one', 'two'].map((name) => ({ name, outputs: [h], inputs: [x] }));
    expect(() => fold(graph, two)).toThrow(/fold: node \d+, .*, is in two groups, 'one' and 'two'; give one/);
  });

  test('a group with something outside between its parts', () => {
    const detach = graph.nodes.find(({ kind }) => kind === 'detach')!.id;
    const group = { name: 'around', outputs: [0], inputs: [detach] };
    expect(() => fold(graph, [group])).toThrow(/fold: with 'around' as a single node, something would be/);
  });

  test('a name that two have, an id that does not exist, no output', () => {
    const layer = { name: 'layer', outputs: [h], inputs: [x] };
    expect(() => fold(graph, [layer, layer])).toThrow(
      /fold: two groups have the name 'layer'; give each its own/,
    );
    expect(() => fold(graph, [{ ...layer, inputs: [99] }])).toThrow(/ids from 0 to \d+/);
    expect(() => fold(graph, [{ ...layer, outputs: [] }])).toThrow(/at least one output/);
  });
});
