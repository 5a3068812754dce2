import { makeEnv, type ScenarioName, type SceneShape, SeededRandom, scenarioNames } from '@paragrad/mpe';
import { describe, expect, it } from 'vitest';
import { Game } from '../src/game.js';

describe('a game', () => {
  /** The centers of the agents' discs in the picture. */
  const centersOf = (game: Game, fraction = 0) =>
    game
      .scene(fraction)
      .shapes.filter(({ kind }) => kind === 'agent')
      .flatMap((shape) => (shape.shape === 'circle' ? [shape.center] : []));

  it('gives the observations to a policy, which moves the other agents, in an environment with the given params', () => {
    const seen: number[][] = [];
    const game = new Game('simple_spread', {
      ...{ player: 'agent_0', seed: 1, params: { N: 2 } },
      policy: (observations) => {
        seen.push(Object.values(observations).map(({ length }) => length));
        return { agent_0: [1, 1], agent_1: [0, -1] };
      },
    });
    const before = centersOf(game)[1]!;
    const { pos } = game.me!;
    for (let step = 0; step < 3; step++) game.step({});
    const after = centersOf(game)[1]!;
    expect(seen).toEqual([
      [12, 12],
      [12, 12],
      [12, 12],
    ]);
    expect(game.me!.pos).toEqual(pos);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBeLessThan(before[1] - 0.1);
  });

  it.each(
    scenarioNames.flatMap((name) =>
      (['farama', 'openai'] as const).map((physics) => [name, physics] as const),
    ),
  )('%s plays the choices of a policy as the environment of its run does, physics %s', (name, physics) => {
    const random = new SeededRandom(3);
    const env = makeEnv(name, { actionMode: 'continuous', physics });
    env.reset({ seed: 1 });
    const choices = Object.fromEntries(
      env.possibleAgents.map((agent) => {
        const [{ movable, silent, c }] = env.getState().agents.filter((one) => one.name === agent);
        const oneHot = (size: number) => {
          const choice = Math.floor(random.uniform(0, size));
          return Array.from({ length: size }, (_, i) => Number(i === choice));
        };
        return [agent, [...(movable ? oneHot(5) : []), ...(silent ? [] : oneHot(c.length))]];
      }),
    );
    const policy = () => ({ ...choices });
    const game = new Game(name, { player: null, seed: 1, params: { physics }, policy, policyChooses: true });
    for (let step = 0; step < 5; step++) {
      game.step({});
      env.step(choices);
    }
    expect(game.scene()).toEqual(env.scene());
  });

  const shapesOf = (game: Game, kind: SceneShape['kind']) =>
    game.scene().shapes.filter((shape) => shape.kind === kind);

  it('moves the agent of the player as told, and the other agents by script', () => {
    const game = new Game('simple_spread', { player: 'agent_1', seed: 1 });
    const { pos: before } = game.me!;
    for (let step = 0; step < 5; step++) game.step({ force: [0, 1] });
    const { pos: after } = game.me!;
    expect(after[0]).toBeCloseTo(before[0], 12);
    expect(after[1]).toBeGreaterThan(before[1] + 0.3);

    const watched = new Game('simple_spread', { player: null, seed: 1 });
    expect(watched.me).toBeUndefined();
    for (let step = 0; step < 25; step++) watched.step({});
    expect(Math.max(...Object.values(watched.returns))).toBeGreaterThan(-25);
  });

  it('gives the player the last agent by default', () => {
    expect(new Game('simple_tag').player).toBe('agent_0');
    expect(() => new Game('simple_tag', { player: 'nobody' })).toThrow(
      'play: there is no agent nobody; the agents are adversary_0, adversary_1, adversary_2, agent_0',
    );
  });

  it('draws agents between two steps on their way to their next positions', () => {
    const game = new Game('simple_tag', { seed: 3 });
    for (let step = 0; step < 5; step++) game.step({ force: [1, 0] });
    const expected = centersOf(game, 1);
    expect(expected).not.toEqual(centersOf(game));
    game.step({ force: [0, 0] });
    expect(centersOf(game)).toEqual(expected.map((center) => center.map((x) => expect.closeTo(x, 12))));
  });

  it('starts the next episode after the last step', () => {
    const game = new Game('simple', { seed: 1 });
    for (let step = 0; step < 300; step++) game.step({});
    expect([game.episode, game.steps]).toEqual([1, 300]);
    game.step({});
    expect([game.episode, game.steps]).toEqual([2, 1]);
  });

  it.each<[ScenarioName, string | null, string[]]>([
    ['simple_adversary', 'agent_0', ['landmark']],
    ['simple_adversary', 'adversary_0', []],
    ['simple_push', 'adversary_0', []],
    ['simple_crypto', 'alice_0', ['landmark']],
    ['simple_crypto', 'bob_0', []],
    ['simple_crypto', 'eve_0', []],
    ['simple_reference', 'agent_0', ['agent_1']],
    ['simple_reference', 'agent_1', ['agent_0']],
    ['simple_reference', null, ['agent_0', 'agent_1']],
    ['simple_speaker_listener', 'speaker_0', ['listener_0']],
    ['simple_speaker_listener', 'listener_0', []],
  ])('%s shows %s the goals of %j', (scenario, player, expected) => {
    const game = new Game(scenario, { player, seed: 1 });
    const names = shapesOf(game, 'goal').map(({ name }) => name!.replace(/^landmark .*/, 'landmark'));
    expect([...new Set(names)].sort()).toEqual(expected);
  });

  it('does not show the key to Eve', () => {
    const keys = (player: string) => shapesOf(new Game('simple_crypto', { player, seed: 1 }), 'key').length;
    expect(['eve_0', 'bob_0', 'alice_0'].map(keys)).toEqual([0, 1, 1]);
  });
});
