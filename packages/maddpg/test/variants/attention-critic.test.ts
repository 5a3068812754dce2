/** The critic in which agents attend to each other. attention-maddpg.test.ts tests the algorithm that learns with it. */
import { Generator, grad, indexSelect, noGrad, type Tensor, uniform } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { type AgentSpec, AttentionCritic } from '../../src/index.js';

let made = 0;
const spec = (observationSize: number, actionSize = 2): AgentSpec => ({
  name: `agent_${made++}`,
  observationSize,
  actionSize,
  maxAction: 1,
});
const heads = 2;
const hidden = [8];

function critic(specs: readonly AgentSpec[], parameterSharing = false): AttentionCritic {
  return new AttentionCritic(specs, { hidden, heads, parameterSharing, generator: new Generator(1) });
}

function inputs(specs: readonly AgentSpec[]): { x: Tensor; actions: Tensor[] } {
  const generator = new Generator(2);
  const width = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
  return {
    x: uniform([5, width], generator, { requiresGrad: true }),
    actions: specs.map(({ actionSize }) => uniform([5, actionSize], generator, { requiresGrad: true })),
  };
}

describe('an agent’s value', () => {
  const specs = [spec(3), spec(4), spec(3), spec(4, 1)];
  const { x, actions } = inputs(specs);
  const q = critic(specs);
  const all = [0, 1, 2, 3];

  test.each(all)('of agent %i depends on every agent’s observation and action', (i) => {
    const value = q.forward(x, actions, i).sum();
    for (const d of grad(value, [x, ...actions])) expect(d.data.every((one) => one !== 0)).toBe(true);
  });

  test.each(all)('of agent %i is a column of the values of all agents', (i) => {
    expect(q.forward(x, actions, i).data).toEqual(q.values(x, actions).narrow(1, i, 1).data);
  });

  test.each(all)('of agent %i has a gradient for its own action only, if the others are facts', (i) => {
    const value = (detachOthers: boolean) => q.values(x, actions, { detachOthers }).narrow(1, i, 1).sum();
    const [whole, own] = [false, true].map((facts) => grad(value(facts), actions));
    expect(value(true).item()).toBe(value(false).item());
    all.forEach((j) => {
      if (j !== i) expect(own[j].data.every((d) => d === 0)).toBe(true);
    });
    expect(own[i].data).toEqual(whole[i].data); // no agent attends to itself
  });
});

test('two other agents that share networks can swap places without effect; the agent itself cannot', () => {
  const specs = [spec(3), spec(3), spec(3)];
  const { x, actions } = inputs(specs);
  const ofAgent0 = (order: number[], q = critic(specs, true)) =>
    noGrad(() =>
      q.forward(
        indexSelect(x.reshape([5, 3, 3]), 1, order).reshape([5, 9]),
        order.map((j) => actions[j]),
        0,
      ),
    ).data;
  const value = ofAgent0([0, 1, 2]);
  ofAgent0([0, 2, 1]).forEach((same, row) => {
    expect(same).toBeCloseTo(value[row], 6);
  });
  expect(ofAgent0([1, 0, 2])[0]).not.toBeCloseTo(value[0], 4);
  const withoutSharing = critic(specs);
  expect(ofAgent0([0, 2, 1], withoutSharing)[0]).not.toBeCloseTo(ofAgent0([0, 1, 2], withoutSharing)[0], 4);
});

describe('its weights', () => {
  const count = (parameters: readonly Tensor[]) => parameters.reduce((sum, { size }) => sum + size, 0);
  const agents = (n: number) => Array.from({ length: n }, () => spec(6));
  const attending = (n: number, sharing: boolean) => count(critic(agents(n), sharing).parameters());

  test('grow in proportion to the agents, and not at all with parameter sharing', () => {
    const attention = count(critic(agents(2)).attention.parameters());
    expect(attending(20, false) - attention).toBe(10 * (attending(2, false) - attention));
    expect(attending(20, true)).toBe(attending(2, true));
  });

  test('are an encoder and a body for each agent, or for each kind of agents with parameter sharing', () => {
    const specs = [spec(16), spec(16), spec(16), spec(14)].map((one, i) => ({ ...one, name: `${i}` }));
    const sizes = (sharing: boolean) => {
      const { encoders, bodies } = critic(specs, sharing);
      return [encoders.length, bodies.length];
    };
    expect(sizes(false)).toEqual([4, 4]);
    expect(sizes(true)).toEqual([2, 2]);
  });
});

test('a single agent has nobody to attend to: its own observation and action decide', () => {
  const q = critic([spec(3)]);
  const { x, actions } = inputs([spec(3)]);
  const value = q.forward(x, actions, 0).sum();
  for (const d of grad(value, [x, ...actions])) expect(d.data.every((one) => one !== 0)).toBe(true);
});

test('no agents are refused, and so are heads that do not divide the embedding', () => {
  expect(() => critic([])).toThrow('AttentionCritic: specs is []; give an array with the spec of each agent');
  const options = { hidden, heads: 3, generator: new Generator(1) };
  expect(() => new AttentionCritic([spec(3), spec(3)], options)).toThrow(/embed 8, 3 heads/);
});
