import { checkCount, checkGenerator, type Generator } from '@paragrad/tensor';
import { type Environment, toActionSpaces } from '../environments/environment.js';
import { policyOf } from '../environments/policies.js';
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
  const { stepsPerUpdate = 100, warmupSteps = batchSize } = training;
  const counts = { episodes, batchSize, stepsPerUpdate, warmupSteps };
  for (const [name, value] of Object.entries(counts)) checkCount('train', name, value);
  checkGenerator('train', generator);
  const { specs } = algorithm;
  const act = policyOf(algorithm, { explore: true });
  const inOrder = <T>(byAgent: Readonly<Record<string, T>>): T[] => specs.map(({ name }) => byAgent[name]);
  let steps = 0;
  let updates = 0;
  let latest: readonly LearningReport[] = [];

  for (let episode = 0; episode < episodes; episode++) {
    let { observations } = env.reset({ seed: generator.next() });
    algorithm.startEpisode();
    const returns = Object.fromEntries(specs.map(({ name }) => [name, 0]));

    while (env.agents.length > 0) {
      const chosen = act(observations);
      const actions = Object.fromEntries(
        specs.map((spec) => [
          spec.name,
          exploration.perturb(chosen[spec.name] as ArrayLike<number>, spec, episode),
        ]),
      );
      const next = env.step(toActionSpaces(env, actions));
      const transition = {
        observations: inOrder(observations),
        actions: inOrder(actions),
        rewards: inOrder(next.rewards),
        nextObservations: inOrder(next.observations),
        terminations: inOrder(next.terminations), // not truncations: after a time limit, future rewards still count
        truncations: inOrder(next.truncations),
      };
      memory.add(transition);
      algorithm.observe(transition);
      for (const { name } of specs) returns[name] += next.rewards[name];
      observations = next.observations;

      steps += 1;
      if (steps >= warmupSteps && steps % stepsPerUpdate === 0) {
        latest = algorithm.learn(memory, batchSize, generator);
        updates += 1;
      }
    }

    const meanReturn = inOrder(returns).reduce((sum, r) => sum + r, 0) / specs.length;
    yield { episode, steps, updates, returns, meanReturn, strength: exploration.strength(episode), latest };
  }
}
