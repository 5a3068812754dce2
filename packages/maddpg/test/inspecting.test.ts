/** The graph of an actor's loss, against the losses, steps and gradients that it shows. */
import { Generator, Tensor, zeros } from '@paragrad/tensor';
import { fold, type Graph, type GraphNode, toText } from '@paragrad/tensor/inspect';
import { describe, expect, test } from 'vitest';
import {
  AttentionMaddpg,
  type Batch,
  CommunicatingMaddpg,
  defaultsOf,
  inspectActorLoss,
  Maddpg,
  OpenaiMaddpg,
  type RunOptions,
  saveCheckpoint,
} from '../src/index.js';
import { namedNetworks } from './networks-of.js';
import { shortRun, smallConfig } from './short-run.js';

const settings = (some: object): RunOptions => ({ settings: { ...smallConfig.settings, ...some } });
const choices: RunOptions = { actions: 'discrete' };

interface Case {
  config: RunOptions;
  /** Whose parameters the loss of adversary_1 reaches, besides its own actor's. */
  also?: string[];
  /** What is folded, besides the agents' actors, the critic and the loss. */
  parts?: string[];
  /** Whether the actors take their steps together. */
  together?: boolean;
  /** Whether the others' actors have no part in the loss. */
  alone?: boolean;
}

const others = ['adversary_0', 'adversary_2', 'agent_0'];
const communicating: Omit<Case, 'config'> = {
  also: others.map((name) => `${name}'s encoder`),
  parts: ['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'].map((name) => `${name}'s encoder`),
  together: true,
};
const inferring: Omit<Case, 'config'> = {
  parts: others.map((name) => `adversary_1's approximation of ${name}'s policy`),
  alone: true,
};

const cases: Record<string, Case> = {
  maddpg: { config: {} },
  "others' actions from replay": { config: settings({ othersActions: 'replay' }), alone: true },
  'independent critics': { config: settings({ critic: 'independent' }), alone: true },
  'shared networks': { config: settings({ parameterSharing: true }) },
  'batch normalization': { config: settings({ observationNorm: 'batch' }) },
  'running normalization': { config: settings({ observationNorm: 'running', rewardNorm: 'return' }) },
  choices: { config: choices },
  'soft choices, no penalty': {
    config: { ...choices, ...settings({ straightThrough: false, logitsPenalty: 0 }) },
  },
  'a penalty on numbers': { config: settings({ actionPenalty: 0.1 }) },
  'shared networks, a penalty on numbers': {
    config: settings({ parameterSharing: true, actionPenalty: 0.1 }),
  },
  matd3: { config: { algorithm: 'matd3' } },
  openai: {
    config: { algorithm: 'openai-maddpg', ...choices, ...settings(defaultsOf(OpenaiMaddpg.settings)) },
    alone: true,
  },
  attention: { config: { algorithm: 'attention-maddpg' }, together: true },
  communicating: { config: { algorithm: 'communicating-maddpg' }, ...communicating },
  'communicating with choices': {
    config: { algorithm: 'communicating-maddpg', ...choices },
    ...communicating,
  },
  ensemble: { config: { algorithm: 'ensemble-maddpg', ...choices } },
  inferring: { config: { algorithm: 'inferring-maddpg' }, ...inferring },
  'inferring with choices': { config: { algorithm: 'inferring-maddpg', ...choices }, ...inferring },
};

/** The second of three predators; the prey's observation is shorter. */
const I = 1;
const NAME = 'adversary_1';
const byName = (graph: Graph, name: string): GraphNode => graph.nodes.find((node) => node.name === name)!;

describe.each(Object.entries(cases))('%s', (name, { config, also = [], parts = [], together, alone }) => {
  const { maddpg, batch } = shortRun({ scenario: 'simple_tag', episodes: 8, ...config }, 32);
  maddpg.updates = 2; // an update in which MATD3's actors move, too
  const { graph, groups } = inspectActorLoss(maddpg, I, batch, { values: true });
  const folded = fold(graph, groups);
  const isShared = name.startsWith('shared networks');

  test('its parts are the networks; only the own actor gets a gradient', () => {
    const found = folded.nodes.filter(({ group }) => group);
    const actors = alone ? [NAME] : [NAME, ...others];
    const expected = [
      ...actors.map((agent) => `${agent}'s actor`),
      `${NAME}'s critic`,
      `${NAME}'s loss`,
      ...parts,
    ];
    expect(found.map((node) => node.name).sort()).toEqual(expected.sort());
    if (isShared) return; // its parameters belong to several actors
    const reached = found.filter(({ group }) => group!.parametersNorm !== null).map((node) => node.name);
    expect(reached.sort()).toEqual([`${NAME}'s actor`, ...also].sort());
    const without = found.filter(({ group }) => group!.parameters === 0).map((node) => node.name);
    expect(without).toEqual([`${NAME}'s loss`]);
  });

  test('the loss and every gradient are those of a backward', () => {
    const state = maddpg.getState();
    const loss = lossOf(maddpg, maddpg.normalized(batch));
    maddpg.setState(state);
    expectClose(graph.nodes[0].values!, loss.data);
    const networks = namedNetworks(maddpg).filter(({ name }) => !name.startsWith('target'));
    for (const { network } of networks) network.zeroGrad();
    loss.backward({ inputs: maddpg.agents.flatMap(({ actor }) => actor.network.parameters()) });
    let compared = 0;
    for (const { owner, name, network } of networks) {
      for (const [path, { grad }] of network.namedParameters()) {
        const node = graph.nodes.find((one) => one.name === `${owner}.${name}.${path}`);
        if (!node) continue;
        expect(node.gradient === null, node.name).toBe(grad === null || !grad.data.some((g) => g !== 0));
        if (!node.gradient) continue;
        expectClose(node.gradient, grad!.data);
        expect(node.gradientNorm).toBeCloseTo(Math.hypot(...grad!.data), 5);
        compared++;
      }
      network.zeroGrad();
    }
    expect(compared).toBe(6 + 6 * also.length);
  });

  test('the gradient at the own action is dL/da, and that at Q is -1 / rows', () => {
    const action = byName(graph, `${NAME}'s action`);
    const [edge] = graph.edges.filter(({ from }) => from === action.id);
    expect(edge.gradientNorm).toBe(action.gradientNorm);
    const q = byName(graph, `${NAME}'s Q`);
    const share = name === 'ensemble' ? 3 : 1; // of sub-policies
    expect(q.gradient).toEqual(new Float32Array(32).fill(-1 / 32 / share));
    for (const other of others) {
      const node = graph.nodes.find((one) => one.name === `${other}'s action`);
      expect(node?.gradientNorm ?? null).toBeNull();
    }
  });

  test('nothing has changed, and a second look shows the same', () => {
    const networks = namedNetworks(maddpg).map(({ network }) => network);
    const before = { files: saveCheckpoint(maddpg), state: structuredClone(maddpg.getState()) };
    const names = [batch.x, ...batch.observations].map((x) => x.name);
    const again = inspectActorLoss(maddpg, I, batch, { values: true });
    expect(again.graph).toEqual(graph);
    expect(again.groups).toEqual(groups);
    expect(saveCheckpoint(maddpg)).toEqual(before.files);
    expect(maddpg.getState()).toEqual(before.state);
    expect([batch.x, ...batch.observations].map((x) => x.name)).toEqual(names);
    for (const network of networks) {
      expect(network.parameters().filter(({ name, grad }) => name !== '' || grad !== null)).toEqual([]);
      expect(Object.getOwnPropertyNames(network)).not.toContain('forward');
    }
  });

  if (together) return; // all actors step together, so no step is of one agent's loss
  test('the loss and the norm are what a step reports', () => {
    const [own] = folded.nodes.filter((node) => node.name === `${NAME}'s actor`);
    const report = maddpg.actorStep(I, maddpg.normalized(batch));
    expectClose(graph.nodes[0].values!, [report.actorLoss]);
    if (!isShared) expect(own.group!.parametersNorm).toBeCloseTo(report.actorGradNorm, 5);
  });
});

/** Agent 1's loss, as the algorithm computes it. */
function lossOf(maddpg: Maddpg, batch: Batch): Tensor {
  if (maddpg instanceof AttentionMaddpg || maddpg instanceof CommunicatingMaddpg)
    return maddpg.actorLosses(batch).narrow(0, I, 1).sum();
  return maddpg.penalized(I, batch, maddpg.actorLoss(I, batch));
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(Math.abs(actual[k] - value)).toBeLessThan(1e-6 + 1e-5 * Math.abs(value));
  });
}

describe('what a graph says', () => {
  const { maddpg, batch } = shortRun({ episodes: 4, settings: { hidden: [8] } }, 8);
  const { graph, groups } = inspectActorLoss(maddpg, 1, batch);

  test('folded, as text', () => {
    expect(toText(fold(graph, groups)).replaceAll(/(?<=\|gradient\| )[\d.e-]+/g, '...')).toBe(
      `
agent_1's loss [] (3 ops)
  agent_1's critic [8, 1] (8 ops; 4 parameters, no gradient)  |gradient| ...
    constant all observations [8, 54]
    agent_0's action = detach [8, 2]
      agent_0's actor [8, 2] (5 ops; 4 parameters, no gradient)  x cut off, no gradient
        constant agent_0's observation [8, 18]
    agent_1's actor [8, 2] (5 ops; 4 parameters, |gradient| ...)  |gradient| ...
      constant agent_1's observation [8, 18]
    agent_2's action = detach [8, 2]
      agent_2's actor [8, 2] (5 ops; 4 parameters, no gradient)  x cut off, no gradient
        constant agent_2's observation [8, 18]`.trim(),
    );
  });

  test('weights have the names that they have in a checkpoint', () => {
    const names = graph.nodes.filter(({ kind }) => kind === 'leaf').map(({ name }) => name);
    expect(names).toHaveLength(16);
    const files = Object.values(saveCheckpoint(maddpg)).map((file) =>
      typeof file === 'string' ? file : new TextDecoder().decode(file),
    );
    for (const name of names)
      expect(
        files.some((text) => text.includes(`"${name}"`)),
        name,
      ).toBe(true);
  });

  test('with lines, those that called each op', () => {
    const { nodes } = inspectActorLoss(maddpg, 1, batch, { values: true, lines: true }).graph;
    for (const { op, lines } of nodes)
      if (op && op !== 'detach') expect(lines!.join()).toMatch(/maddpg\.ts:\d+/);
    expect(inspectActorLoss(maddpg, 1, batch, { values: true }).graph.nodes[0].lines).toEqual([]);
  });

  test('with the weights of the critic as inputs, they get a gradient, and the actors none', () => {
    const inputs = maddpg.agents[1].critic.network.parameters();
    const { nodes } = fold(
      ...(Object.values(inspectActorLoss(maddpg, 1, batch, { inputs })) as Parameters<typeof fold>),
    );
    const reached = nodes.filter(({ group }) => (group?.parametersNorm ?? null) !== null);
    expect(reached.map(({ name }) => name)).toEqual(["agent_1's critic"]);
  });

  test('without detach, the others get a gradient', () => {
    class WithoutDetach extends Maddpg {
      override actorLoss(i: number, batch: Batch, actions = this.actions(batch)): Tensor {
        return this.agents[i].critic.network.forward(batch.x, actions, i).mean().neg();
      }
    }
    const broken = new WithoutDetach(maddpg.specs, { generator: new Generator(1), hidden: [8] });
    const loss = inspectActorLoss(broken, 1, batch);
    const { nodes } = fold(loss.graph, loss.groups);
    const reached = nodes.filter(({ group }) => (group?.parametersNorm ?? null) !== null);
    expect(reached.map(({ name }) => name)).toEqual([
      "agent_0's actor",
      "agent_1's actor",
      "agent_2's actor",
    ]);
  });
});

test('agents that are not live: their rows are left out, and one that never was has no loss', () => {
  const { maddpg, batch } = shortRun({ episodes: 4 }, 8);
  const ones = [0, 1, 2].map(() => new Tensor(new Float32Array(8).fill(1), [8, 1]));
  const half = new Tensor(
    Float32Array.from({ length: 8 }, (_, row) => row % 2),
    [8, 1],
  );
  const none = zeros([8, 1]);
  const withLiveness = (live: Tensor[]): Batch => ({
    ...batch,
    liveness: { live, nextLive: ones, truncated: [none, none, none] },
  });
  const { graph, groups } = inspectActorLoss(maddpg, 0, withLiveness([half, ones[1], none]));
  expect(fold(graph, groups).nodes[0].name).toBe("agent_0's loss");
  expect(graph.nodes.map(({ op }) => op)).toContain('where');
  const never = withLiveness([none, ones[1], ones[2]]);
  expect(() => inspectActorLoss(maddpg, 0, never)).toThrow(
    /inspectActorLoss: agent_0 was live in no row of the batch/,
  );
});

test('wrong arguments', () => {
  const { maddpg, batch } = shortRun({ episodes: 4 }, 8);
  expect(() => inspectActorLoss(maddpg, 3, batch)).toThrow(
    /inspectActorLoss: i is 3; give an agent's index, from 0 to 2/,
  );
  expect(() => inspectActorLoss({} as Maddpg, 0, batch)).toThrow(/give an algorithm with actors and critics/);
  expect(() => inspectActorLoss(maddpg, 0, {} as Batch)).toThrow(/batch: observations/);
});
