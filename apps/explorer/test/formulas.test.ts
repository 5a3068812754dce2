/** The formulas on the page give the numbers that the library computed. */
import { inspectActorLoss } from '@paragrad/maddpg';
import {
  abs,
  broadcastTo,
  clone,
  exp,
  Generator,
  gumbelSoftmax,
  linear,
  log,
  matmul,
  normal,
  permute,
  sigmoid,
  slice,
  softmax,
  sqrt,
  square,
  sub,
  type Tensor,
  tanh,
  tensor,
  where,
} from '@paragrad/tensor';
import { type Graph, inspect, trace } from '@paragrad/tensor/inspect';
import { expect, test } from 'vitest';
import { shippedFiles } from '../shipped-files.js';
import { explain, formulasOf } from '../src/model/formulas/explain.js';
import { inNumbers } from '../src/model/formulas/in-numbers.js';
import { rules } from '../src/model/formulas/rules.js';
import { Session } from '../src/model/session.js';
import { shipped } from '../src/shipped.js';
import { shortRun } from './short-run.js';

/** Checks the numbers of every node. Returns two lists of ops: those with an explained value, and those with an explained gradient. */
function expectExplained(graph: Graph): { values: Set<string>; gradients: Set<string> } {
  const found = { values: new Set<string>(), gradients: new Set<string>() };
  for (const { id, op, values, gradient } of graph.nodes) {
    for (const of of ['values', 'gradient'] as const) {
      const numbers = (of === 'values' ? values : gradient) ?? [];
      const uses = graph.edges.filter(({ from, gradientNorm }) => from === id && gradientNorm !== null);
      const shouldBe = of === 'values' ? op !== null : uses.length > 0;
      for (let index = 0; index < numbers.length; index += Math.ceil(numbers.length / 5)) {
        const why = explain(graph, { node: id, of, index });
        expect(why !== null, `${of} of ${op ?? 'leaf'} ${id}`).toBe(shouldBe);
        if (!why) continue;
        expect(why.value).toBe(numbers[index]);
        if (!Number.isFinite(why.value)) continue; // an attention mask
        const size = why.parts
          .flatMap(({ terms }) => terms)
          .reduce((most, term) => Math.max(most, ...term.map(({ value }) => Math.abs(value))), 0);
        expect(Math.abs(why.sum - why.value), `${of} ${index} of ${op ?? 'leaf'} ${id}`).toBeLessThan(
          1e-5 * (1 + size),
        );
        for (const part of why.parts)
          (of === 'values' ? found.values : found.gradients).add(graph.nodes[part.node].op!);
        for (const factor of why.parts.flatMap(({ terms }) => terms).flat()) {
          if (!factor.at) continue;
          const { node, of, index } = factor.at; // what the reader can go to has this very number
          const there = of === 'values' ? graph.nodes[node].values : graph.nodes[node].gradient;
          if (!/^(max|tanh|sigmoid|exp|log|√|−|\|)|²$/.test(factor.text))
            expect(there![index]).toBe(factor.value);
        }
      }
    }
  }
  return found;
}

test.each(shipped.map(({ name }) => name))('%s: every number of every actor loss is explained', (name) => {
  const session = new Session(shippedFiles(name), 2);
  for (const batch of [session.batchOfEpisodes(8), session.batchOfMoment()]) {
    expectExplained(inspectActorLoss(session.algorithm, 0, batch, { values: true }).graph);
  }
});

test.each(['attention-maddpg', 'communicating-maddpg', 'inferring-maddpg', 'matd3'] as const)(
  '%s, with choices',
  (algorithm) => {
    const session = new Session(shortRun({ algorithm, actions: 'discrete' }), 2);
    expectExplained(
      inspectActorLoss(session.algorithm, 1, session.batchOfEpisodes(4), { values: true }).graph,
    );
  },
);

test('every rule, for values and for gradients', () => {
  const generator = new Generator(1);
  const draw = (...shape: number[]) => normal(shape, generator, { requiresGrad: true });
  const positive = square(draw(3, 4)).add(0.5);
  const matrix = (x: Tensor) => matmul(matmul(x, draw(4, 5)), draw(3, 5), { transposeA: true });
  const parts: Tensor[] = trace(() => [
    linear(draw(3, 4), draw(5, 4), draw(5), { activation: 'relu' }),
    matmul(draw(2, 3, 4), draw(2, 5, 4), { transposeB: true }),
    matrix(draw(3, 4)),
    permute(draw(2, 3, 4), [2, 0, 1]).reshape([4, 6]),
    sub(log(positive), sqrt(positive)).div(exp(draw(3, 4))),
    sigmoid(tanh(draw(3))).mul(abs(draw(3)).neg()),
    broadcastTo(draw(3, 1), [2, 3, 4]),
    slice(draw(3, 7), 1, { start: 1, end: 7, step: 2 }).narrow(0, 1, 2),
    where(tensor([1, 0, 1]), draw(3), draw(3)),
    softmax(draw(3, 4), { axis: 1 }),
    draw(2, 3, 4).mean({ axis: [0, 2] }),
    gumbelSoftmax(draw(3, 4), { generator, hard: true }).mul(draw(3, 4)),
    clone(draw(3)).add(draw(3).detach().to('float32')),
  ]);
  const weighted = trace(() =>
    parts.map((part) => part.mul(normal(part.shape, generator)).reshape([-1]).sum()),
  );
  const loss = trace(() => weighted.reduce((sum, one) => sum.add(one.reshape([]))));
  const found = expectExplained(inspect(loss, { gradients: true, values: true }));
  const gradient = (op: string) => !['detach', 'to'].includes(op);
  expect([...found.values].sort()).toEqual(
    expect.arrayContaining(
      Object.keys(rules)
        .filter((op) => op !== 'to' && op !== 'concat')
        .sort(),
    ),
  );
  expect([...found.gradients].sort()).toEqual(
    expect.arrayContaining(
      Object.keys(rules)
        .filter((op) => gradient(op) && op !== 'concat')
        .sort(),
    ),
  );
});

test('a formula with numbers: the largest products, and what all are together', () => {
  const factor = (value: number) => ({ text: 'x', value, at: null });
  const part = (...terms: number[][]) => ({
    node: 0,
    formula: '',
    terms: terms.map((term) => term.map(factor)),
  });
  const write = (value: number, ...terms: number[][]) =>
    inNumbers({ value, sum: value, parts: [part(...terms)] });
  expect(write(2.5, [0.5, 1], [2, 1])).toBe('2 · 1 + 0.500 · 1 = 2.50');
  expect(write(-1, [-1])).toBe('(−1) = −1');
  expect(write(10, [1], [4], [3], [2])).toBe('4 + 3 + 2 + … (4 products) = 10');
  expect(write(0)).toBe('0 = 0');
  const tanh = inspect(
    trace(() => tensor([0.5], { requiresGrad: true }).tanh()),
    { values: true },
  );
  expect(inNumbers(explain(tanh, { node: 0, of: 'values', index: 0 })!)).toBe('tanh (0.500) = 0.462');
});

test('a node says how its value and its gradient are computed', () => {
  const session = new Session(shippedFiles('spread'), 2);
  const { graph } = inspectActorLoss(session.algorithm, 0, session.batchOfMoment(), { values: true });
  const q = graph.nodes.find(({ name }) => name === "agent_0's Q")!;
  expect(formulasOf(graph, q.id).value).toBe('Y = X Wᵀ + b');
  const weight = graph.nodes.find(({ name }) => name === 'agent_0.actor.body.0.weight')!;
  expect(formulasOf(graph, weight.id)).toMatchObject({ value: null, gradient: [{ formula: 'dW = dYᵀ X' }] });
  const critic = graph.nodes.find(({ name }) => name === 'agent_0.critic.body.2.weight')!;
  expect(formulasOf(graph, critic.id).gradient).toEqual([]);
});
