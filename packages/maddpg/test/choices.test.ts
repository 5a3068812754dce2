/** Agents whose actions are choices, and agents whose actions have choices and numbers. */
import { makeEnv } from '@paragrad/mpe';
import { Generator, grad, normal, Tensor, zeros } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { continuousSize } from '../src/environments/agent-spec.js';
import {
  Actor,
  type AgentSpec,
  agentSpecs,
  type Batch,
  evaluate,
  jointBatch,
  Maddpg,
  type MaddpgSettings,
  makeAlgorithm,
  makeRunEnv,
  metricsOf,
  policyOf,
  prepareRun,
  randomChoices,
  saveCheckpoint,
  train,
} from '../src/index.js';
import { smallConfig } from './short-run.js';

/** Steers with one number, moves in one of 3 ways, and says one of 2 words. */
const mixed: AgentSpec = { name: 'mixed', observationSize: 4, actionSize: 6, maxAction: 2, choices: [3, 2] };
const speaker: AgentSpec = { name: 'speaker', observationSize: 3, actionSize: 3, maxAction: 1, choices: [3] };
const pilot: AgentSpec = { name: 'pilot', observationSize: 1, actionSize: 1, maxAction: 1 };

const rowsOf = ({ data, shape: [rows, width] }: Tensor) =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
const sum = (x: readonly number[]) => x.reduce((total, value) => total + value, 0);

describe('an actor', () => {
  const observations = normal([200, 4], new Generator(5));

  test('takes the likeliest choices by greedy(), the same each time', () => {
    const actor = new Actor(mixed, [8], new Generator(1));
    const logits = rowsOf(actor.body.forward(observations));
    rowsOf(actor.greedy(observations)).forEach((action, row) => {
      const [number, a, b, c, d, e] = logits[row];
      expect(action[0]).toBeCloseTo(2 * Math.tanh(number), 5);
      const best = (x: number[]) => x.map((value) => Number(value === Math.max(...x)));
      expect(action.slice(1)).toEqual([...best([a, b, c]), ...best([d, e])]);
    });
    expect(actor.greedy(observations).data).toEqual(actor.greedy(observations).data);
  });

  test('draws each choice with the probability that its logits give', () => {
    const actor = new Actor(speaker, [], new Generator(1));
    const [{ data: weight }, bias] = actor.parameters();
    weight.fill(0);
    bias.update((data) => data.set([0, Math.log(2), Math.log(5)]));
    const drawn = rowsOf(actor.forward(zeros([20_000, 3])));
    const shares = [0, 1, 2].map((k) => sum(drawn.map((row) => row[k])) / drawn.length);
    [1 / 8, 2 / 8, 5 / 8].forEach((share, k) => {
      expect(Math.abs(shares[k] - share)).toBeLessThan(0.015); // over four standard errors
    });
  });

  test('draws one-hot choices, or soft ones that are closer to one-hot at a lower temperature', () => {
    const largest = (temperature: number, straightThrough: boolean) => {
      const actor = new Actor(mixed, [8], new Generator(1), { temperature, straightThrough });
      const words = rowsOf(actor.forward(observations)).map((action) => action.slice(4));
      for (const word of words) expect(sum(word)).toBeCloseTo(1, 5);
      return sum(words.map((word) => Math.max(...word))) / words.length;
    };
    expect(largest(1, true)).toBe(1);
    expect(largest(0.1, false)).toBeGreaterThan(0.93);
    expect(largest(1, false)).toBeLessThan(0.9);
    expect(largest(10, false)).toBeLessThan(0.6);
  });

  test.each([true, false])(
    'lets gradients flow through its choices, with straightThrough %j',
    (straightThrough) => {
      const actor = new Actor(mixed, [8], new Generator(1), { temperature: 1, straightThrough });
      const value = actor.forward(observations).narrow(1, 4, 1).sum(); // of the first word
      const [bias] = grad(value, [actor.parameters().at(-1)!]);
      expect(bias.data[4]).toBeGreaterThan(0.1);
      expect(bias.data[5]).toBeCloseTo(-bias.data[4], 3);
      expect([...bias.data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    },
  );
});

/**
 * The rewards of a one-step game with agents of three kinds. An agent gets a reward for repeating the number and the category that
 * it observes. The mixed agent also gets one for its second word if the category is 2, and for its first word otherwise.
 */
const REWARDS: ((observed: number[], action: number[]) => number)[] = [
  (observed, action) =>
    sameNumber(observed[0], action[0]) +
    dot(observed.slice(1), action.slice(1, 4)) +
    (observed[3] ? action[5] : action[4]),
  (observed, action) => dot(observed, action),
  (observed, action) => sameNumber(observed[0], action[0]),
];
const sameNumber = (a: number, b: number) => 1 - (a - b) ** 2;
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, k) => value * b[k]));

const SPECS = [mixed, speaker, pilot];

function drawObservations(rows: number, generator: Generator): Tensor[] {
  const number = () => [generator.uniform(-1, 1)];
  const category = () => {
    const chosen = generator.integer(3);
    return [0, 1, 2].map((k) => Number(k === chosen));
  };
  const table = (row: () => number[]) => matrix(Array.from({ length: rows }, row));
  return [table(() => [...number(), ...category()]), table(category), table(number)];
}

function matrix(rows: readonly number[][]): Tensor {
  return new Tensor(Float32Array.from(rows.flat()), [rows.length, rows[0].length]);
}

function rewardsOf(observations: readonly Tensor[], actions: readonly Tensor[]): Tensor[] {
  return observations.map((o, i) => {
    const done = rowsOf(actions[i]);
    return matrix(rowsOf(o).map((observed, row) => [REWARDS[i](observed, done[row])]));
  });
}

/** The mean reward of each agent after 500 updates, without exploration. The best is 3, 1 and 1. */
function rewardsAfterPractice(
  settings: Partial<MaddpgSettings>,
  algorithm: 'maddpg' | 'matd3' = 'maddpg',
): number[] {
  // Seeds 2 to 4 learn everything. With seed 1 the one-hot draws soon settle on one category for good.
  const generator = new Generator(2);
  const maddpg = makeAlgorithm(algorithm, SPECS, {
    generator,
    hidden: [32],
    actorLr: 2e-3,
    criticLr: 1e-2,
    ...settings,
  });
  const explore = randomChoices(SPECS, generator);
  for (let update = 0; update < 500; update++) {
    const observations = drawObservations(64, generator);
    const tried = Array.from({ length: 64 }, () => explore({}));
    const actions = SPECS.map(({ name }) => matrix(tried.map((action) => action[name] as number[])));
    const batch: Batch = jointBatch({
      observations,
      actions,
      rewards: rewardsOf(observations, actions),
      nextObservations: observations,
      terminations: SPECS.map(() => matrix(tried.map(() => [1]))),
    });
    maddpg.update(batch);
  }
  const observations = drawObservations(500, new Generator(2));
  return rewardsOf(observations, maddpg.act(observations)).map((r) => r.mean().item());
}

test.each([
  ['logits of its choices', 'logitsPenalty', (row: number[], numbers: number) => row.slice(numbers)],
  ['numbers before tanh', 'actionPenalty', (row: number[], numbers: number) => row.slice(0, numbers)],
] as const)("an actor's loss includes a penalty on the %s, if it has any", (_, penalty, penalizedIn) => {
  const observations = drawObservations(8, new Generator(3));
  const lossOf = (i: number, weight: number) => {
    const none = { logitsPenalty: 0, actionPenalty: 0 };
    const maddpg = new Maddpg(SPECS, {
      generator: new Generator(1),
      hidden: [8],
      ...none,
      [penalty]: weight,
    });
    const actions = maddpg.act(observations);
    const [rewards, terminations] = [rewardsOf(observations, actions), rewardsOf(observations, actions)];
    const nextObservations = observations;
    const batch = jointBatch({ observations, actions, rewards, nextObservations, terminations });
    const outputs = rowsOf(maddpg.agents[i].actor.network.body.forward(observations[i]));
    const penalized = outputs.flatMap((row) => penalizedIn(row, continuousSize(SPECS[i])));
    const mean = sum(penalized.map((value) => value ** 2)) / Math.max(1, penalized.length);
    return { loss: maddpg.actorStep(i, batch).actorLoss, expected: weight * mean };
  };
  const expected = SPECS.map((_, i) => {
    const { loss, expected } = lossOf(i, 0.5);
    expect(loss - lossOf(i, 0).loss).toBeCloseTo(expected, 5);
    return expected;
  });
  expect(expected.filter((mean) => mean > 0)).toHaveLength(2); // one agent has only choices, one only numbers
});

test("MATD3's noise on the targets' actions leaves their choices one-hot", () => {
  const matd3 = makeAlgorithm('matd3', SPECS, { generator: new Generator(1) });
  const observations = drawObservations(50, new Generator(3));
  const nextObservations = observations;
  const ones = SPECS.map(() => matrix(Array(50).fill([1])));
  const actions = matd3.act(observations);
  const batch = jointBatch({ observations, actions, rewards: ones, nextObservations, terminations: ones });
  for (const row of rowsOf(matd3.nextActions(batch)[0])) {
    expect(row.slice(1).toSorted()).toEqual([0, 0, 0, 1, 1]);
    expect(Math.abs(row[0])).toBeLessThanOrEqual(2);
  }
});

describe('agents of different kinds learn in one run', () => {
  test.each<[string, Partial<MaddpgSettings>, 'maddpg' | 'matd3']>([
    ['with straight-through draws', {}, 'maddpg'],
    ['with soft draws', { straightThrough: false }, 'maddpg'],
    ['with MATD3', { actorLr: 1e-2 }, 'matd3'],
  ])('%s', (_, settings, algorithm) => {
    const [mixedReward, speakerReward, pilotReward] = rewardsAfterPractice(settings, algorithm);
    expect(mixedReward).toBeGreaterThan(2.7); // random actions get 1/3 + 1/2, and less than 0 for the number
    expect(speakerReward).toBeGreaterThan(0.95);
    expect(pilotReward).toBeGreaterThan(0.9);
  });
});

describe('in the particle environments', () => {
  const discrete = { ...smallConfig, actions: 'discrete' as const };

  test('agents that move choose a move, and agents that speak choose a word', () => {
    const choicesIn = (scenario: 'simple_reference' | 'simple_speaker_listener') =>
      Object.fromEntries(
        agentSpecs(makeEnv(scenario, { actionMode: 'continuous' })).map(({ name, choices }) => [
          name,
          choices,
        ]),
      );
    expect(choicesIn('simple_reference')).toEqual({ agent_0: [5, 10], agent_1: [5, 10] });
    expect(choicesIn('simple_speaker_listener')).toEqual({ speaker_0: [3], listener_0: [5] });
  });

  test.each(['simple_spread', 'simple_reference', 'simple_speaker_listener', 'simple_world_comm'] as const)(
    '%s: the replay memory holds one-hot choices, and the same seed gives the same run',
    (scenario) => {
      const run = () => {
        const training = prepareRun({ ...discrete, scenario });
        const reports = [...train(training)];
        return { training, reports, files: saveCheckpoint(training.algorithm) };
      };
      const { training, reports, files } = run();
      const again = run();
      expect(again.reports).toEqual(reports);
      expect(again.files).toEqual(files);

      const { actions } = training.memory.sample(100, new Generator(1));
      actions.forEach((action, i) => {
        const { choices = [], actionSize } = training.algorithm.specs[i];
        for (const row of rowsOf(action)) {
          expect(sum(row)).toBe(choices.length);
          expect(row.filter((value) => value === 0)).toHaveLength(actionSize - choices.length);
        }
      });
    },
  );

  test('simple_speaker_listener: speaker and listener learn to bring the listener much closer to its goal', () => {
    const config = {
      ...discrete,
      scenario: 'simple_speaker_listener' as const,
      episodes: 600,
      batchSize: 128,
      warmupSteps: 1000,
      settings: { ...discrete.settings, hidden: [64, 64], gamma: 0.9, criticLr: 2e-3 },
    };
    const training = prepareRun(config);
    for (const _ of train(training));
    const env = makeRunEnv(config);
    const options = { episodes: 200, seed: 99, metrics: metricsOf(config) };
    const trained = evaluate(env, policyOf(training.algorithm), options);
    const random = evaluate(env, randomChoices(training.algorithm.specs, new Generator(5)), options);
    expect(trained.metrics.distance).toBeLessThan(0.6 * random.metrics.distance);
    expect(trained.meanReturn).toBeGreaterThan(0.6 * random.meanReturn);
  }, 60_000);

  test('training draws choices, and evaluation takes the likeliest', () => {
    const { algorithm: maddpg } = prepareRun({ ...discrete, scenario: 'simple_reference' });
    const observations = maddpg.specs.map(({ observationSize }) =>
      normal([1, observationSize], new Generator(3)),
    );
    const distinctActions = (explore: boolean) =>
      new Set(Array.from({ length: 30 }, () => String(maddpg.act(observations, { explore })[0].data))).size;
    expect(distinctActions(false)).toBe(1);
    expect(distinctActions(true)).toBeGreaterThan(10);
  });
});
