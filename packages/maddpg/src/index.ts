export {
  ActionError,
  ArgumentError,
  FileError,
  NumericalError,
  ParagradError,
  type Range,
  ShapeError,
  StateError,
} from '@paragrad/check';
export {
  type AlgorithmName,
  type AlgorithmOf,
  type AlgorithmSettings,
  algorithmName,
  algorithmNames,
  algorithms,
  makeAlgorithm,
  type SettingsOfAll,
} from './algorithms.js';
export { Iql } from './baselines/iql.js';
export { Mixer } from './baselines/mixer.js';
export { QLearner, type QLearnerSettings, type QNetworks } from './baselines/q-learner.js';
export { Qmix, type QmixSettings } from './baselines/qmix.js';
export { type AgentSpec, agentSpecs } from './environments/agent-spec.js';
export { combinePolicies } from './environments/combine-policies.js';
export type { Environment, EnvironmentStep, PerAgent } from './environments/environment.js';
export type { ActionSpace, Bound } from './environments/plain-spaces.js';
export { type Moment, type Policy, policyOf, randomActions, randomChoices } from './environments/policies.js';
export { teamsOf } from './environments/teams.js';
export { type Annealing, annealingSettings } from './exploration/annealing.js';
export {
  AnnealedExploration,
  EpsilonGreedy,
  type Exploration,
  type ExplorationKind,
  type ExplorationOptions,
  type ExplorationSettings,
  type ExplorationState,
  explorationKinds,
  explorationSettings,
  GaussianNoise,
  makeExploration,
  type NoiseProcess,
  OrnsteinUhlenbeckNoise,
  type OrnsteinUhlenbeckNoiseOptions,
  type OrnsteinUhlenbeckState,
} from './exploration/exploration.js';
export { exportOnnx } from './exporting/onnx.js';
export { type ActorDescription, exportPyTorch } from './exporting/pytorch.js';
export {
  type ActorLossGraph,
  type ActorLossOptions,
  inspectActorLoss,
} from './inspecting/inspect-actor-loss.js';
export {
  type ActorAndCritic,
  ActorCritic,
  type ActorCriticState,
  type AgentNetworks,
} from './learning/actor-critic.js';
export { AgentSteps, type StepReport } from './learning/agent-steps.js';
export type {
  ActOptions,
  ActorReport,
  AgentReport,
  Algorithm,
  AlgorithmParts,
  CriticReport,
  LearningReport,
} from './learning/algorithm.js';
export {
  type Batch,
  type BatchPriority,
  jointBatch,
  type Liveness,
  type PerAgentBatch,
} from './learning/batch.js';
export { type AnyLearner, type Clip, type Descent, descend, descendEach } from './learning/descend.js';
export type { Members } from './learning/groups.js';
export { Learner } from './learning/learner.js';
export { meanWhileLive, nextState, type Viewer, zeroWhereAbsent } from './learning/liveness.js';
export { type AlgorithmState, OffPolicyAlgorithm } from './learning/off-policy.js';
export { bellmanTarget, tdLoss } from './learning/td-loss.js';
export { Maddpg } from './maddpg.js';
export { Actor, type ChoiceOptions } from './networks/actor.js';
export {
  CentralizedCritic,
  type Critic,
  type CriticInputs,
  IndependentCritic,
  makeCritic,
  SharedCritic,
} from './networks/critics.js';
export { Normalizer, type NormalizerState, type OpenEpisode } from './normalization/normalizer.js';
export { BatchNorm, ObservationNorm, RunningNorm } from './normalization/observation-norm.js';
export { ReturnNorm, RewardNorm } from './normalization/reward-norm.js';
export { type NormFormula, RunningStatistics } from './normalization/running-statistics.js';
export type { LastStep, LinksState, OldLinksState } from './replay/links.js';
export { type ReplaySettings, type SamplingSettings, samplingSettings } from './replay/make-memory.js';
export {
  PrioritizedReplayMemory,
  type PrioritizedReplayMemoryState,
  type PriorityOptions,
  prioritySettings,
} from './replay/prioritized-replay.js';
export { ReplayMemory } from './replay/replay-memory.js';
export type { ReplayMemoryOptions, ReplayMemoryState } from './replay/replay-options.js';
export type { RowQueueState } from './replay/row-queue.js';
export type { StepRows } from './replay/step-rows.js';
export type { Transition } from './replay/transition.js';
export {
  type CheckpointFiles,
  checkpointFileNames,
  loadCheckpoint,
  type OldCheckpointFiles,
  restoreCheckpoint,
  saveCheckpoint,
} from './running/checkpoint.js';
export type { CopyState, Envs, PlayingState, SeatState } from './running/copies.js';
export { type Estimate, type EstimateOptions, estimate } from './running/estimate.js';
export {
  type Evaluation,
  type EvaluationOptions,
  evaluate,
  evaluateStepwise,
  type TeamEvaluation,
} from './running/evaluate.js';
export { toJson } from './running/json.js';
export { type BenchmarkStep, type Metric, metrics, metricsOf } from './running/metrics.js';
export { type PresetName, preset, presetNames } from './running/presets.js';
export { makeRunEnv, prepareRun } from './running/run.js';
export {
  completeConfig,
  defaultConfig,
  parseConfig,
  parseOptions,
  type RunConfig,
  type RunOptions,
  runSettings,
} from './running/run-config.js';
export { type KernelName, type Kernels, kernelNames, useRunKernels } from './running/run-kernels.js';
export { type EpisodeReport, Trainer, type TrainerState, train } from './running/train.js';
export type { Training } from './running/training.js';
export {
  loadTraining,
  saveTraining,
  type TrainingFiles,
  trainingFileNames,
} from './running/training-state.js';
export { trainingWarnings } from './running/warnings.js';
export { type LearningSettings, learningSettings } from './settings/learning-settings.js';
export { type MaddpgSettings, maddpgSettings } from './settings/maddpg-settings.js';
export {
  type AlgorithmOptions,
  defaultsOf,
  type Setting,
  type SettingsOf,
  type SettingsTable,
  setting,
  type ValueOf,
} from './settings/setting.js';
export type { Stateful } from './state/stateful.js';
export { AttentionCritic, type AttentionCriticOptions } from './variants/attention-critic.js';
export { AttentionMaddpg, type AttentionMaddpgSettings } from './variants/attention-maddpg.js';
export {
  CommunicatingMaddpg,
  type CommunicatingMaddpgSettings,
  SpeakingActor,
} from './variants/communicating-maddpg.js';
export {
  EnsembleMaddpg,
  type EnsembleMaddpgSettings,
  type EnsembleState,
} from './variants/ensemble-maddpg.js';
export { type Ensemble, EnsembleMemory, type EnsembleMemoryState } from './variants/ensemble-memory.js';
export { InferringMaddpg, type InferringMaddpgSettings } from './variants/inferring-maddpg.js';
export { Matd3, type Matd3Settings, type Matd3State, TwinCritic } from './variants/matd3.js';
export { OpenaiMaddpg } from './variants/openai-maddpg.js';
export { StochasticActor } from './variants/stochastic-actor.js';
