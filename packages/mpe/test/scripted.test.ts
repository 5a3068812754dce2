/** Scripted players: how well they play, in every form of actions and both physics. */
import { describe, expect, test } from 'vitest';
import {
  type Action,
  actionModes,
  actionOf,
  defineScenario,
  type EnvParams,
  makeEnv,
  makeWorld,
  physicsNames,
  type ScenarioName,
  SeededRandom,
  scenarioNames,
  scriptedActions,
} from '../src/index.js';
import { leastAssignment } from '../src/scripted/assignment.js';

/** The mean return of an agent, and how many landmarks have an agent within 0.1 at the end, in percent. */
function play(scenario: ScenarioName, params: EnvParams<ScenarioName>, episodes = 200) {
  const env = makeEnv(scenario, params);
  let [sum, held, all] = [0, 0, 0];
  for (let seed = 0; seed < episodes; seed++) {
    env.reset({ seed });
    while (env.agents.length > 0) {
      for (const reward of Object.values(env.step(scriptedActions(env)).rewards)) sum += reward;
    }
    const { agents, landmarks } = env.getState();
    const near = landmarks.filter(({ pos }) =>
      agents.some((agent) => Math.hypot(agent.pos[0] - pos[0], agent.pos[1] - pos[1]) < 0.1),
    );
    held += near.length / landmarks.length;
    all += near.length === landmarks.length ? 1 : 0;
  }
  const percent = (count: number) => (100 * count) / episodes;
  return { mean: sum / episodes / env.maxNumAgents, held: percent(held), all: percent(all) };
}

test.each([
  ['simple_push', 18173],
  ['simple_world_comm', 1334],
] as const)('in %s two never come to exactly the same point, where forces are NaN', (scenario, seed) => {
  const env = makeEnv(scenario, { actionMode: 'force' });
  env.reset({ seed }); // one of the few starts from which they once did
  while (env.agents.length > 0) env.step(scriptedActions(env));
  for (const { pos } of env.getState().agents) expect(pos.every(Number.isFinite)).toBe(true);
});

test('leastAssignment finds the assignment with the least sum', () => {
  const orders = (n: number): number[][] =>
    n === 0
      ? [[]]
      : orders(n - 1).flatMap((order) => Array.from({ length: n }, (_, i) => order.toSpliced(i, 0, n - 1)));
  for (let k = 0; k < 100; k++) {
    const n = 1 + (k % 6);
    const costs = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (7 + 31 * k + 17 * i * i + 11 * i * j * j + 5 * j) % 23),
    );
    const sumOf = (columns: readonly number[]) =>
      columns.reduce((sum, column, row) => sum + costs[row][column], 0);
    const found = leastAssignment(costs);
    expect([...found].sort()).toEqual(costs.map((_, i) => i));
    expect(sumOf(found)).toBe(Math.min(...orders(n).map(sumOf)));
  }
});

/**
 * The sum of the returns of one side's agents, as a mean over episodes. `scripted` says which side is scripted. The other
 * one is random.
 */
function meanReturn(
  scenario: ScenarioName,
  side: 'good' | 'adversaries',
  scripted: (adversary: boolean) => boolean,
  params: EnvParams<ScenarioName>,
) {
  const env = makeEnv(scenario, params);
  const random = new SeededRandom(1);
  const episodes = 12;
  let sum = 0;
  for (let seed = 0; seed < episodes; seed++) {
    env.reset({ seed });
    while (env.agents.length > 0) {
      const { agents } = env.getState();
      const actions: Record<string, Action> = scriptedActions(env);
      for (const { name, adversary } of agents) {
        if (!scripted(adversary)) actions[name] = env.actionSpace(name).sample(random);
      }
      const { rewards } = env.step(actions);
      for (const { name, adversary } of agents) {
        if (adversary === (side === 'adversaries')) sum += rewards[name] / episodes;
      }
    }
  }
  return sum;
}

const ways = actionModes.flatMap((actionMode) => physicsNames.map((physics) => ({ actionMode, physics })));

describe('scripted players', () => {
  describe.each(ways)('$actionMode, $physics', (params) => {
    test.each(scenarioNames)('%s: good agents get more reward than random ones', (scenario) => {
      const random = meanReturn(scenario, 'good', (adversary) => adversary, params);
      expect(meanReturn(scenario, 'good', () => true, params)).toBeGreaterThan(random + 1);
    });

    test.each(['simple_adversary', 'simple_push', 'simple_tag', 'simple_world_comm'] as const)(
      '%s: adversaries get more reward than random ones',
      (scenario) => {
        const random = meanReturn(scenario, 'adversaries', (adversary) => !adversary, params);
        expect(meanReturn(scenario, 'adversaries', () => true, params)).toBeGreaterThan(random + 1);
      },
    );
  });

  test('simple_crypto: Bob is always right from the second step on, Eve only when the key is 0', () => {
    const env = makeEnv('simple_crypto', { actionMode: 'force' });
    for (let seed = 0; seed < 20; seed++) {
      env.reset({ seed });
      for (let step = 0; step < 2; step++) {
        env.step(scriptedActions(env));
      }
      const { agents } = env.getState();
      const [eve, bob, alice] = agents.map(({ c }) => c.indexOf(1));
      const message = (agents[2].goal_a as { landmark: number }).landmark;
      expect(bob).toBe(message);
      expect(eve).toBe(alice);
      expect(eve === message).toBe(agents[2].key_landmark === 0);
    }
  });
});

describe('the yardstick', () => {
  // 1,000 episodes of another program's players with full knowledge gave -5.87 and 93.8 %, and -7.85 and 89.9 %.
  test.each([
    ['force', -6.1, 92],
    ['discrete', -7.85, 88],
  ] as const)(
    'simple_spread, mode %s: mean return, and episodes in which all landmarks are covered',
    (actionMode, least, leastAll) => {
      const { mean, all } = play('simple_spread', { actionMode });
      expect(mean).toBeGreaterThan(least);
      expect(all).toBeGreaterThan(leastAll);
    },
  );

  // The same program's players knew the goal before the first word: -5.70 and -5.55.
  test.each([
    ['simple_speaker_listener', 'force', -6.3],
    ['simple_speaker_listener', 'discrete', -8],
    ['simple_reference', 'force', -6.1],
    ['simple_reference', 'discrete', -8],
  ] as const)('%s, mode %s: mean return', (scenario, actionMode, least) => {
    expect(play(scenario, { actionMode }, 400).mean).toBeGreaterThan(least);
  });
});

describe('refuses, and says what it knows', () => {
  test('what is no environment, or has not begun', () => {
    expect(() => scriptedActions({} as never)).toThrow(
      'scriptedActions: env is {}; give an environment of makeEnv',
    );
    expect(() => scriptedActions(makeEnv('simple'))).toThrow('call reset() first');
  });

  test('a scenario of your own, also if it has the name of another', () => {
    const own = defineScenario({
      name: 'simple_spread',
      params: {},
      create: () => ({
        world: makeWorld({ agents: [], landmarks: [] }),
        reset() {},
        reward: () => 0,
        observe() {},
      }),
    });
    const env = makeEnv(own);
    env.reset({ seed: 1 });
    expect(() => scriptedActions(env)).toThrow(
      'there is no player for this scenario, simple_spread; there are players for simple, ',
    );
  });

  test('an agent and a word that do not exist', () => {
    const env = makeEnv('simple_speaker_listener');
    env.reset({ seed: 1 });
    expect(() => actionOf(env, 'agent_7', {})).toThrow('there is no agent "agent_7"');
    expect(() => actionOf(env, 'speaker_0', { word: 3 })).toThrow(
      "speaker_0's word is 3; give a word from 0 to 2",
    );
    expect(actionOf(env, 'listener_0', { word: 3, force: [2, 0] })).toBe(2); // it says nothing
  });

  test('after the end of an episode nobody does anything', () => {
    const env = makeEnv('simple', { maxCycles: 1 });
    env.reset({ seed: 1 });
    env.step(scriptedActions(env));
    expect(scriptedActions(env)).toEqual({});
  });
});
