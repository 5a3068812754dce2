import { toActionSpace } from '../environments/action-vectors.js';
import { Episode, MAX_EPISODE_STEPS } from '../environments/episode.js';
import { momentOf, transitionOf } from '../environments/moment.js';
import { actOn } from '../environments/policies.js';
import type { LearningReport } from '../learning/algorithm.js';
import type { Training } from './training.js';
import { trainingWarnings, whyNoUpdate, withDefaults } from './warnings.js';

/** How an episode of training went. */
export interface EpisodeReport {
  /** Counted from 0. */
  episode: number;
  /** Environment steps since training began. */
  steps: number;
  /** Updates since training began. */
  updates: number;
  /** Each agent's sum of rewards in this episode, with exploration. */
  returns: Record<string, number>;
  /** The mean of `returns` over the agents. */
  meanReturn: number;
  /** The strength of exploration: the noise's standard deviation divided by maxAction, or the probability of a random action. */
  strength: number;
  /** The reports of the latest update, one for each agent. Empty before the first update. */
  latest: readonly LearningReport[];
}

/**
 * Trains, episode by episode. Each iteration plays one episode; stop iterating to stop training. The generators passed
 * in are the only source of randomness, so the same ones give the same training.
 *
 * Throws at once on unknown names and on values out of range. Warns of settings with which nothing would be learned. While it
 * trains, it throws if a network or the environment returns a number that is not finite; the message names the agent.
 */
export function train(training: Training): Iterable<EpisodeReport> {
  for (const warning of trainingWarnings(training)) warnOf(training, warning);
  return trainEpisodes(training);
}

function warnOf({ onWarning = console.warn }: Training, warning: string): void {
  onWarning(`Warning: ${warning}.`);
}

function* trainEpisodes(training: Training): Iterable<EpisodeReport> {
  const { env, algorithm, memory, exploration, generator, episodes } = training;
  const { batchSize, stepsPerUpdate, warmupSteps } = withDefaults(training);
  const { maxEpisodeSteps = MAX_EPISODE_STEPS } = training;
  const { specs } = algorithm;
  let steps = 0;
  let updates = 0;
  let latest: readonly LearningReport[] = [];

  for (let episode = 0; episode < episodes; episode++) {
    const played = new Episode(env, { owner: 'train', seed: generator.next(), maxSteps: maxEpisodeSteps });
    algorithm.startEpisode();
    const returns = Object.fromEntries(specs.map(({ name }) => [name, 0]));
    let moment = momentOf(specs, played.live, played.observations);

    while (played.live.length > 0) {
      const { live, observations } = moment;
      const chosen = actOn(algorithm, observations, live, { explore: true });
      const actions = specs.map((spec, i) =>
        live[i] ? exploration.perturb(chosen[i], spec, episode) : chosen[i],
      );
      const inSpaces = specs.flatMap((spec, i) =>
        live[i] ? [[spec.name, toActionSpace(spec, actions[i])] as const] : [],
      );
      const result = played.step(Object.fromEntries(inSpaces));
      const next = momentOf(specs, played.live, result.observations);
      const transition = transitionOf(specs, moment, actions, result, next);
      memory.add(transition);
      algorithm.observe(transition);
      transition.rewards.forEach((reward, i) => {
        returns[specs[i].name] += reward;
      });
      moment = next;

      steps += 1;
      if (steps >= warmupSteps && steps % stepsPerUpdate === 0) {
        latest = algorithm.learn(memory, batchSize, generator);
        updates += 1;
      }
    }

    const meanReturn = specs.reduce((sum, { name }) => sum + returns[name], 0) / specs.length;
    yield { episode, steps, updates, returns, meanReturn, strength: exploration.strength(episode), latest };
  }
  if (updates === 0 && training.episodeLength === undefined) {
    warnOf(
      training,
      `nothing was learned: there was no update in ${steps} steps, because ${whyNoUpdate(training)}`,
    );
  }
}
