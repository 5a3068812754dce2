import * as maddpg from '@paragrad/maddpg';
import { makeEnv } from '@paragrad/mpe';
import { Linear } from '@paragrad/nn';
import { Generator, type Tensor, zeros } from '@paragrad/tensor';
import { open, type ValidArguments } from './fuzz.js';
import { nnTable } from './nn-table.js';
import { all } from './tensor-table.js';
import type { Exceptions, Table } from './walk.js';

const generator = () => new Generator(1);
const spec = () => open({ name: 'ada', observationSize: 3, actionSize: 2, maxAction: 1 });
const specs = (): maddpg.AgentSpec[] => [spec(), { ...spec(), name: 'bob' }];
const choosers = () => specs().map((one) => ({ ...one, choices: [2] }));
const options = () => ({ generator: generator(), hidden: [4] });
/** One for all calls that do not change it. */
const shared = new maddpg.Maddpg(specs(), options());
const iql = () => new maddpg.Iql(choosers(), options());
const choices = () => ({ temperature: 1, straightThrough: true });
const pair = (a: number[], b: number[]) => [a, b] as const;
const step = (actions = pair([0.5, 0], [0, 0.5])): maddpg.Transition => ({
  observations: pair([0, 0, 0], [1, 1, 1]),
  actions,
  rewards: [1, 2],
  nextObservations: pair([0, 0, 1], [1, 1, 2]),
  terminations: [false, false],
  truncations: [false, false],
});
const filled = <Memory extends maddpg.ReplayMemory>(memory: Memory, one = step()): Memory => {
  for (let k = 0; k < 5; k++) memory.add(one);
  return memory;
};
const stateOf = (object: maddpg.Stateful) => open(object.getState());
const prioritized = () => filled(shared.makeMemory({ capacity: 10, sampling: { kind: 'prioritized' } }));
const memory = () => filled(shared.makeMemory({ capacity: 10 }));
const sampled = memory().sample(4, generator());
const batch = () => open({ ...sampled });
const chosen = () =>
  open(filled(iql().makeMemory({ capacity: 10 }), step(pair([1, 0], [0, 1]))).sample(4, generator()));
const sharedEnsemble = new maddpg.EnsembleMaddpg(specs(), options());
const ofEnsemble = () => filled(sharedEnsemble.makeMemory({ capacity: 10 }));
const ensembleMemory = ofEnsemble();
const files = maddpg.saveCheckpoint(shared);
const env = () => makeEnv('simple', { actionMode: 'force' });
const run = maddpg.prepareRun({ scenario: 'simple', episodes: 1, warmupSteps: 1, settings: { hidden: [4] } });
const training = () => ({ ...run, onWarning: () => {} });
const trainingFiles = maddpg.saveTraining(maddpg.train(training()));
const policy = () => open({ agent_0: [0, 0] });
const config = () => maddpg.completeConfig({ scenario: 'simple', settings: { hidden: [4] } });
const centralized = () => new maddpg.CentralizedCritic(specs(), [4], generator());
const linear = () => new Linear(3, 1, { generator: generator() });
const learner = () => new maddpg.Learner(linear(), linear(), 0.1, 'a learner');
const losses = (): ValidArguments => {
  const one = learner();
  return () => [
    [one],
    () => one.network.forward(zeros([2, 3])).mean(),
    (parameters: readonly Tensor[]) => parameters.length,
  ];
};
const exploring = () => ({ generator: generator(), initial: 0.1, final: 0, decay: 0.9 });
const greedy = () =>
  new maddpg.EpsilonGreedy({ generator: generator(), initial: 0.1, final: 0, episodes: 9 });
const observations = () => [zeros([1, 3]), zeros([1, 3])];
const rows = () => zeros([2, 3]);
const none: ValidArguments = () => [];
const critic: ValidArguments = () => [zeros([2, 6]), [zeros([2, 2]), zeros([2, 2])], 0];

/** Valid arguments of every function, class and method of @paragrad/maddpg. */
export const maddpgTable: Table = {
  ...nnTable, // the methods of modules
  algorithmName: () => [shared],
  makeAlgorithm: () => ['maddpg', specs(), options()],
  ...all('Maddpg Matd3 AttentionMaddpg CommunicatingMaddpg', () => [specs(), options()]),
  ...all('EnsembleMaddpg InferringMaddpg OpenaiMaddpg', () => [specs(), options()]),
  ...all('Iql Qmix', () => [choosers(), options()]),
  Mixer: () => [2, 6, 4, generator()],
  ...all('Actor StochasticActor', () => [spec(), [4], generator(), open(choices())]),
  SpeakingActor: () => [spec(), 2, [4], generator(), open(choices())],
  ...all('CentralizedCritic SharedCritic', () => [specs(), [4], generator()]),
  IndependentCritic: () => [specs(), 0, [4], generator()],
  AttentionCritic: () => [
    specs(),
    { hidden: [4], heads: 2, parameterSharing: false, generator: generator() },
  ],
  TwinCritic: () => [centralized(), centralized()],
  makeCritic: () => [specs(), 0, open(shared.settings), generator()],
  Learner: () => [linear(), linear(), 0.1, 'name'],
  ...all('descend descendEach', losses()),
  jointBatch: () => [batch()],
  bellmanTarget: () => [
    zeros([2, 1]),
    zeros([2, 1]),
    open({ gamma: 0.9, valueRescaling: 1 }),
    () => zeros([2, 1]),
  ],
  tdLoss: () => [zeros([4, 1]), zeros([4, 1]), batch()],
  Normalizer: () => [spec(), open({ ...shared.settings, observationNorm: 'batch', rewardNorm: 'return' })],
  ...all('RunningNorm BatchNorm RunningStatistics', () => [3]),
  ...all('ObservationNorm RewardNorm', none),
  ReturnNorm: () => [0.9],
  GaussianNoise: () => [exploring()],
  OrnsteinUhlenbeckNoise: () => [{ ...exploring(), theta: 0.1 }],
  EpsilonGreedy: () => [{ ...greedy().annealing, generator: generator() }],
  makeExploration: () => [{ kind: 'gaussian', initial: 0.1 }, generator()],
  ReplayMemory: () => [specs(), { capacity: 10, nStep: { steps: 1, gamma: 1 } }],
  PrioritizedReplayMemory: () => [specs(), { capacity: 10, alpha: 0.5, beta: 0.5, betaBatches: 9 }],
  EnsembleMemory: () => [sharedEnsemble, { capacity: 10 }],
  agentSpecs: () => [env()],
  policyOf: () => [shared, { explore: true }],
  combinePolicies: () => [{ agent_0: policy }],
  randomActions: () => [env(), generator()],
  randomChoices: () => [specs(), generator()],
  prepareRun: () => [{ scenario: 'simple', settings: { hidden: [4] } }],
  ...all('makeRunEnv metricsOf', () => [config()]),
  preset: () => ['tuned', 'simple'],
  completeConfig: () => [{ episodes: 5 }, 'source'],
  ...all('parseConfig parseOptions', () => ['{}', 'source']),
  ...all('train trainingWarnings', () => [training()]),
  useRunKernels: () => [open({ kernels: 'auto' })],
  ...all('evaluate evaluateStepwise', () => [env(), policy, { episodes: 1, seed: 1, metrics: [] }]),
  teamsOf: () => [env()],
  Trainer: () => [training()],
  saveTraining: () => [maddpg.train(training())],
  loadTraining: () => [open({ ...trainingFiles }), training()],
  ...all('exportOnnx exportPyTorch saveCheckpoint', () => [shared]),
  loadCheckpoint: () => [open({ ...files })],
  restoreCheckpoint: () => [shared, open({ ...files })],
  inspectActorLoss: () => [
    shared,
    0,
    batch(),
    { values: true, lines: true, inputs: shared.agents[0].actor.network.parameters() },
  ],
  toJson: () => ['owner', open({ a: 1 })],
  defaultsOf: () => [open({ gamma: maddpg.learningSettings.gamma })],
  setting: () => [0.5, open(maddpg.learningSettings.gamma.range), 'meaning'],

  // What training calls
  ...all('ActorCritic.act QLearner.act', () => [observations(), { explore: true }]),
  ...all('OffPolicyAlgorithm.update InferringMaddpg.update', () => [batch()]),
  ...all('Iql.update Qmix.update', () => [chosen()]),
  'OffPolicyAlgorithm.learn': () => [memory(), 4, generator()],
  'Iql.learn': () => [filled(iql().makeMemory({ capacity: 10 }), step(pair([1, 0], [0, 1]))), 4, generator()],
  'EnsembleMaddpg.learn': () => [ensembleMemory, 4, generator()],
  'InferringMaddpg.learn': () => [memory(), 4, generator()],
  'OffPolicyAlgorithm.makeMemory': () => [{ capacity: 10, nStep: 1, sampling: { kind: 'uniform' } }],
  'EnsembleMaddpg.makeMemory': () => [{ capacity: 10, nStep: 1, sampling: { kind: 'uniform' } }],
  ...all('OffPolicyAlgorithm.startEpisode EnsembleMaddpg.startEpisode', () => [generator()]),
  ...all('OffPolicyAlgorithm.observe ActorCritic.observe', () => [step()]),
  'EnsembleMaddpg.choose': () => [[0, 0]],
  'EnsembleMaddpg.chosenIn': () => [0],
  ...all('ActorCritic.namedParts QLearner.namedParts Qmix.namedParts', none),
  ...all('EnsembleMaddpg.namedParts InferringMaddpg.namedParts', none),
  'ReplayMemory.add': () => [step()],
  'ReplayMemory.sample': () => [4, generator()],
  'ReplayMemory.latest': () => [4],
  ...all('ReplayMemory PrioritizedReplayMemory EnsembleMemory', () => [10, 5], '', '.byteLengthAfter'),
  ...all('RunningNorm BatchNorm', () => [rows()], '', '.forward'),
  ...all('RunningNorm BatchNorm', () => [rows()], '', '.forLearning'),
  'RunningNorm.observe': () => [[1, 2, 3]],
  ...all('BatchNorm.forTargets BatchNorm.trackBatch', () => [rows()]),
  'BatchNorm.updateTarget': () => [0.5],
  'TwinCritic.forward': critic,
  'ReturnNorm.loadStateDict': () => [open(new maddpg.ReturnNorm(0.9).stateDict())],
  'EnsembleMemory.sizeOf': () => [0, 0],
  'EnsembleMemory.sampleOf': () => [0, 0, 2, generator()],
  'AnnealedExploration.strength': () => [0],
  'AnnealedExploration.fork': () => [1],
  'AnnealedExploration.perturb': () => [[0, 0], spec(), 0],
  'policy.call': () => [open({ ada: [0, 0, 0], bob: [0, 0, 0] })],
  'policy.startEpisode': () => [generator()],
  'policy.actInAll': () => [[{ ada: [0, 0, 0], bob: [0, 0, 0] }], [0]],

  // Networks and their parts
  // From a file, or by hand
  'ReplayMemory.setState': () => [stateOf(memory())],
  'PrioritizedReplayMemory.setState': () => [stateOf(prioritized())],
  'EnsembleMemory.setState': () => [stateOf(ofEnsemble())],
  ...all('ActorCritic.setState OffPolicyAlgorithm.setState', () => [stateOf(shared)]),
  'EnsembleMaddpg.setState': () => [stateOf(sharedEnsemble)],
  'Matd3.setState': () => [stateOf(new maddpg.Matd3(specs(), options()))],
  'AnnealedExploration.setState': () => [stateOf(greedy())],
  'OrnsteinUhlenbeckNoise.setState': () => [
    stateOf(new maddpg.OrnsteinUhlenbeckNoise({ ...exploring(), theta: 0.1 })),
  ],
  'Normalizer.setState': () => [stateOf(shared.agents[0].normalizer)],
  'Trainer.setState': () => [stateOf(maddpg.train(training()))],
  'Learner.updateTarget': () => [0.5],
  ...all('Actor.forward Actor.greedy Actor.logits Actor.beforeTanh', () => [rows()]),
  ...all('Actor.drawnFrom Actor.logitsIn Actor.beforeTanhIn', () => [zeros([2, 2])]),
  'Actor.act': () => [rows(), true, () => {}],
  'SpeakingActor.forward': () => [zeros([2, 5])],
  ...all('SpeakingActor.message', () => [rows()]),
  'StochasticActor.evaluateActions': () => [rows(), zeros([2, 2])],
  'StochasticActor.logSigma': none,
  ...all('CentralizedCritic.forward SharedCritic.forward IndependentCritic.forward', critic),
  ...all('AttentionCritic.forward', critic),
  'SharedCritic.orderFor': () => [0],
  'AttentionCritic.values': () => critic().slice(0, 2),
  'Mixer.forward': () => [zeros([2, 2]), zeros([2, 6])],
  'Normalizer.observe': () => [step(), 0],
  ...all('forward trackBatch', () => [rows()], 'Normalizer.'),
  'Normalizer.updateTarget': () => [0.5],
  'ReturnNorm.forward': () => [zeros([2, 1])],
  'ReturnNorm.startEpisode': none,
  'ReturnNorm.observe': () => [1],
  'RunningStatistics.add': () => [[1, 2, 3]],
  'RunningStatistics.forward': () => [rows()],
};

export const maddpgObjects = {
  PrioritizedReplayMemory: () =>
    filled(shared.makeMemory({ capacity: 10, sampling: { kind: 'prioritized' } })),
  ReplayMemory: memory,
  EnsembleMemory: ofEnsemble,
  Maddpg: () => {
    const normalizing = { ...options(), observationNorm: 'running', rewardNorm: 'return' } as const;
    const algorithm = new maddpg.Maddpg(specs(), normalizing);
    algorithm.observe(step());
    return algorithm;
  },
  ReturnNorm: () => {
    const norm = new maddpg.ReturnNorm(0.9);
    norm.observe(1);
    return norm;
  },
  RunningNorm: () => {
    const norm = new maddpg.RunningNorm(3);
    norm.observe([1, 2, 3]);
    return norm;
  },
};

const because = (reason: string, names: string): Exceptions =>
  Object.fromEntries(names.split(' ').map((name) => [name, reason]));

/** Why something is not walked. */
export const maddpgExceptions: Exceptions = {
  ...because(
    'abstract: its subclasses are walked',
    'ActorCritic AgentSteps AnnealedExploration OffPolicyAlgorithm QLearner',
  ),
  ...because(
    'a part of losses: it sees batches that `update` has checked',
    'meanWhileLive nextState zeroWhereAbsent',
  ),
  ...because(
    'an equation: `update` checks the batch, variants override them',
    'Maddpg.action Maddpg.nextActions Maddpg.nextValue Maddpg.target Maddpg.criticLoss Maddpg.criticStep Maddpg.actorLoss ' +
      'Maddpg.actorStep Maddpg.targetStep AgentSteps.actions ActorCritic.normalized AgentSteps.penalized AttentionMaddpg.targets ' +
      'AttentionMaddpg.criticLosses AttentionMaddpg.allCriticsStep AttentionMaddpg.actorLosses AttentionMaddpg.allActorsStep ' +
      'CommunicatingMaddpg.nextActions CommunicatingMaddpg.actions CommunicatingMaddpg.actorLosses EnsembleMaddpg.actorLoss ' +
      'InferringMaddpg.inferenceLoss InferringMaddpg.inferenceStep InferringMaddpg.nextValue InferringMaddpg.actorLoss ' +
      'EnsembleMaddpg.startEpisode Mixer.forward Iql.target Iql.loss QLearner.value QLearner.nextValue QLearner.targetStep Matd3.nextActions Matd3.nextValue ' +
      'Matd3.criticLoss Matd3.actorStep Matd3.targetStep Qmix.total Qmix.target Qmix.loss',
  ),
  ...because(
    'does nothing; subclasses do',
    'OffPolicyAlgorithm.startEpisode OffPolicyAlgorithm.observe ObservationNorm.observe ObservationNorm.trackBatch ' +
      'ObservationNorm.updateTarget ObservationNorm.forward ObservationNorm.forLearning ObservationNorm.forTargets ' +
      'RewardNorm.forward RewardNorm.startEpisode RewardNorm.observe',
  ),
  ...because(
    'what training calls in every step of many copies: it has checked the numbers',
    'ReplayMemory.addRows AnnealedExploration.explore GaussianNoise.vary OrnsteinUhlenbeckNoise.vary EpsilonGreedy.vary',
  ),
  ...because(
    'takes nothing',
    'PrioritizedReplayMemory.getState ReplayMemory.getState EnsembleMemory.getState ActorCritic.getState ' +
      'EnsembleMaddpg.getState AnnealedExploration.getState OffPolicyAlgorithm.getState Matd3.getState ' +
      'Normalizer.getState OrnsteinUhlenbeckNoise.getState Trainer.getState Trainer.step',
  ),
  'Normalizer.observe': "sees transitions that the algorithm's `observe` has checked",
  estimate: 'completes a configuration, as makeRunEnv does, and then measures for seconds',
};
