/** Each mistake changes what it should, and nothing else: against the gradient contracts of the library. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Batch, Maddpg } from '@paragrad/maddpg';
import { noGrad } from '@paragrad/tensor';
import { describe, expect, test } from 'vitest';
import { copyWith } from '../src/model/copy.js';
import { games } from '../src/model/games.js';
import { networksOfLoss, networksReached } from '../src/model/loss-graph.js';
import { mistakes, mistakesNamed } from '../src/model/mistakes.js';
import { Session } from '../src/model/session.js';
import { stepThrough } from '../src/model/update-steps.js';
import { shortRun } from './short-run.js';

const session = new Session(shortRun({ scenario: 'simple_tag' }));
const batch = session.batchOfEpisodes(64);
const names = session.agents;
const withMistake = (name: string) => copyWith(session.algorithm, mistakesNamed([name]));

/** The networks in which `backward` from agent i's actor loss leaves a gradient that is not 0. */
function reached(algorithm: Maddpg, i: number): string[] {
  for (const { actor, critic } of algorithm.agents) {
    actor.network.zeroGrad();
    critic.network.zeroGrad();
  }
  algorithm.actorLoss(i, batch).backward();
  return algorithm.agents.flatMap(({ actor, critic }, j) =>
    Object.entries({ actor, critic }).flatMap(([part, { network }]) =>
      network.parameters().some(({ grad }) => grad?.data.some((g) => g !== 0)) ? [`${names[j]}.${part}`] : [],
    ),
  );
}

/** The networks that agent i's steps move. */
function movedBy(mistake: string[], of: 'critic' | 'actor', i: number): string[] {
  const { phases } = stepThrough(session.algorithm, batch, mistakesNamed(mistake));
  const step = phases.find((phase) => phase.kind === 'step' && phase.of === of && phase.agent === i)!;
  return step.networks.map(({ network }) => network);
}

const y = (algorithm: Maddpg, given: Batch = batch) =>
  noGrad(() => algorithm.target(1, given, algorithm.nextActions(given))).data;

test('without a mistake, a copy is equal to the original', () => {
  const copy = copyWith(session.algorithm);
  expect(copy).toBeInstanceOf(Maddpg);
  expect(copy.update(batch)).toEqual(copyWith(session.algorithm).update(batch));
});

test.each(mistakes.map(({ name }) => name))(
  '%s has an update whose numbers are not those of the right one',
  (name) => {
    const [Wrong] = mistakesNamed([name]);
    const right = copyWith(session.algorithm).update(batch);
    const copy = copyWith(session.algorithm, [Wrong]);
    copy.update(batch);
    const second = copy.update(batch);
    const firstRight = copyWith(session.algorithm);
    firstRight.update(batch);
    const isSame = JSON.stringify(second) === JSON.stringify(firstRight.update(batch));
    // With the batch that the right memory stored there is nothing to see of this one.
    expect(isSame).toBe(name === 'end-at-time-limit' || (name === 'no-clipping' && right.every(isShort)));
  },
);
const isShort = ({ criticGradNorm, actorGradNorm }: { criticGradNorm: number; actorGradNorm: number }) =>
  Math.max(criticGradNorm, actorGradNorm) <= session.algorithm.settings.maxGradNorm;

describe('no detach', () => {
  test("the loss of agent i also reaches the others' actors, and its step moves them", () => {
    for (const i of [0, 3]) {
      expect(reached(session.algorithm, i)).toEqual([`${names[i]}.actor`, `${names[i]}.critic`]);
      const wrong = reached(withMistake('no-detach'), i);
      expect(wrong).toEqual(
        names.flatMap((name, j) => [`${name}.actor`, ...(j === i ? [`${name}.critic`] : [])]),
      );
      expect(movedBy([], 'actor', i)).toEqual([`${names[i]}.actor`]);
      expect(movedBy(['no-detach'], 'actor', i)).toEqual(names.map((name) => `${name}.actor`));
    }
  });

  test('the loss is the same number, and the critic learns as before', () => {
    const wrong = withMistake('no-detach');
    expect(wrong.actorLoss(2, batch).item()).toBe(session.algorithm.actorLoss(2, batch).item());
    expect(movedBy(['no-detach'], 'critic', 2)).toEqual([`${names[2]}.critic`]);
  });
});

test('the graph of the loss shows it: who is reached, and by what', () => {
  const graphOf = (list: string[]) => {
    const made = mistakesNamed(list);
    return networksOfLoss(copyWith(session.algorithm, made), 1, batch, made);
  };
  const detachedIn = (list: string[]) => graphOf(list).edges.filter(({ detached }) => detached).length;
  expect(networksReached(graphOf([]))).toEqual([`${names[1]}'s actor`]);
  expect(detachedIn([])).toBe(3);
  expect(networksReached(graphOf(['no-detach'])).sort()).toEqual(
    names.map((name) => `${name}'s actor`).sort(),
  );
  expect(detachedIn(['no-detach'])).toBe(0);
  expect(networksReached(graphOf(['gradient-into-critic']))).toEqual([
    `${names[1]}'s critic`,
    `${names[1]}'s actor`,
  ]);
  expect(detachedIn(['gradient-into-critic'])).toBe(3);
  expect(graphOf(['independent-critic']).nodes.length).toBeLessThan(graphOf([]).nodes.length);
  for (const name of ['online-critic', 'end-at-time-limit', 'no-clipping', 'no-target-network'])
    expect(graphOf([name])).toEqual(graphOf([]));
});

test("gradient into the critic: the actor's step moves the critic, too, so that it calls the action better", () => {
  expect(movedBy(['gradient-into-critic'], 'actor', 1)).toEqual([`${names[1]}.actor`, `${names[1]}.critic`]);
  expect(movedBy(['gradient-into-critic'], 'critic', 1)).toEqual([`${names[1]}.critic`]);
  const raised = (list: string[]) => {
    const { phases } = stepThrough(session.algorithm, batch, mistakesNamed(list));
    const { meanQ } = phases.find((one) => one.kind === 'step' && one.of === 'actor' && one.agent === 1)!;
    return meanQ![1]! - meanQ![0]!;
  };
  expect(raised(['gradient-into-critic'])).toBeGreaterThan(raised([]));
});

test('online critic: y is that of the critic that learns, and still a constant', () => {
  const wrong = withMistake('online-critic');
  expect(y(wrong)).not.toEqual(y(session.algorithm));
  for (const { critic } of wrong.agents) critic.target.loadStateDict(critic.network.stateDict());
  const synchronous = copyWith(session.algorithm);
  for (const { critic } of synchronous.agents) critic.target.loadStateDict(critic.network.stateDict());
  expect(y(wrong)).toEqual(y(synchronous));
  expect(wrong.target(1, batch, wrong.nextActions(batch)).requiresGrad).toBe(false);
});

test('end at the time limit: y is the reward in the last step of an episode, and as before in all others', () => {
  const wrong = session.batchOfEpisodes(200, withMistake('end-at-time-limit'));
  const right = session.batchOfEpisodes(200);
  expect(wrong.rewards).toEqual(right.rewards);
  const ends = [...wrong.terminations[1].data];
  expect(right.terminations[1].data.every((done) => done === 0)).toBe(true);
  expect(ends.filter((done) => done === 1).length).toBeGreaterThan(0);
  expect(ends.filter((done) => done === 1).length).toBeLessThan(40);
  const [before, after] = [y(session.algorithm, right), y(session.algorithm, wrong)];
  ends.forEach((done, row) => {
    expect(after[row]).toBe(done ? wrong.rewards[1].data[row] : before[row]);
  });
});

test('no clipping: the factor is 1 however long the gradient', () => {
  const loud = { ...batch, rewards: batch.rewards.map((r) => r.add(1e5)) };
  const factors = (list: string[]) =>
    stepThrough(session.algorithm, loud, mistakesNamed(list))
      .phases.filter(({ kind, of }) => kind === 'clip' && of === 'critic')
      .map(({ factor }) => factor!);
  for (const factor of factors([])) expect(factor).toBeLessThan(0.1);
  for (const factor of factors(['no-clipping'])) expect(factor).toBe(1);
});

test('no target network: after the update every target is its network', () => {
  const copy = withMistake('no-target-network');
  copy.update(batch);
  for (const { actor, critic } of copy.agents) {
    expect(critic.target.stateDict()).toEqual(critic.network.stateDict());
    expect(actor.target.stateDict()).toEqual(actor.network.stateDict());
  }
});

test('mistakes can be made together', () => {
  expect(movedBy(['no-detach', 'gradient-into-critic'], 'actor', 1)).toEqual([
    `${names[0]}.actor`,
    `${names[1]}.actor`,
    `${names[1]}.critic`,
    `${names[2]}.actor`,
    `${names[3]}.actor`,
  ]);
  const all = mistakes.map(({ name }) => name);
  const { phases } = stepThrough(session.algorithm, batch, mistakesNamed(all));
  expect(phases.at(-1)!.kind).toBe('targets');
  expect(mistakesNamed(['online-critic', 'no-detach', 'nonsense']).map(({ name }) => name)).toEqual([
    'no-detach',
    'online-critic',
  ]);
});

test('removed lines are lines of the real files', () => {
  const folder = '../../../packages/maddpg/src';
  const paths: Record<string, string> = {
    'maddpg.ts': 'maddpg.ts',
    'moment.ts': 'environments/moment.ts',
    'critics.ts': 'networks/critics.ts',
  };
  for (const { file, diff } of mistakes) {
    const source = readFileSync(fileURLToPath(new URL(`${folder}/${paths[file]}`, import.meta.url)), 'utf8');
    const lines = source.split('\n').map((line) => line.trim());
    for (const [mark, code] of diff) if (mark !== '+') expect(lines).toContain(code);
  }
});

test('every mistake has a game', () => {
  expect(Object.keys(games)).toEqual(expect.arrayContaining(mistakes.map(({ game }) => game)));
});

test("with the others' actions from the batch, there is nothing that no detach could let through", () => {
  const replay = new Session(shortRun({ settings: { othersActions: 'replay' } }));
  const rows = replay.batchOfEpisodes(16);
  const update = (list: string[]) => copyWith(replay.algorithm, mistakesNamed(list)).update(rows);
  expect(update(['no-detach'])).toEqual(update([]));
});

test.each([
  { algorithm: 'matd3' },
  { actions: 'discrete', scenario: 'simple_reference' },
  { scenario: 'simple_spread', settings: { parameterSharing: true } },
  { scenario: 'simple' },
] as const)('every mistake can be made in %j, alone and with all others', (options) => {
  const other = new Session(shortRun(options));
  for (const made of [...mistakes.map((one) => [one]), mistakes]) {
    const copy = copyWith(other.algorithm, made);
    const rows = other.batchOfEpisodes(16, copy);
    const { phases } = stepThrough(copy, rows, []);
    expect(phases.at(-1)!.kind).toBe('targets');
    expect(networksOfLoss(copy, 0, rows, made).nodes.length).toBeGreaterThan(1);
  }
});
