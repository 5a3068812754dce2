/** The graph of the view that follows a gradient: its parts, its numbers, the lines of source. */
import { inspectActorLoss } from '@paragrad/maddpg';
import { describe, expect, test } from 'vitest';
import { shippedFiles } from '../shipped-files.js';
import { foldFlow, gradientFlow } from '../src/model/gradient-flow.js';
import { penaltiesOf } from '../src/model/penalties.js';
import { Session } from '../src/model/session.js';
import { gradientsInActors } from '../src/model/tour-numbers.js';
import { shortRun } from './short-run.js';

const runs = {
  spread: () => shippedFiles('spread'),
  tag: () => shippedFiles('tag'),
  simple: () => shippedFiles('simple'),
  'matd3 with choices': () => shortRun({ algorithm: 'matd3', actions: 'discrete' }),
  'openai-maddpg': () => shortRun({ algorithm: 'openai-maddpg', actions: 'discrete' }),
  'shared networks': () => shortRun({ scenario: 'simple_spread', settings: { parameterSharing: true } }),
  'a penalty on numbers': () => shortRun({ settings: { actionPenalty: 0.1 } }),
  'independent critics': () => shortRun({ settings: { critic: 'independent' } }),
};

/** What the page says of the loss must be what the loss is. */
test.each<[keyof typeof runs, string[]]>([
  ['spread', []],
  ['a penalty on numbers', ['numbers']],
  ['openai-maddpg', ['logits']],
])('the penalties of %s are %o, and the loss has them', (name, penalties) => {
  const session = new Session(runs[name](), 3);
  const { algorithm } = session;
  expect(penaltiesOf(algorithm, 0)).toEqual(penalties);
  const batch = session.batchOfMoment();
  const loss = algorithm.actorLoss(0, batch);
  expect(algorithm.penalized(0, batch, loss) === loss).toBe(penalties.length === 0);
});

describe.each(Object.entries(runs))('%s', (_, files) => {
  const session = new Session(files(), 3);

  test('the lines of every op are lines that really called it', () => {
    const { lines } = gradientFlow(session, 0, 'moment');
    const options = { values: true, lines: true };
    const { graph } = inspectActorLoss(session.algorithm, 0, session.batchOfMoment(), options);
    graph.nodes.forEach(({ lines: frames, kind, op }, id) => {
      if (kind === 'op') expect(lines[id].length, `${op} ${id}`).toBeGreaterThan(0);
      if (kind === 'leaf' || kind === 'constant') expect(lines[id]).toEqual([]);
      if (kind !== 'op') return;
      const real = frames!.flatMap(
        (frame) => /([\w-]+\.ts):(\d+):\d+\)?$/.exec(frame)?.slice(1, 3).join(':') ?? [],
      );
      const said = lines[id].map(({ file, number }) => `${file}:${number}`);
      expect(
        real.filter((line) => said.includes(line)).filter((line, k, all) => all.indexOf(line) === k),
        `${op} ${id}`,
      ).toEqual(said);
    });
  });

  test('folded and unfolded, all edges between parts have the same norms', () => {
    const flow = gradientFlow(session, 0, 'batch');
    const keys = flow.parts.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(['actor', 'critic', 'loss']));
    expect(foldFlow(flow, keys).nodes).toEqual(flow.graph.nodes);
    const folded = foldFlow(flow, []);
    const critic = folded.nodes.find(({ name }) => name.endsWith("'s critic"))!;
    expect(critic.group!.parametersNorm).toBeNull();
    const unfolded = foldFlow(flow, ['critic']);
    const norms = ({ nodes, edges }: typeof folded) =>
      edges
        .filter(({ from }) => nodes[from].name.endsWith("'s actor"))
        .map(({ gradientNorm }) => gradientNorm);
    expect(norms(unfolded)).toEqual(norms(folded));
  });
});

test('the norms of the actors are those of the tour', () => {
  const session = new Session(shippedFiles('spread'), 3);
  const { nodes } = foldFlow(gradientFlow(session, 1, 'moment'), []);
  const actors = session.agents.map((name) => nodes.find((node) => node.name === `${name}'s actor`)!);
  const norms = actors.map(({ group }) => group!.parametersNorm ?? 0);
  gradientsInActors(session, 1).forEach((norm, j) => {
    expect(norms[j]).toBeCloseTo(norm, 5);
  });
  expect(norms.map((norm) => norm > 0)).toEqual([false, true, false]);
});
