import { checkCount, checkGenerator, type Generator } from '@paragrad/tensor';
import { toActionSpace } from '../environments/action-vectors.js';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { Environment } from '../environments/environment.js';
import { Episode, MAX_EPISODE_STEPS } from '../environments/episode.js';
import { momentOf, transitionOf } from '../environments/moment.js';
import { actOn } from '../environments/policies.js';
import type { Exploration } from '../exploration/exploration.js';
import type { Algorithm, LearningReport } from '../learning/algorithm.js';
import type { ReplayMemory } from '../replay/replay-memory.js';

/** What `train` needs: an environment, an algorithm, and how to train it. */
export interface Training<OneAlgorithm extends Algorithm = Algorithm> {
  env: Environment;
  algorithm: OneAlgorithm;
  /** The algorithm's `makeMemory` makes one. */
  memory: ReplayMemory;
  exploration: Exploration;
  /** Draws the seeds of the episodes, and the batches. */
  generator: Generator;
  /** Episodes of training. */
  episodes: number;
  /** Transitions in a batch. Default 1024. */
  batchSize?: number;
  /** Environment steps between two updates. Default 100. */
  stepsPerUpdate?: number;
  /** Environment steps before the first update. Default: `batchSize`. */
  warmupSteps?: number;
  /** An episode with more steps is an error, because its environment may never end one. Default 100,000. */
  maxEpisodeSteps?: number;
}

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
 * in are the only source of randomness, so the same ones give the same training. Throws if a number is not a whole
 * number of at least 1.
 */
export function* train(training: Training): Iterable<EpisodeReport> {
  const { env, algorithm, memory, exploration, generator, episodes, batchSize = 1024 } = training;
  const { stepsPerUpdate = 100, warmupSteps = batchSize, maxEpisodeSteps = MAX_EPISODE_STEPS } = training;
  const counts = { episodes, batchSize, stepsPerUpdate, warmupSteps };
  for (const [name, value] of Object.entries(counts)) checkCount('train', name, value);
  checkGenerator('train', generator);
  const { specs } = algorithm;
  checkAgents(env, specs);
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
}

/** Throws if the environment has agents that the algorithm does not know, or the reverse. */
function checkAgents({ possibleAgents }: Environment, specs: readonly AgentSpec[]): void {
  const names = specs.map(({ name }) => name);
  const isSame =
    possibleAgents.length === names.length && names.every((name) => possibleAgents.includes(name));
  if (isSame) return;
  throw new Error(
    `train: the environment's agents are ${possibleAgents.join(', ')}, and the algorithm's ${names.join(', ')}; ` +
      'make the algorithm with agentSpecs(env)',
  );
}
