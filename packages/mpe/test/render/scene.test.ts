import { describe, expect, it } from 'vitest';
import {
  defineScenario,
  type EnvParams,
  fitHalfWidth,
  makeAgents,
  makeEnv,
  makeLandmarks,
  makeWorld,
  palette,
  type ScenarioName,
  type Scene,
  type SceneShape,
  scenarioNames,
} from '../../src/index.js';
import { boundsOf } from '../../src/render/shapes.js';
import { scenes } from '../helpers/scenes.js';

const shapesOf = ({ shapes }: Scene, kind: SceneShape['kind'], name?: string) =>
  shapes.filter((shape) => shape.kind === kind && (name === undefined || shape.name === name));

/** The scene at the start of an episode. */
function sceneOf<Name extends ScenarioName>(name: Name, params: EnvParams<Name> = {}): Scene {
  const env = makeEnv(name, params);
  env.reset({ seed: 1 });
  return env.scene();
}

/** The names and kinds of the shapes, in the order of painting. */
const CONTENTS: Record<ScenarioName, string[]> = {
  simple: ['arena', 'landmark 0: landmark', 'agent_0: agent'],
  simple_adversary: [
    'arena',
    ...['adversary_0', 'agent_0', 'agent_1'].map((name) => `${name}: agent`),
    'landmark 0: goal',
    ...['landmark 0', 'landmark 1'].map((name) => `${name}: landmark`),
  ],
  simple_crypto: [
    'arena',
    ...['landmark 0: goal', 'landmark 0: landmark', 'landmark 1: landmark'],
    ...['eve_0: agent', 'bob_0: agent', 'alice_0: agent', 'alice_0: key'],
    ...['eve_0', 'bob_0', 'alice_0'].map((name) => `${name}: utterance`),
  ],
  simple_push: [
    'arena',
    ...['landmark 0: goal', 'landmark 0: landmark', 'landmark 1: landmark'],
    ...['adversary_0', 'agent_0'].map((name) => `${name}: agent`),
  ],
  simple_reference: [
    'arena',
    ...[
      'agent_1: goal',
      'landmark 0: landmark',
      'agent_0: goal',
      'landmark 1: landmark',
      'landmark 2: landmark',
    ],
    ...['agent_0: agent', 'agent_1: agent', 'agent_0: utterance', 'agent_1: utterance'],
  ],
  simple_speaker_listener: [
    'arena',
    ...['speaker_0: agent', 'listener_0: agent'],
    ...['listener_0: goal', 'landmark 0: landmark', 'landmark 1: landmark', 'landmark 2: landmark'],
    'speaker_0: utterance',
  ],
  simple_spread: [
    'arena',
    ...['agent_0', 'agent_1', 'agent_2'].map((name) => `${name}: agent`),
    ...['landmark 0', 'landmark 1', 'landmark 2'].map((name) => `${name}: landmark`),
  ],
  simple_tag: [
    'arena',
    ...['landmark 0', 'landmark 1'].map((name) => `${name}: obstacle`),
    ...['adversary_0', 'adversary_1', 'adversary_2', 'agent_0'].map((name) => `${name}: agent`),
  ],
  simple_world_comm: [
    'arena',
    'landmark 0: obstacle',
    ...['leadadversary_0', 'adversary_0', 'adversary_1', 'adversary_2'].map((name) => `${name}: agent`),
    ...['agent_0: agent', 'agent_1: agent', 'food 0: food', 'food 1: food'],
    ...['forest 0: forest', 'forest 1: forest', 'leadadversary_0: utterance'],
  ],
};

describe('the shapes of a scene, in the order of painting', () => {
  it.each(scenarioNames)('%s', (name) => {
    const { shapes } = sceneOf(name);
    const contents = new Set(
      shapes.map(({ kind, name }) => (name === undefined ? kind : `${name}: ${kind}`)),
    );
    expect([...contents]).toEqual(CONTENTS[name]);
  });
});

describe('agents', () => {
  it('are discs with the position and size that they have in the world', () => {
    const env = makeEnv('simple_tag');
    env.reset({ seed: 1 });
    for (const { name, pos, size } of env.getState().agents) {
      expect(shapesOf(env.scene(), 'agent', name)[0]).toMatchObject({
        shape: 'circle',
        center: pos,
        radius: size,
      });
    }
  });

  it('have different colors; adversaries have a triangle, and leaders a white ring', () => {
    const scene = sceneOf('simple_tag', { numGood: 3, numAdversaries: 3 });
    const discs = shapesOf(scene, 'agent').filter(({ shape }) => shape === 'circle');
    expect(new Set(discs.map(({ fill }) => fill)).size).toBe(6);
    const triangles = shapesOf(scene, 'agent').filter(({ shape }) => shape === 'polygon');
    expect(triangles.map(({ name }) => name)).toEqual(['adversary_0', 'adversary_1', 'adversary_2']);
    const rings = sceneOf('simple_world_comm').shapes.filter(({ stroke }) => stroke === palette.paper);
    expect(rings.map(({ kind, name }) => [kind, name])).toEqual([['agent', 'leadadversary_0']]);
  });

  it('show their velocity when they move: a line 0.2 long at a speed of 1', () => {
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

  it('have the arrows that are given', () => {
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
      'scene: there is an arrow for agent_3, but the agents are agent_0, agent_1, agent_2',
    );
  });

  it.each([0.3, [1], null])('rejects %j as an arrow', (arrow) => {
    const env = makeEnv('simple_spread');
    env.reset();
    expect(() => env.scene({ arrows: { agent_0: arrow as never } })).toThrow(
      `scene: the arrow of agent_0 is ${JSON.stringify(arrow)}; give [x, y], how far it reaches to the right and up`,
    );
  });
});

describe('what agents say', () => {
  /** Heights of the bars above an agent. */
  const barHeights = (scene: Scene, name: string) =>
    shapesOf(scene, 'utterance', name)
      .filter((shape) => shape.shape === 'polygon' && shape.fill === palette.ink)
      .map((shape) => {
        const { min, max } = boundsOf(shape);
        return max[1] - min[1];
      });

  it('is a bubble with a bar for each word; the height of the bar is the weight of the word', () => {
    const env = makeEnv('simple_speaker_listener', { actionMode: 'continuous' });
    env.reset({ seed: 1 });
    env.step({ speaker_0: [0, 1, 0.5], listener_0: [0, 0, 0, 0, 0] });
    const [silence, full, half, ...others] = barHeights(env.scene(), 'speaker_0');
    expect(others).toEqual([]);
    expect(full).toBeCloseTo(0.09, 12);
    expect(half).toBeCloseTo(0.045, 12);
    expect(silence).toBeLessThan(0.01); // still visible, so that people can count the words
  });

  it('has a bar for every word of the scenario, and silent agents have no bubble', () => {
    expect(barHeights(sceneOf('simple_reference'), 'agent_0')).toHaveLength(10);
    expect(barHeights(sceneOf('simple_world_comm'), 'leadadversary_0')).toHaveLength(4);
    expect(shapesOf(sceneOf('simple_spread'), 'utterance')).toEqual([]);
  });
});

describe('landmarks', () => {
  const looks = (scene: Scene) =>
    shapesOf(scene, 'landmark')
      .filter(({ fill }) => fill)
      .map(({ shape, fill }) => `${shape} ${fill}`);

  it('of several kinds have different shapes and colors; all others look the same', () => {
    expect(new Set(looks(sceneOf('simple_reference'))).size).toBe(3);
    expect(looks(sceneOf('simple_reference'))).toEqual(looks(sceneOf('simple_speaker_listener')));
    expect(new Set(looks(sceneOf('simple_spread', { N: 5 }))).size).toBe(2); // the ring and its middle
    expect(new Set(looks(sceneOf('simple_adversary', { N: 5 }))).size).toBe(3); // and the goal
  });

  it('are painted below smaller agents and above larger ones', () => {
    const kinds = (name: ScenarioName) => sceneOf(name).shapes.map(({ kind }) => kind);
    expect(kinds('simple').indexOf('landmark')).toBeLessThan(kinds('simple').indexOf('agent'));
    expect(kinds('simple_spread').indexOf('landmark')).toBeGreaterThan(
      kinds('simple_spread').indexOf('agent'),
    );
  });

  it('have a ring in the color of the agent that has to go there', () => {
    const env = makeEnv('simple_reference');
    env.reset({ seed: 1 });
    const state = env.getState();
    const [first, second] = state.agents;
    const bothAt2 = [first, second].map((agent) => ({ ...agent!, goal_b: { landmark: 2 } }));
    env.setState({ ...state, agents: bothAt2 });
    const scene = env.scene();
    const rings = shapesOf(scene, 'goal').filter(({ stroke }) => stroke !== palette.ink);
    const colors = ['agent_1', 'agent_0'].map((name) => shapesOf(scene, 'agent', name)[0]!.fill);
    expect(rings.map(({ name, stroke }) => [name, stroke])).toEqual([
      ['agent_1', colors[0]],
      ['agent_0', colors[1]],
    ]);
    const [inner, outer] = rings.map((ring) => (ring.shape === 'circle' ? ring : undefined));
    expect(inner!.center).toEqual(state.landmarks[2]!.pos);
    expect(outer!.radius).toBeGreaterThan(inner!.radius);
  });

  it('also have that ring if the agent itself knows where to go', () => {
    const scout = defineScenario({
      name: 'scout',
      params: {},
      create() {
        const [agent] = makeAgents(1, 'scout', { size: 0.1, color: [0, 0, 0] });
        const [camp] = makeLandmarks(1, { size: 0.1, color: [0, 0, 0] });
        agent!.goalB = camp!;
        return {
          world: makeWorld({ agents: [agent!], landmarks: [camp!] }),
          reset: () => {},
          reward: () => 0,
          observe: (me, out) => out.position(me),
        };
      },
    });
    const env = makeEnv(scout);
    env.reset();
    expect(shapesOf(env.scene(), 'goal', 'scout_0').map(({ stroke }) => stroke)).toContain(palette.good[0]);
  });

  it('look the same as the key on the agent whose key they are', () => {
    const scene = sceneOf('simple_crypto');
    const [key, ...others] = shapesOf(scene, 'key');
    expect(others).toEqual([]);
    expect(key!.name).toBe('alice_0');
    expect(looks(scene)).toContain(`${key!.shape} ${key!.fill}`);
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

  it('leaves out agents without a finite position', () => {
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
  it('is the smallest half width that shows everything of a whole episode', () => {
    const env = makeEnv('simple_spread', { maxCycles: 50 });
    env.reset({ seed: 1 });
    const scenes = [env.scene({ velocities: false })];
    while (env.agents.length > 0) {
      env.step({ agent_0: 1, agent_1: 2, agent_2: 4 });
      scenes.push(env.scene({ velocities: false }));
    }
    // Outlines are 0.012 wide. Half of that is outside the disc.
    const extents = scenes
      .flatMap(({ shapes }) => shapes)
      .map((shape) => (shape.kind === 'agent' && shape.shape === 'circle' ? shape : undefined))
      .map((disc) => (disc ? Math.max(...disc.center.map(Math.abs)) + disc.radius + 0.006 : 0));
    expect(fitHalfWidth(scenes)).toBeCloseTo(Math.max(...extents), 12);
    expect(fitHalfWidth(scenes)).toBeGreaterThan(2);
    expect(fitHalfWidth(scenes, 100)).toBe(100);
  });
});

function position({ agents }: ReturnType<ReturnType<typeof makeEnv>['getState']>, name: string) {
  const [x, y] = agents.find((agent) => agent.name === name)!.pos;
  return { x, y };
}
