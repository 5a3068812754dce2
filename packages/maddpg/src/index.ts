export type { AgentSpec } from './agent-spec.js';
export { type Batch, checkBatch } from './batch.js';
export { GaussianNoise, type GaussianNoiseOptions } from './exploration.js';
export {
  type ActorReport,
  type AgentNetworks,
  type AgentReport,
  type CriticReport,
  Maddpg,
  type MaddpgOptions,
} from './maddpg.js';
export { Actor, CentralisedCritic } from './networks.js';
export { ReplayMemory, type ReplayMemoryOptions, type Transition } from './replay.js';
