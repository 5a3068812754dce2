import {
  Box,
  Discrete,
  Landmark,
  makeAgents,
  makeEnv,
  makeVectorEnv,
  param,
  type Scene,
  SeededRandom,
} from '@paragrad/mpe';
import { open } from './fuzz.js';
import { all } from './tensor-table.js';
import type { Exceptions, Table } from './walk.js';

const traits = { size: 0.1, color: [0, 0, 0], collide: true, movable: true, maxSpeed: 1 };
const agentTraits = { ...traits, accel: 3, adversary: false, leader: false, speaker: false, silent: true };
const agents = () => makeAgents(2, 'agent', { size: 0.1, color: [0, 0, 0] });
const landmarks = () => [new Landmark('landmark 0', { size: 0.1, color: [0, 0, 0] }, 'landmark')];
const random = () => new SeededRandom(1);
/** A canvas that draws nothing. */
const canvas = () => new Proxy({}, { get: () => () => {} });
const scene = (): Scene => {
  const env = makeEnv('simple');
  env.reset({ seed: 1 });
  return open(env.scene());
};

/** Valid arguments of every function, class and method of @paragrad/mpe. */
export const mpeTable: Table = {
  makeEnv: () => [
    'simple_spread',
    {
      N: 2,
      localRatio: 0.5,
      curriculum: true,
      numAgentNeighbors: 1,
      maxCycles: 9,
      actionMode: 'force',
      physics: 'farama',
      benchmarkData: true,
    },
  ],
  makeVectorEnv: () => ['simple_spread', 2, { N: 2, maxCycles: 9 }],
  scriptedActions: () => [started()],
  actionOf: () => [started(), 'agent_0', open({ force: [1, 0], word: 0 })],
  neighborFinder: () => [agents(), 1],
  SeededRandom: () => [1],
  rasterize: () => [scene(), { size: 4 }],
  toSvg: () => [scene(), { size: 4 }],
  fitHalfWidth: () => [[scene()], 1],
  encodeGif: () => [[{ scene: scene(), duration: 10 }], { size: 4 }],
  defineScenario: () => [{ name: 'own', version: 1, params: { N: param.count(1) }, create: () => {} }],
  Box: () => [0, 1, [2]],
  Discrete: () => [3, 0],
  MultiDiscrete: () => [[2, 3]],
  Tuple: () => [[new Box(0, 1, [2]), new Discrete(2)]],
  Agent: () => ['agent', agentTraits],
  Landmark: () => ['landmark', traits, 'food'],
  makeAgents: () => [2, 'agent', agentTraits],
  makeLandmarks: () => [2, traits, 'forest'],
  makeWorld: () => [{ agents: agents(), landmarks: landmarks(), dimC: 2, collaborative: true, memory: 1 }],
  flatdim: () => [new Box(0, 1, [2])],
  flatten: () => [new Box(0, 1, [2]), [0, 1]],
  'param.steps': () => [25],
  'param.count': () => [3, 1],
  'param.fraction': () => [0.5],
  'param.flag': () => [true],
  'param.oneOf': () => [['a', 'b']],
  'param.neighbors': () => [1],
  Dict: () => [open({ a: new Discrete(2), b: new Box(0, 1, [2]) })],
  drawOnCanvas: () => [canvas(), scene(), { size: 4 }],
  parallelApiTest: () => [makeEnv('simple', { maxCycles: 2 }), { episodes: 1, maxSteps: 3, seed: 1 }],
  'geometry.scatter': () => [agents(), 1, random()],

  'SeededRandom.uniform': () => [0, 1],
  'SeededRandom.integer': () => [2],
  ...all('Box.sample Discrete.sample MultiDiscrete.sample Tuple.sample Dict.sample', () => [random()]),
  ...all('Box.contains MultiDiscrete.contains', () => [[0, 1]]),
  'Discrete.contains': () => [1],
  'Tuple.contains': () => [[[0, 1], 1]],
  'Dict.contains': () => [open({ a: 1, b: [0, 1] })],
  ...all('Box.toString Discrete.toString MultiDiscrete.toString Tuple.toString Dict.toString', () => []),
  ...all('observationSpace actionSpace actionParts team', () => ['agent_0'], 'ParallelEnv.'),
  ...all('observationSpace actionSpace actionParts team', () => ['agent_0'], 'VectorEnv.'),
  'VectorEnv.getState': () => [1],
  'VectorEnv.setState': () => [1, open(started().getState())],
  ...all('ParallelEnv.reset VectorEnv.reset', () => [{ seed: 1 }]),
  ...all('ParallelEnv.state ParallelEnv.getState ParallelEnv.close', () => []),
  ...all('ParallelEnv.curriculumStage = VectorEnv.curriculumStage =', () => [0]),
  'ParallelEnv.sideBySide': () => [2],
  'ParallelEnv.step': () => [open({ agent_0: 0, agent_1: 1 })],
  'VectorEnv.step': () => [new Float32Array(4)],
  'ParallelEnv.setState': () => [open(started().getState())],
  'ParallelEnv.scene': () => [{ arrows: open({ agent_0: [1, 0] }) }],
  'ParallelEnv.render': () => [{ size: 4, arrows: open({ agent_0: [1, 0] }) }],
};

const started = () => {
  const env = makeEnv('simple_spread', { N: 2, maxCycles: 1e6, curriculum: true });
  env.reset({ seed: 1 });
  return env;
};

export const mpeObjects = {
  ParallelEnv: started,
  VectorEnv: () => {
    const env = makeVectorEnv('simple_spread', 2, { N: 2, maxCycles: 1e6, curriculum: true });
    env.reset({ seed: 1 });
    return env;
  },
};

/** Why something is not walked. */
export const mpeExceptions: Exceptions = {
  Entity: 'abstract: Agent and Landmark are walked',
  ...Object.fromEntries(
    'squaredDistance distance touches countTouches countAllTouches countTouchingPairs nearestDistance nearestDistances'
      .split(' ')
      .map((name) => [
        `geometry.${name}`,
        'in inner loops of scenarios: with checks, a step took 11 % longer',
      ]),
  ),
};
