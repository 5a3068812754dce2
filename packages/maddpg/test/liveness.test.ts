/** Agents that end early or appear late: targets and losses against arithmetic of their own, and what must not matter. */
import type { Module } from '@paragrad/nn';
import { Generator, indexSelect, type Tensor } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AgentSpec,
  type AlgorithmName,
  algorithmNames,
  type Batch,
  type CommunicatingMaddpg,
  type EnsembleMemory,
  jointBatch,
  type Learner,
  Maddpg,
  makeAlgorithm,
  Qmix,
  ReplayMemory,
  saveCheckpoint,
  type Transition,
} from '../src/index.js';

/** An agent's part of a step: what it observes and does, its reward, and how the step ends for it. */
type Part = { o: number; a: number; r: number; end?: 'terminated' | 'truncated' };

/**
 * Two episodes of agents a, b and c. In the first, b terminates in step 1, c appears in step 2 and is truncated in step 3; a goes
 * on to step 4, which terminates. In the second, c terminates first, then a and b are truncated together.
 */
const EPISODES: (Part | null)[][][] = [
  [
    [{ o: 0.5, a: 0.1, r: 1 }, { o: -0.4, a: 0.7, r: 2 }, null],
    [{ o: 0.2, a: -0.3, r: -1 }, { o: 0.9, a: 0.6, r: 0.5, end: 'terminated' }, null],
    [{ o: -0.7, a: 0.8, r: 0.3 }, null, { o: 0.3, a: -0.6, r: 4 }],
    [{ o: 0.1, a: 0.2, r: 2 }, null, { o: -0.2, a: 0.4, r: -2, end: 'truncated' }],
    [{ o: 0.8, a: -0.9, r: 0.7, end: 'terminated' }, null, null],
  ],
  [
    [
      { o: 0.6, a: 0.5, r: 1 },
      { o: 0.4, a: -0.7, r: 2 },
      { o: 0.25, a: 0.35, r: -3, end: 'terminated' },
    ],
    [{ o: -0.3, a: 0.4, r: 3, end: 'truncated' }, { o: 0.7, a: 0.9, r: -1, end: 'truncated' }, null],
  ],
];
/** The last observation of an agent after its end: of a, b and c in each episode. */
const LAST = [
  [0.15, 0.33, 0], // 0, as stored for an agent that is not live: n-step returns must stop all the same
  [0.45, -0.65, 0.75],
];
const STEPS = EPISODES.flatMap((episode, e) => episode.map((parts, t) => ({ episode, e, t, parts })));

const SPECS: AgentSpec[] = ['a', 'b', 'c'].map((name) => ({
  name,
  observationSize: 1,
  actionSize: 1,
  maxAction: 1,
}));
const GAMMA = 0.9;

/** The transitions of the story. `anything` stands in the place of all numbers of agents that are not live. */
function transitions(
  anything = 0,
  specs = SPECS,
  actionOf = (part: Part): number[] => [part.a],
): Transition[] {
  const nothing = { o: anything, a: anything, r: anything };
  return STEPS.map(({ episode, e, t, parts }) => ({
    observations: parts.map((part) => [(part ?? nothing).o]),
    actions: parts.map((part, i) => (part ? actionOf(part) : specs[i].choices ? [anything, 1] : [anything])),
    rewards: parts.map((part) => (part ?? nothing).r),
    nextObservations: parts.map((part, i) => [
      episode[t + 1]?.[i]?.o ?? (part?.end === 'truncated' ? LAST[e][i] : part ? LAST[e][i] : anything),
    ]),
    terminations: parts.map((part) => part?.end === 'terminated'),
    truncations: parts.map((part) => part?.end === 'truncated'),
    live: parts.map((part) => part !== null),
    nextLive: parts.map((_, i) => Boolean(episode[t + 1]?.[i])),
  }));
}

function remember(memory: ReplayMemory, all: readonly Transition[]): ReplayMemory {
  for (const transition of all) memory.add(transition);
  return memory;
}

describe.each([1, 2, 3])('with %i-step returns', (n) => {
  const maddpg = new Maddpg(SPECS, { generator: new Generator(1), hidden: [], gamma: GAMMA });
  const memory = new ReplayMemory(SPECS, { nStep: { steps: n, gamma: GAMMA } });
  const batch = remember(memory, transitions()).latest(100);
  const weights = (i: number, of: 'actor' | 'critic') => {
    const [weight, bias] = maddpg.agents[i][of].network.parameters();
    return { w: [...weight.data], b: bias.data[0] };
  };
  const policy = (i: number, o: number) => {
    const { w, b } = weights(i, 'actor');
    return Math.tanh(w[0] * o + b);
  };
  /** Q_i, a linear function of three observations and three actions. (Targets begin with the same weights.) */
  const value = (i: number, o: readonly number[], a: readonly number[]) => {
    const { w, b } = weights(i, 'critic');
    return [...o, ...a].reduce((sum, x, k) => sum + w[k] * x, b);
  };

  /** y_i of the step, by the story. */
  function targetOf(i: number, step: (typeof STEPS)[number]): number {
    const { episode, e } = step;
    let sum = 0;
    for (let k = 0; ; k++) {
      const parts = episode[step.t + k];
      const part = parts[i]!;
      sum += GAMMA ** k * part.r;
      if (part.end === 'terminated') return sum;
      const someoneIsCutOff = parts.some((other) => other?.end === 'truncated');
      if (k + 1 < n && !someoneIsCutOff) continue;
      // Who is there: those that act next, or, if this agent was cut off, also those that were cut off with it.
      const after = [0, 1, 2].map((j) => {
        const next = episode[step.t + k + 1]?.[j];
        if (next) return next.o;
        return part.end === 'truncated' && parts[j]?.end === 'truncated' ? LAST[e][j] : null;
      });
      const actions = after.map((o, j) => (o === null ? 0 : policy(j, o)));
      return (
        sum +
        GAMMA ** (k + 1) *
          value(
            i,
            after.map((o) => o ?? 0),
            actions,
          )
      );
    }
  }

  test.each([0, 1, 2])(
    'the targets, the critic loss and the actor loss of agent %i are those of the story',
    (i) => {
      const lived = STEPS.map((step, row) => ({ ...step, row })).filter(({ parts }) => parts[i]);
      expect(lived.length).toBeLessThan(i === 0 ? 8 : STEPS.length);
      const y = maddpg.target(i, batch, maddpg.nextActions(batch)).data;
      const errors: number[] = [];
      const values: number[] = [];
      for (const step of lived) {
        const expected = targetOf(i, step);
        expect(y[step.row]).toBeCloseTo(expected, 5);
        const o = step.parts.map((part) => part?.o ?? 0);
        errors.push(
          (value(
            i,
            o,
            step.parts.map((part) => part?.a ?? 0),
          ) -
            expected) **
            2,
        );
        values.push(
          value(
            i,
            o,
            step.parts.map((part, j) => (part ? policy(j, part.o) : 0)),
          ),
        );
      }
      const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
      expect(maddpg.criticLoss(i, batch, maddpg.nextActions(batch)).item()).toBeCloseTo(mean(errors), 4);
      expect(maddpg.actorLoss(i, batch).item()).toBeCloseTo(-mean(values), 5);
    },
  );
});

test('a memory of sub-policies has only the steps in which the agent was live', () => {
  const { memory } = learner('ensemble-maddpg');
  const sizes = [0, 1, 2].map((i) =>
    [0, 1, 2].reduce((sum, k) => sum + (memory as EnsembleMemory).sizeOf(i, k), 0),
  );
  const lived = [0, 1, 2].map((i) => 3 * STEPS.filter(({ parts }) => parts[i]).length);
  expect(sizes).toEqual(lived);
});

test('normalized rewards need nothing of an agent that has not appeared yet', () => {
  const maddpg = new Maddpg(SPECS, {
    generator: new Generator(1),
    hidden: [4],
    rewardNorm: 'return',
    observationNorm: 'running',
  });
  const memory = new ReplayMemory(SPECS);
  const [first, second] = transitions();
  for (const transition of [first, second]) {
    memory.add(transition);
    maddpg.observe(transition);
  }
  const [, , ofC] = maddpg.learn(memory, 8, new Generator(1));
  expect(ofC).toEqual({ criticLoss: 0, criticGradNorm: 0, actorLoss: 0, actorGradNorm: 0 });
});

test('a team goes on as long as one of its agents does', () => {
  const specs = SPECS.map((spec) => ({ ...spec, actionSize: 2, choices: [2] }));
  const qmix = new Qmix(specs, { generator: new Generator(1), hidden: [4], gamma: GAMMA });
  const actionOf = ({ a }: Part) => (a > 0 ? [1, 0] : [0, 1]);
  const batch = remember(new ReplayMemory(specs), transitions(0, specs, actionOf)).latest(100);
  const y = qmix.target(batch).data;
  STEPS.forEach(({ episode, t, parts }, row) => {
    const reward = parts.reduce((sum, part) => sum + (part?.r ?? 0), 0) / 3;
    const isOver = t === episode.length - 1 && !parts.some((part) => part?.end === 'truncated');
    if (isOver) expect(y[row]).toBeCloseTo(reward, 5);
    else expect(Math.abs(y[row] - reward)).toBeGreaterThan(1e-3);
  });
});

/** An algorithm of this kind with the story in its memory. Some numbers of the story may be replaced. */
function learner(name: AlgorithmName, anything = 0, settings: object = {}) {
  const isValueBased = name === 'iql' || name === 'qmix';
  const specs = isValueBased ? SPECS.map((spec) => ({ ...spec, actionSize: 2, choices: [2] })) : SPECS;
  const options = { generator: new Generator(1), hidden: [8], ...settings };
  const algorithm = makeAlgorithm(name, specs, options as Parameters<typeof makeAlgorithm>[2]);
  const memory = algorithm.makeMemory({ capacity: 100, nStep: 2, sampling: { kind: 'uniform' } });
  const actionOf = (part: Part) => (isValueBased ? (part.a > 0 ? [1, 0] : [0, 1]) : [part.a]);
  for (let k = 0; k < 3; k++) {
    algorithm.startEpisode(new Generator(k));
    for (const transition of transitions(anything, specs, actionOf)) {
      memory.add(transition);
      algorithm.observe(transition);
    }
  }
  return { algorithm, memory };
}

const NORMS = { observationNorm: 'running', rewardNorm: 'return' };
const KINDS: [AlgorithmName, object][] = [
  ...algorithmNames.map((name): [AlgorithmName, object] => [name, {}]),
  ['maddpg', NORMS],
  ['maddpg', { observationNorm: 'batch' }],
  ['attention-maddpg', NORMS],
  ['communicating-maddpg', { observationNorm: 'batch' }],
];

test.each(KINDS)(
  '%s with %j learns nothing from the numbers of agents that are not live',
  (name, settings) => {
    const [clean, dirty] = [0, 0.77].map((anything) => {
      const { algorithm, memory } = learner(name, anything, settings);
      for (let k = 0; k < 4; k++) algorithm.learn(memory, 16, new Generator(k));
      return saveCheckpoint(algorithm);
    });
    expect(clean).toEqual(dirty);
  },
);

test('nobody hears an agent that is not live: its messages do not matter, in acting and in learning', () => {
  const { algorithm, memory } = learner('communicating-maddpg');
  const maddpg = algorithm as CommunicatingMaddpg;
  const batch = memory.latest(100);
  const observations = batch.observations;
  const said = () => ({
    alone: maddpg.act(observations, { live: [true, true, false] })[0].data.join(),
    together: maddpg.act(observations)[0].data.join(),
    learning: [...maddpg.actions(batch)[0].data],
    targets: [...maddpg.nextActions(batch)[0].data],
  });
  const before = said();
  for (const parameter of [
    ...maddpg.agents[2].actor.network.encoder.parameters(),
    ...maddpg.agents[2].actor.target.encoder.parameters(),
  ]) {
    parameter.update((data) => data.fill(0.5));
  }
  const after = said();
  expect(after.alone).toBe(before.alone);
  expect(after.together).not.toBe(before.together);
  const { live, nextLive, truncated } = batch.liveness!;
  after.learning.forEach((a, row) => {
    if (live[0].data[row]) expect(a !== before.learning[row]).toBe(live[2].data[row] === 1);
  });
  after.targets.forEach((a, row) => {
    if (!nextLive[0].data[row]) return;
    expect(a !== before.targets[row]).toBe(nextLive[2].data[row] === 1 && truncated[2].data[row] === 0);
  });
});

/** The batch with another number wherever an agent was not live. */
function spoiled(batch: Batch): Batch {
  const { live, nextLive, truncated } = batch.liveness!;
  const change = (x: Tensor, isThere: (row: number) => boolean) => {
    const [, width] = x.shape;
    const data = x.data.map((value, k) => (isThere(Math.floor(k / width)) ? value : 0.77));
    const changed = x.mul(1);
    changed.update((to) => to.set(data));
    return changed;
  };
  return jointBatch({
    ...batch,
    observations: batch.observations.map((x, i) => change(x, (row) => live[i].data[row] === 1)),
    actions: batch.actions.map((x, i) => change(x, (row) => live[i].data[row] === 1)),
    nextObservations: batch.nextObservations.map((x, i) =>
      change(x, (row) => nextLive[i].data[row] + truncated[i].data[row] > 0),
    ),
  });
}

test.each(KINDS)('%s with %j: an update from a batch does not see them either', (name, settings) => {
  if (name === 'ensemble-maddpg') return; // it learns from its memory only
  const [clean, dirty] = [(batch: Batch) => batch, spoiled].map((change) => {
    const { algorithm, memory } = learner(name, 0, settings);
    for (let k = 0; k < 3; k++) algorithm.update(change(memory.sample(16, new Generator(k))));
    return saveCheckpoint(algorithm);
  });
  expect(clean).toEqual(dirty);
});

test('a loss is the loss of the rows in which the agent was live, to the last bit', () => {
  const { algorithm, memory } = learner('maddpg');
  const maddpg = algorithm as Maddpg;
  const batch = memory.latest(100);
  for (const i of [0, 1, 2]) {
    const rows = [...batch.liveness!.live[i].data].flatMap((live, row) => (live ? [row] : []));
    const only = (tensors: readonly Tensor[]) => tensors.map((x) => indexSelect(x, 0, rows));
    const { liveness, priority, x: _, nextX: __, ...perAgent } = batch;
    const few = jointBatch({
      ...(Object.fromEntries(
        Object.entries(perAgent).map(([key, tensors]) => [key, only(tensors as readonly Tensor[])]),
      ) as unknown as Batch),
      liveness: Object.fromEntries(
        Object.entries(liveness!).map(([key, tensors]) => [key, only(tensors)]),
      ) as unknown as NonNullable<Batch['liveness']>,
    });
    const losses = [batch, few].map((one) => [
      maddpg.criticLoss(i, one, maddpg.nextActions(one)).item(),
      maddpg.actorLoss(i, one).item(),
    ]);
    expect(losses[0]).toEqual(losses[1]);
  }
});

test.each(algorithmNames)(
  '%s: an agent that is live in no row keeps its weights and its optimizer',
  (name) => {
    if (name === 'ensemble-maddpg') return; // a sub-policy without a row takes no step: see its own tests
    const { algorithm, memory } = learner(name);
    algorithm.learn(memory, 16, new Generator(1)); // Adam's moments would move the weights on
    const ofC = () => {
      const parts = algorithm.namedParts().find(([owner]) => owner === 'c')![1];
      const { network } = ('q' in parts ? parts.q : parts.actor) as Learner<Module<never>>;
      return network.parameters().map(({ data }) => [...data]);
    };
    const before = ofC();
    const firstStep = algorithm.makeMemory({ capacity: 100, nStep: 1, sampling: { kind: 'uniform' } });
    const actionOf = (part: Part) => (algorithm.specs[0].choices ? (part.a > 0 ? [1, 0] : [0, 1]) : [part.a]);
    firstStep.add(transitions(0, algorithm.specs as AgentSpec[], actionOf)[0]); // c has not appeared
    algorithm.learn(firstStep, 8, new Generator(2));
    algorithm.learn(firstStep, 8, new Generator(3)); // the actors of MATD3 step in every second update
    expect(ofC()).toEqual(before);
  },
);
