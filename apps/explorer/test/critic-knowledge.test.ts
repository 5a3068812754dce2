/** What a critic knows of each agent. */
import { noGrad, Tensor } from '@paragrad/tensor';
import { expect, test } from 'vitest';
import { knowledgeOf, withIndependentCritics } from '../src/model/critic-knowledge.js';
import { Session } from '../src/model/session.js';
import { shortRun } from './short-run.js';

const session = new Session(shortRun({ scenario: 'simple_tag' }));
const batch = session.batchOfEpisodes(32);
const { algorithm } = session;

test('a centralized critic knows of everybody; an independent one of its own agent only', () => {
  const central = knowledgeOf(algorithm, 1, batch);
  for (const size of [...central.observations, ...central.actions]) expect(size).toBeGreaterThan(0);
  const alone = knowledgeOf(withIndependentCritics(algorithm, batch, [1]), 1, batch);
  alone.observations.forEach((size, j) => {
    if (j === 1) expect(size).toBeGreaterThan(0);
    else expect(size).toBe(0);
    if (j !== 1) expect(alone.actions[j]).toBe(0);
  });
  expect(alone.actions[1]).toBeGreaterThan(0);
});

test('the sizes are those of finite differences', () => {
  const moment = session.batchOfMoment();
  const { network } = algorithm.agents[1].critic;
  const step = 1e-2;
  /** dQ_1 by the k-th number of these, which `q` takes. */
  const slope = (x: Tensor, k: number, q: (x: Tensor) => Tensor) => {
    const at = (by: number) => noGrad(() => q(new Tensor(x.data.with(k, x.data[k] + by), x.shape))).item();
    return (at(step) - at(-step)) / (2 * step);
  };
  const { actions, observations } = knowledgeOf(algorithm, 1, moment);
  const byAction = [0, 1].map((k) =>
    slope(moment.actions[2], k, (a) => network.forward(moment.x, moment.actions.with(2, a), 1)),
  );
  expect(actions[2]).toBeCloseTo(Math.hypot(...byAction), 2);
  const [first, second] = algorithm.specs.map(({ observationSize }) => observationSize);
  const byObservation = Array.from({ length: second }, (_, k) =>
    slope(moment.x, first + k, (x) => network.forward(x, moment.actions, 1)),
  );
  expect(observations[1]).toBeCloseTo(Math.hypot(...byObservation), 2);
});

test('the independent critic has learned something, and nothing else has changed', () => {
  const copy = withIndependentCritics(algorithm, batch, [0]);
  const lossOf = (agent: number) =>
    noGrad(() => copy.criticLoss(agent, batch, copy.nextActions(batch))).item();
  expect(lossOf(0)).toBeLessThan(0.5 * lossOf(1));
  expect(copy.agents[0].actor.network.stateDict()).toEqual(algorithm.agents[0].actor.network.stateDict());
});
