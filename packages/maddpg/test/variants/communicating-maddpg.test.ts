/** Agents that send each other messages: what an update changes, and what acting depends on. */
import { concat, Generator } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { CommunicatingMaddpg } from '../../src/index.js';
import { secretGame } from '../games.js';
import { copyOf, numbers, shortRun } from '../short-run.js';

const { maddpg: communicating, batch } = shortRun<CommunicatingMaddpg>(
  { algorithm: 'communicating-maddpg', scenario: 'simple_tag', episodes: 8 },
  64,
);
const copy = () => copyOf(communicating);
const agents = [0, 1, 2, 3];

test('an update changes every actor and every encoder, and their targets', () => {
  const maddpg = copy();
  const networks = () =>
    maddpg.agents.flatMap(({ actor }) =>
      [actor.network, actor.target].flatMap(({ body, encoder }) => [
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

test("acting depends on the others' observations, but only through their messages", () => {
  const observations = batch.observations.map((o) => o.narrow(0, 0, 1));
  const changed = observations.with(2, observations[2].add(1));
  const [before, after] = [observations, changed].map((o) => communicating.act(o).map(({ data }) => data[0]));
  for (const i of agents) expect(after[i]).not.toBe(before[i]);
  // Agent 0 needs its own observation and the mean of three messages.
  const messages = communicating.agents.map(({ actor }, j) => actor.network.message(observations[j]));
  const heard = messages[1].add(messages[2]).add(messages[3]).div(3);
  const alone = communicating.agents[0].actor.network.greedy(concat([observations[0], heard], 1));
  expect(alone.data[0]).toBeCloseTo(before[0], 6);
});

test("the targets' actions come from the target encoders' messages", () => {
  const maddpg = copy();
  const before = numbers(maddpg.nextActions(batch));
  for (const { actor } of maddpg.agents) {
    for (const parameter of actor.network.encoder.parameters()) parameter.update((data) => data.fill(0.5));
  }
  expect(numbers(maddpg.nextActions(batch))).toEqual(before);
  for (const { actor } of maddpg.agents) {
    for (const parameter of actor.target.encoder.parameters()) parameter.update((data) => data.fill(0.5));
  }
  expect(numbers(maddpg.nextActions(batch))).not.toEqual(before);
});

test.each([
  [
    secretGame().specs,
    { messageSize: 0 },
    'CommunicatingMaddpg: messageSize is 0; give an integer of at least 1',
  ],
])('%j with %o is refused', (specs, settings, message) => {
  expect(() => new CommunicatingMaddpg(specs, { generator: new Generator(1), ...settings })).toThrow(message);
});
