import { Box, Discrete, Landmark, makeAgents, makeEnv, param, type Scene } from '@paragrad/mpe';
import type { ValidArguments } from './fuzz.js';

const traits = { size: 0.1, color: [0, 0, 0], collide: true, movable: true, maxSpeed: 1 };
const agentTraits = { ...traits, accel: 3, adversary: false, leader: false, speaker: false, silent: true };
const agents = () => makeAgents(2, 'agent', { size: 0.1, color: [0, 0, 0] });
const landmarks = () => [new Landmark('landmark 0', { size: 0.1, color: [0, 0, 0] }, 'landmark')];
const scene = (): Scene => {
  const env = makeEnv('simple');
  env.reset({ seed: 1 });
  return Object.assign(Object.create(null), env.scene()); // not options, so it may have further names
};

/** Valid arguments of every function and class of @paragrad/mpe. */
export const mpeTable: Record<string, ValidArguments> = {
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
  neighborFinder: () => [agents(), 1],
  SeededRandom: () => [1],
  'SeededRandom.uniform': () => [0, 1],
  'SeededRandom.integer': () => [2],
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
  'param.count': () => [3, 1],
  'param.fraction': () => [0.5],
  'param.flag': () => [true],
  'param.oneOf': () => [['a', 'b']],
  'param.neighbors': () => [1],
};
