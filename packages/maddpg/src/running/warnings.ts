import { continuousSize } from '../environments/agent-spec.js';
import { teamsOf } from '../environments/teams.js';
import type { Annealing } from '../exploration/annealing.js';
import { GaussianNoise, OrnsteinUhlenbeckNoise } from '../exploration/exploration.js';
import type { LearningSettings } from '../settings/learning-settings.js';
import { checkTraining, countEnvs, type Training } from './training.js';

/** Below this, a step of Adam changes hardly any float32 weight: their sizes are about 0.1. */
const LEAST_LR = 1e-9;
/** Adam adds 1e-8 to the root of the mean squared gradient. */
const LEAST_GRAD_NORM = 1e-7;

/**
 * What someone should know before this training begins: settings with which nothing is learned, or that have no effect. Each is
 * a sentence without its end. `train` gives them to `onWarning`.
 */
export function trainingWarnings(training: Training): string[] {
  checkTraining(training);
  return [
    ...ofTeams(training),
    ...ofCopies(training),
    ...ofUpdates(training),
    ...ofMemory(training),
    ...ofLearning(training),
    ...ofExploration(training),
  ];
}

/** How many updates there are in so many environment steps. */
export function countUpdates(steps: number, stepsPerUpdate: number, warmupSteps: number): number {
  return Math.max(0, Math.floor(steps / stepsPerUpdate) - Math.floor((warmupSteps - 1) / stepsPerUpdate));
}

/** The counts of a training, with the defaults of `train`. */
export function withDefaults({ batchSize = 1024, stepsPerUpdate = 100, warmupSteps = batchSize }: Training) {
  return { batchSize, stepsPerUpdate, warmupSteps };
}

/** "the first update comes after step 1100: warmupSteps is 1024, and stepsPerUpdate is 100" */
export function whyNoUpdate(training: Training): string {
  const { stepsPerUpdate, warmupSteps } = withDefaults(training);
  const first = stepsPerUpdate * Math.ceil(warmupSteps / stepsPerUpdate);
  return `the first update comes after step ${first}: warmupSteps is ${warmupSteps}, and stepsPerUpdate is ${stepsPerUpdate}`;
}

function* ofTeams({ env, algorithm }: Training): Iterable<string> {
  const teams = Object.keys(teamsOf(env));
  if (algorithm.sharesReward && teams.length > 1) {
    yield `little will be learned: the algorithm learns from the mean reward of all agents, and the teams ${teams.join(' and ')} ` +
      'compete; take one with a value for each agent, such as MADDPG or IQL';
  }
}

function* ofCopies({ env, envs = [env], episodes }: Training): Iterable<string> {
  const copies = countEnvs(envs);
  if (copies > episodes) {
    yield `${copies - episodes} of ${copies} copies of the environment will do nothing, because there are only ${episodes} episodes`;
  }
}

function* ofUpdates(training: Training): Iterable<string> {
  const { episodes, episodeLength, algorithm } = training;
  if (episodeLength === undefined) return;
  const { stepsPerUpdate, warmupSteps } = withDefaults(training);
  const steps = episodes * episodeLength;
  const updates = countUpdates(steps, stepsPerUpdate, warmupSteps);
  if (updates === 0) {
    yield `nothing will be learned in ${steps} steps (episodes: ${episodes}, of ${episodeLength} steps each), because ${whyNoUpdate(training)}`;
  } else if (updates < algorithm.updateCycle) {
    yield `not all networks will learn: there are ${updates} updates, and some networks learn only in every ${algorithm.updateCycle}th`;
  }
  const { lrDecay = 1, lrDecayStart = 0, lrDecayEnd = 0 } = algorithm.settings as Partial<LearningSettings>;
  if (updates > 0 && lrDecay !== 1 && lrDecayEnd > updates) {
    const start = Math.round((lrDecayStart / lrDecayEnd) * updates);
    yield `the learning rates will not reach the end of their decay: it comes after ${lrDecayEnd} updates, and there are ${updates}; ` +
      `give lrDecayEnd: ${updates}, and lrDecayStart: ${start}`;
  }
}

function* ofMemory(training: Training): Iterable<string> {
  const { memory, episodeLength = Number.POSITIVE_INFINITY } = training;
  const { batchSize, warmupSteps } = withDefaults(training);
  if (memory.capacity < batchSize) {
    yield `little will be learned: the replay memory holds ${memory.capacity} transitions, so a batch of ${batchSize} repeats them; ` +
      'give a larger capacity, or a smaller batchSize';
  } else if (memory.capacity < warmupSteps) {
    yield `the replay memory holds ${memory.capacity} transitions, so it forgets the first of the ${warmupSteps} steps before the ` +
      'first update; give a larger capacity, or fewer warmupSteps';
  }
  if (memory.nStep > episodeLength) {
    yield `n-step returns of ${memory.nStep} steps are longer than an episode of ${episodeLength}, so they have the rest of the episode`;
  }
}

function* ofLearning({ algorithm }: Training): Iterable<string> {
  const settings = algorithm.settings as Partial<LearningSettings> & Readonly<Record<string, unknown>>;
  for (const name of ['actorLr', 'criticLr', 'lr']) {
    const lr = settings[name];
    if (typeof lr === 'number' && lr < LEAST_LR) {
      yield `nothing will be learned: ${name} is ${lr}, and such steps change no float32 weight`;
    }
  }
  if (settings.tau !== undefined && settings.tau < LEAST_LR) {
    yield `the target networks will not move: tau is ${settings.tau}`;
  }
  if (settings.maxGradNorm !== undefined && settings.maxGradNorm < LEAST_GRAD_NORM) {
    yield `nothing will be learned: maxGradNorm is ${settings.maxGradNorm}, and Adam takes no steps for gradients so small`;
  }
}

function* ofExploration({ exploration, algorithm, episodes: ofRun }: Training): Iterable<string> {
  const drawn = algorithm.explorations.includes('gaussian'); // actors draw their choices
  const { annealing } = exploration as { annealing?: Annealing }; // an exploration of your own may have none
  const explored =
    exploration.strength(0) > 0 ||
    exploration.strength(ofRun - 1) > 0 ||
    (annealing?.randomEpisodes ?? 0) > 0;
  if (!explored && (!drawn || algorithm.specs.some((spec) => continuousSize(spec) > 0))) {
    yield 'nothing new will be tried: the strength of exploration is 0, and the agents draw nothing themselves';
  }
  if (
    (exploration instanceof GaussianNoise || exploration instanceof OrnsteinUhlenbeckNoise) &&
    !drawn &&
    algorithm.specs.every((spec) => continuousSize(spec) === 0)
  ) {
    yield 'nothing new will be tried: noise leaves choices alone, and the agents draw none themselves; explore with EpsilonGreedy';
  }
  if (!annealing) return;
  const { initial, final, decay, episodes, randomEpisodes } = annealing;
  if (randomEpisodes >= ofRun) {
    yield `all actions will be random: randomEpisodes is ${randomEpisodes}, and there are ${ofRun} episodes`;
  }
  if (episodes === undefined && decay === 1 && final !== 0 && final !== initial) {
    yield `exploration will not anneal: its final strength is ${final}, but it stays ${initial}; give decay or episodes`;
  }
  if (episodes !== undefined && episodes > ofRun && final !== initial) {
    yield `exploration will not reach its final strength ${final}: it anneals over ${episodes} episodes, and there are ${ofRun}; ` +
      `give exploration.episodes: ${ofRun}, or fewer`;
  }
}
