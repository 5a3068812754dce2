/** The policy that plays on the page, and what its critics say. */
import { evaluate, makeRunEnv, policyOf } from '@paragrad/maddpg';
import { tensor } from '@paragrad/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shippedFiles } from '../shipped-files.js';
import { actionsOf, batchOf, values, valuesOverActions, valuesOverPlaces } from '../src/model/critic.js';
import { openRun } from '../src/model/open-run.js';
import { placesOf, withPlaces } from '../src/model/places.js';
import { Session } from '../src/model/session.js';
import {
  gradientsInActors,
  inputSizes,
  returnsOf,
  slopeCheck,
  targetDistance,
  throughTanh,
  valueIfOpposite,
} from '../src/model/tour-numbers.js';
import { shipped } from '../src/shipped.js';

const names = shipped.map(({ name }) => name);
const open = (name: string, seed = 1) => new Session(shippedFiles(name), seed);

test.each(names)('%s: the page plays the same episode as evaluate', (name) => {
  const session = open(name, 5);
  const { config, algorithm } = openRun(shippedFiles(name));
  const env = makeRunEnv(config);
  const policy = policyOf(algorithm);
  let { observations } = env.reset({ seed: 5 });
  for (let step = 0; step < session.length; step++) {
    session.agents.forEach((agent, i) => {
      expect(session.moment.observations[i]).toEqual(Float32Array.from(observations[agent]));
    });
    ({ observations } = env.step(policy(observations)));
    session.step();
  }
  expect(session.moment.isOver).toBe(true);
  session.step();
  expect([session.seed, session.steps]).toEqual([6, 0]);
});

test('back, forth and goTo end at the same moment', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(1, -1, 7, 0), { maxLength: 12 }), (moves) => {
      const session = open('spread');
      let at = 0;
      for (const move of moves) {
        if (move === 1) session.step();
        else if (move === -1) session.back();
        else session.goTo(move);
        at = move === 1 ? at + 1 : move === -1 ? Math.max(0, at - 1) : move;
      }
      const straight = open('spread');
      straight.goTo(at);
      expect(session.moment).toEqual(straight.moment);
    }),
    { numRuns: 15 },
  );
});

test('whoever is moved sees something else, and acts otherwise; the link brings everybody back', () => {
  const session = open('spread');
  session.goTo(4);
  const before = session.moment;
  const places = placesOf(before.state);
  places[0] += 0.5;
  session.edit(withPlaces(before.state, places));
  expect(session.moment.state.agents[0].pos[0]).toBeCloseTo(before.state.agents[0].pos[0] + 0.5);
  expect(session.moment.actions).not.toEqual(before.actions);
  expect(session.steps).toBe(4);
  expect(placesOf(session.moment.state)).toEqual(places);
  session.back();
  session.step();
  expect(session.moment.actions).toEqual(before.actions);
});

test.each(names)('%s: dQ/da is the slope of Q, by central differences', (name) => {
  const session = open(name);
  session.goTo(3);
  const { algorithm, moment } = session;
  const h = 1e-3;
  session.agents.forEach((_, i) => {
    const batch = batchOf(algorithm, moment.observations);
    const { gradient } = session.advice(i);
    gradient.forEach((slope, k) => {
      const q = (by: number) => {
        const actions = actionsOf(algorithm, moment.observations).map((action, j) =>
          j === i ? action.add(tensor([Array.from(gradient, (_, c) => (c === k ? by : 0))])) : action,
        );
        return values(algorithm, i, batch, actions)[0];
      };
      expect(Math.abs((q(h) - q(-h)) / (2 * h) - slope)).toBeLessThan(0.005 + 0.02 * Math.abs(slope));
    });
  });
});

test('the values over actions and places contain those of the moment', () => {
  const session = open('spread');
  const { algorithm, moment } = session;
  const size = 3; // the middle cell is the action 0, and the place 0
  const middle = 4;
  const overActions = valuesOverActions(algorithm, 1, moment.observations, moment.actions, size);
  const batch = batchOf(algorithm, moment.observations);
  const tensors = actionsOf(algorithm, moment.observations).map((action, j) =>
    j === 1 ? action.mul(0) : action,
  );
  expect(overActions[middle]).toBeCloseTo(values(algorithm, 1, batch, tensors)[0], 5);

  const overPlaces = valuesOverPlaces(algorithm, session.scratchEnv(), moment.state, 1, size);
  session.edit({
    ...moment.state,
    agents: moment.state.agents.map((agent, j) => (j === 1 ? { ...agent, pos: [0, 0] } : agent)),
  });
  expect(overPlaces.values[middle]).toBeCloseTo(session.advice(1).value, 5);
  session.advice(1).gradient.forEach((g, k) => {
    expect(overPlaces.gradients[2 * middle + k]).toBeCloseTo(g, 5);
  });
});

test('the numbers of the tour', () => {
  const session = open('spread');
  const { predicted, actual, step } = slopeCheck(session, 0);
  expect(predicted).toBeCloseTo(step * Math.hypot(...session.advice(0).gradient), 6);
  expect(actual / predicted).toBeCloseTo(1, 0);
  expect(valueIfOpposite(session, 0, 1)).not.toBe(session.advice(0).value);
  expect(inputSizes(session.algorithm, 0)).toEqual({ actor: 18, critic: 60 });
  const [x, y] = session.moment.actions[0].map((a) => Math.round(100 * (1 - a * a)));
  expect(throughTanh(session, 0)).toBe(`${x} % and ${y} %`);
  const [first, ...others] = gradientsInActors(session, 0);
  expect(first).toBeGreaterThan(0);
  expect(others).toEqual([0, 0]);
  expect(targetDistance(session.algorithm, 0)).toBeGreaterThan(0);
});

test('what was learned is better than noise and chance, and playing them changes nothing', () => {
  const session = open('spread');
  const before = session.moment;
  const { learned, noisy, chance } = returnsOf(session, 20);
  expect(learned).toBeGreaterThan(noisy);
  expect(noisy).toBeGreaterThan(chance);
  const { config, algorithm } = openRun(session.run.files);
  const again = evaluate(makeRunEnv(config), policyOf(algorithm), { episodes: 20, seed: 1 });
  expect(learned).toBe(again.meanReturn);
  expect(session.moment).toBe(before);
});

test('a batch of the moment is the transition that follows', () => {
  const session = open('adversary');
  const batch = session.batchOfMoment();
  const { observations } = session.moment;
  expect(batch.observations.map(({ data }) => data)).toEqual(observations);
  session.step();
  expect(batch.nextObservations.map(({ data }) => data)).toEqual(session.moment.observations);
  expect(session.batchOfEpisodes(16).x.shape[0]).toBe(16);
  expect([...session.batchOfEpisodes(16).x.data]).toEqual([...open('adversary').batchOfEpisodes(16).x.data]);
});

test('what is no whole run, or has no critic of actions, is refused in words', () => {
  const { 'networks.safetensors': _, ...files } = shippedFiles('simple');
  expect(() => openRun(files)).toThrow('This is not a whole run: networks.safetensors missing');
  const config = JSON.stringify({
    scenario: 'simple',
    algorithm: 'iql',
    actions: 'discrete',
    exploration: { kind: 'epsilon-greedy' },
  });
  expect(() => openRun({ ...shippedFiles('simple'), 'config.json': config })).toThrow('This run is of iql');
});
