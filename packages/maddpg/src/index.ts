export type { AgentSpec } from './agent-spec.js';
export type { Algorithm, LearningReport, Parts } from './algorithm.js';
export {
  type AlgorithmName,
  type AlgorithmOf,
  type AlgorithmSettings,
  algorithmName,
  algorithmNames,
  algorithms,
  makeAlgorithm,
} from './algorithms.js';
export type { Annealing } from './annealing.js';
export { Iql } from './baselines/iql.js';
export { Mixer } from './baselines/mixer.js';
export {
  QLearner,
  type QLearnerOptions,
  type QLearnerSettings,
  type QNetworks,
} from './baselines/q-learner.js';
export { Qmix, type QmixOptions, type QmixSettings } from './baselines/qmix.js';
export { type AgentsBatch, type Batch, checkBatch, jointBatch, type Priority } from './batch.js';
export { type CheckpointFiles, checkpointFileNames, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export type { Environment, EnvironmentStep } from './environment.js';
export { type Estimate, estimate, replayBytes } from './estimate.js';
export { type Evaluation, type EvaluationOptions, evaluate } from './evaluate.js';
export {
  EpsilonGreedy,
  type Exploration,
  type ExplorationConfig,
  type ExplorationOptions,
  explorationKinds,
  GaussianNoise,
  type GaussianNoiseOptions,
  makeExploration,
  OrnsteinUhlenbeckNoise,
  type OrnsteinUhlenbeckNoiseOptions,
} from './exploration.js';
export {
  type ActorReport,
  type AgentNetworks,
  type AgentReport,
  type CriticReport,
  Maddpg,
  type MaddpgOptions,
} from './maddpg.js';
export { type BenchmarkStep, type Metric, metrics, metricsOf } from './metrics.js';
export {
  Actor,
  CentralizedCritic,
  type ChoiceOptions,
  type Critic,
  IndependentCritic,
  makeCritic,
} from './networks.js';
export { Normalizer } from './normalization/normalizer.js';
export { BatchNorm, ObservationNorm, RunningNorm } from './normalization/observation-norm.js';
export { ReturnNorm, RewardNorm } from './normalization/reward-norm.js';
export { RunningStatistics } from './normalization/running-statistics.js';
export { actorsOf, agentSpecs, type Policy, randomActions, randomChoices } from './policies.js';
export { type PresetName, preset, presetNames } from './presets.js';
export { PrioritizedReplayMemory, type PriorityOptions } from './replay/prioritized-replay.js';
export { ReplayMemory, type ReplayMemoryOptions, type Transition } from './replay/replay-memory.js';
export {
  type ActionsKind,
  actionsKinds,
  defaultConfig,
  makeRunEnv,
  prepareRun,
  type RunConfig,
  type SamplingConfig,
  samplingKinds,
} from './run.js';
export {
  type CriticKind,
  criticKinds,
  defaultSettings,
  type LearningSettings,
  type MaddpgSettings,
  type ObservationNormKind,
  type OthersActions,
  observationNormKinds,
  othersActionsKinds,
  type RewardNormKind,
  rewardNormKinds,
} from './settings.js';
export { SharedCritic } from './shared-critic.js';
export { tdLoss } from './td-loss.js';
export { type EpisodeReport, type Training, train } from './train.js';
export {
  AttentionCritic,
  AttentionCriticOf,
  type AttentionCriticOptions,
  type OthersAsFacts,
} from './variants/attention-critic.js';
export {
  AttentionMaddpg,
  type AttentionMaddpgOptions,
  type AttentionMaddpgSettings,
} from './variants/attention-maddpg.js';
export {
  CommunicatingMaddpg,
  type CommunicatingMaddpgOptions,
  type CommunicatingMaddpgSettings,
  SpeakingActor,
} from './variants/communicating-maddpg.js';
export {
  EnsembleMaddpg,
  type EnsembleMaddpgOptions,
  type EnsembleMaddpgSettings,
} from './variants/ensemble-maddpg.js';
export { EnsembleMemory } from './variants/ensemble-memory.js';
export {
  type InferredPolicy,
  InferringMaddpg,
  type InferringMaddpgOptions,
  type InferringMaddpgSettings,
  StochasticActor,
} from './variants/inferring-maddpg.js';
export { Matd3, type Matd3Options, type Matd3Settings, TwinCritic } from './variants/matd3.js';
export { OpenaiMaddpg } from './variants/openai-maddpg.js';
