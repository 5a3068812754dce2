import { describe, expect, it } from 'vitest';
import { fitHalfWidth, makeEnv, type ScenarioName, type Scene, type Shape } from '../../src/index.js';
import { scenes } from '../helpers/scenes.js';

const shapesOf = ({ shapes }: Scene, kind: Shape['kind'], name?: string) =>
  shapes.filter((shape) => shape.kind === kind && (name === undefined || shape.name === name));

/** Kinds and names, each once, in the order in which they are painted. */
const contentsOf = ({ shapes }: Scene) => [
  ...new Set(shapes.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`))),
];

/** A scene at the start of an episode. */
function sceneOf(name: ScenarioName, params: object = {}): Scene {
  const env = makeEnv(name, params);
  env.reset({ seed: 1 });
  return env.scene();
}

describe('what a scene holds, lowest first', () => {
  it.each<[ScenarioName, string[]]>([
    [
      'simple_adversary',
      [
        'arena',
        'agent adversary_0',
        'agent agent_0',
        'agent agent_1',
        'landmark landmark 0',
        'landmark landmark 1',
        'goal landmark 0',
      ],
    ],
    [
      'simple_spread',
      [
        'arena',
        'agent agent_0',
        'agent agent_1',
        'agent agent_2',
        'landmark landmark 0',
        'landmark landmark 1',
        'landmark landmark 2',
      ],
    ],
    [
      'simple_tag',
      [
        'arena',
        'obstacle landmark 0',
        'obstacle landmark 1',
        'agent adversary_0',
        'agent adversary_1',
        'agent adversary_2',
        'agent agent_0',
      ],
    ],
  ])('%s', (name, contents) => {
    expect(contentsOf(sceneOf(name))).toEqual(contents);
  });
});

describe('agents', () => {
  it('are discs where the world has them, as large as they are', () => {
    const env = makeEnv('simple_tag');
    env.reset({ seed: 1 });
    for (const { name, pos, size } of env.getState().agents) {
      expect(shapesOf(env.scene(), 'agent', name)[0]).toMatchObject({
        shape: 'circle',
        centre: pos,
        radius: size,
      });
    }
  });

  it('have a colour each, and adversaries a triangle', () => {
    const scene = sceneOf('simple_tag', { numGood: 3, numAdversaries: 3 });
    const discs = shapesOf(scene, 'agent').filter(({ shape }) => shape === 'circle');
    expect(new Set(discs.map(({ fill }) => fill)).size).toBe(6);
    const triangles = shapesOf(scene, 'agent').filter(({ shape }) => shape === 'polygon');
    expect(triangles.map(({ name }) => name)).toEqual(['adversary_0', 'adversary_1', 'adversary_2']);
  });

  it('show their velocity once they move, 0.2 long at a speed of 1', () => {
    const env = makeEnv('simple_spread', { actionMode: 'force' });
    env.reset({ seed: 1 });
    expect(shapesOf(env.scene(), 'velocity')).toEqual([]);
    env.step({ agent_0: [1, 0], agent_1: [0, 0], agent_2: [0, -1] });
    const { x, y } = position(env.getState(), 'agent_0');
    expect(shapesOf(env.scene(), 'velocity')).toHaveLength(2);
    const [line] = shapesOf(env.scene(), 'velocity', 'agent_0');
    const points = [
      [x + 0.15, y],
      [x + 0.15 + 0.1, y], // the speed is 0.5
    ];
    expect(line).toMatchObject({ points });
    expect(shapesOf(env.scene({ velocities: false }), 'velocity')).toEqual([]);
  });

  it('have arrows where they are given', () => {
    const env = makeEnv('simple_spread');
    env.reset({ seed: 1 });
    const { x, y } = position(env.getState(), 'agent_1');
    const scene = env.scene({ arrows: { agent_1: [0.5, 0], agent_2: [0, 0] } });
    const [arrow, ...others] = shapesOf(scene, 'arrow');
    expect(others).toEqual([]);
    expect(arrow).toMatchObject({ name: 'agent_1', shape: 'polygon' });
    const xs = arrow?.shape === 'polygon' ? arrow.points.map(([x]) => x) : [];
    expect(Math.min(...xs)).toBe(x);
    expect(Math.max(...xs)).toBeCloseTo(x + 0.5, 12);
    expect(scene.shapes.at(-1)).toBe(arrow);
    expect(y).not.toBe(0);
    expect(() => env.scene({ arrows: { agent_3: [1, 0] } })).toThrow(
      'scene: an arrow is for agent_3, but the agents are agent_0, agent_1, agent_2',
    );
  });
});

describe('landmarks', () => {
  it('of several kinds have different shapes and colours, all others look alike', () => {
    const looks = (scene: Scene) =>
      new Set(
        shapesOf(scene, 'landmark')
          .filter(({ fill }) => fill)
          .map(({ shape, fill }) => `${shape} ${fill}`),
      ).size;
    expect(looks(sceneOf('simple_spread', { N: 5 }))).toBe(2); // the ring and its middle
    expect(looks(sceneOf('simple_adversary', { N: 5 }))).toBe(3); // the goal is of a kind of its own
  });

  it('show whose goal they are', () => {
    const scene = sceneOf('simple_adversary');
    expect(new Set(shapesOf(scene, 'goal').map(({ name }) => name)).size).toBe(1);
  });
});

describe.each(scenes)('%s', (_, scene) => {
  it('is plain data', () => {
    expect(structuredClone(scene)).toEqual(scene);
    expect(JSON.parse(JSON.stringify(scene))).toEqual(scene);
  });
});

describe('a scene', () => {
  it('does not change with later steps', () => {
    const env = makeEnv('simple_spread');
    env.reset({ seed: 1 });
    const scene = env.scene({ halfWidth: 2 });
    const before = structuredClone(scene);
    env.step({ agent_0: 1, agent_1: 2, agent_2: 3 });
    env.step({ agent_0: 1, agent_1: 2, agent_2: 3 });
    expect(scene).toEqual(before);
    expect(scene.halfWidth).toBe(2);
  });

  it('leaves out what is nowhere', () => {
    const env = makeEnv('simple_tag');
    env.reset({ seed: 1 });
    const state = env.getState();
    env.setState({
      ...state,
      agents: state.agents.map((agent, i) => (i === 0 ? { ...agent, pos: [Number.NaN, 0] } : agent)),
    });
    expect(shapesOf(env.scene({ arrows: { adversary_0: [1, 0] } }), 'agent', 'adversary_0')).toEqual([]);
    expect(shapesOf(env.scene(), 'agent', 'adversary_1')).not.toEqual([]);
  });
});

describe('fitHalfWidth', () => {
  it('keeps everything in view for a whole episode, and no more than that', () => {
    const env = makeEnv('simple_spread', { maxCycles: 50 });
    env.reset({ seed: 1 });
    const scenes = [env.scene({ velocities: false })];
    while (env.agents.length > 0) {
      env.step({ agent_0: 1, agent_1: 2, agent_2: 4 });
      scenes.push(env.scene({ velocities: false }));
    }
    // Outlines are 0.012 wide, and half of that lies outside.
    const reaches = scenes
      .flatMap(({ shapes }) => shapes)
      .map((shape) => (shape.kind === 'agent' && shape.shape === 'circle' ? shape : undefined))
      .map((disc) => (disc ? Math.max(...disc.centre.map(Math.abs)) + disc.radius + 0.006 : 0));
    expect(fitHalfWidth(scenes)).toBeCloseTo(Math.max(...reaches), 12);
    expect(fitHalfWidth(scenes)).toBeGreaterThan(2);
    expect(fitHalfWidth(scenes, 100)).toBe(100);
  });
});

function position({ agents }: ReturnType<ReturnType<typeof makeEnv>['getState']>, name: string) {
  const [x, y] = agents.find((agent) => agent.name === name)!.pos;
  return { x, y };
}
