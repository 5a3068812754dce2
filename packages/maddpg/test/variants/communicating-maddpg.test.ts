/** Agents that send each other messages: where gradients flow, what acting needs, and that messages help. */
import { concat, Generator, grad, type Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type Actor,
  CommunicatingMaddpg,
  loadCheckpoint,
  prepareRun,
  type RunConfig,
  saveCheckpoint,
  train,
} from '../../src/index.js';
import { experience, smallConfig } from '../experience.js';
import { batchInFloat64, expectFiniteDifferences, inFloat64 } from '../float64.js';
import { secretGame } from '../games.js';

const config: Partial<RunConfig> = { algorithm: 'communicating-maddpg', scenario: 'simple_tag' };
const { maddpg, batch } = experience({ ...config, episodes: 8 }, 64);
const communicating = maddpg as CommunicatingMaddpg;
const copy = () => loadCheckpoint(saveCheckpoint(maddpg)) as CommunicatingMaddpg;
const agents = [0, 1, 2, 3];
const numbers = (tensors: readonly Tensor[]) => tensors.flatMap(({ data }) => [...data]);
const isThere = (gradient: Tensor | null) => gradient?.data.some((value) => value !== 0) ?? false;

describe('gradients', () => {
  test.each(agents)(
    "agent %i's actor loss reaches its own actor, and the encoders of those it hears, and its critic",
    (i) => {
      for (const { actor, critic, targetActor, targetCritic } of communicating.agents) {
        for (const network of [actor, critic, targetActor, targetCritic]) network.zeroGrad();
      }
      communicating.actorLoss(i, batch).backward();
      const reached = communicating.agents.flatMap(({ actor, critic, targetActor, targetCritic }, j) =>
        Object.entries({
          body: actor.body,
          encoder: actor.encoder,
          critic,
          targetActor,
          targetCritic,
        })
          .filter(([, network]) => network.parameters().some(({ grad }) => isThere(grad)))
          .map(([name]) => `${name} ${j}`),
      );
      const heard = [0, 1, 2, 3].filter((j) => j !== i).map((j) => `encoder ${j}`);
      expect(reached.sort()).toEqual([`body ${i}`, `critic ${i}`, ...heard].sort());
    },
  );

  test.each(agents)("agent %i's actor loss agrees with finite differences through messages", (i) => {
    const exact = copy();
    inFloat64(exact);
    const exactBatch = batchInFloat64(batch);
    const facts = exact.actions(exactBatch).map((action) => action.detach());
    const loss = () => exact.actorLoss(i, exactBatch, facts.with(i, exact.actions(exactBatch)[i]));
    const { actor } = exact.agents[i];
    expectFiniteDifferences(actor.body.parameters(), loss);
    for (const j of agents.filter((j) => j !== i)) {
      expectFiniteDifferences(exact.agents[j].actor.encoder.parameters(), loss);
    }
    // An agent does not hear itself.
    const own = grad(loss(), actor.encoder.parameters(), { allowUnused: true });
    expect(own.some(isThere)).toBe(false);
  });

  test.each(agents)("agent %i's critic loss reaches its critic, and no actor or encoder", (i) => {
    const loss = communicating.criticLoss(i, batch, communicating.nextActions(batch));
    const parametersOf = (actor: Actor) => actor.parameters();
    const all = communicating.agents.flatMap(({ actor, targetActor }) =>
      [actor, targetActor].flatMap(parametersOf),
    );
    expect(grad(loss, all, { allowUnused: true }).some(isThere)).toBe(false);
  });
});

test('an update moves every actor and every encoder, and their targets', () => {
  const maddpg = copy();
  const networks = () =>
    maddpg.agents.flatMap(({ actor, targetActor }) =>
      [actor, targetActor].flatMap(({ body, encoder }) => [
        numbers(body.parameters()),
        numbers(encoder.parameters()),
      ]),
    );
  const before = networks();
  maddpg.update(batch);
  networks().forEach((network, index) => {
    expect(network).not.toEqual(before[index]);
  });
});

test('acting depends on what the others observe, by their messages alone', () => {
  const observations = batch.observations.map((o) => o.narrow(0, 0, 1));
  const changed = observations.with(2, observations[2].add(1));
  const [before, after] = [observations, changed].map((o) => communicating.act(o).map(({ data }) => data[0]));
  for (const i of agents) expect(after[i]).not.toBe(before[i]);
  // What agent 0 needs: what it observes, and the mean of three messages.
  const messages = communicating.agents.map(({ actor }, j) => actor.message(observations[j]));
  const heard = messages[1].add(messages[2]).add(messages[3]).div(3);
  const alone = communicating.agents[0].actor.greedy(concat([observations[0], heard], 1));
  expect(alone.data[0]).toBeCloseTo(before[0], 6);
});

test("the targets' actions come from the target encoders' messages", () => {
  const maddpg = copy();
  const before = numbers(maddpg.nextActions(batch));
  for (const { actor } of maddpg.agents) {
    for (const parameter of actor.encoder.parameters()) parameter.update((data) => data.fill(0.5));
  }
  expect(numbers(maddpg.nextActions(batch))).toEqual(before);
  for (const { targetActor } of maddpg.agents) {
    for (const parameter of targetActor.encoder.parameters()) parameter.update((data) => data.fill(0.5));
  }
  expect(numbers(maddpg.nextActions(batch))).not.toEqual(before);
});

test('the same seed gives the same run, and what is loaded is what was saved', () => {
  const run = () => [...train(prepareRun({ ...smallConfig, ...config, episodes: 6 }))];
  expect(run()).toEqual(run());
  expect(saveCheckpoint(copy())).toEqual(saveCheckpoint(maddpg));
  expect(copy().update(batch)).toEqual(copy().update(batch));
});

test.each([
  [secretGame().specs.slice(1), {}, 'CommunicatingMaddpg: 1 agent; it needs others to listen to'],
  [secretGame().specs, { messageSize: 0 }, 'CommunicatingMaddpg: messageSize 0; give a whole number from 1'],
])('%j with %o is refused', (specs, settings, message) => {
  expect(() => new CommunicatingMaddpg(specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
