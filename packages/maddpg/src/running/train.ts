import { checkCount, checkGenerator, type Generator } from '@paragrad/tensor';
import { type Environment, inActionSpaces } from '../environments/environment.js';
import { actorsOf } from '../environments/policies.js';
import type { Exploration } from '../exploration/exploration.js';
import type { Algorithm, LearningReport } from '../learning/algorithm.js';
import type { ReplayMemory } from '../replay/replay-memory.js';

/** What `train` trains, what with, and for how long. */
export interface Training<Learner extends Algorithm = Algorithm> {
  env: Environment;
  /** What learns: MADDPG, or any other algorithm. */
  algorithm: Learner;
  memory: ReplayMemory;
  exploration: Exploration;
  /** Starts the episodes and picks the batches. */
  generator: Generator;
  episodes: number;
  /** Transitions in a batch. Default 1024. */
  batchSize?: number;
  /** Environment steps from one update to the next. Default 100. */
  stepsPerUpdate?: number;
  /** Environment steps before the first update. Default: as many as a batch has transitions. */
  warmupSteps?: number;
}

/** How an episode of training went. */
export interface EpisodeReport {
  /** Counted from 0. */
  episode: number;
  /** Environment steps and updates since training began. */
  steps: number;
  updates: number;
  /** Sum of each agent's rewards over the episode, exploration included. */
  returns: Record<string, number>;
  /** Their mean over the agents. */
  meanReturn: number;
  /** The strength of exploration: the noise's standard deviation, or the probability of a random action. */
  strength: number;
  /** Of the latest update, one for each agent; empty before the first. */
  latest: readonly LearningReport[];
}

/**
 * Trains, episode by episode: iterate over it to go on, stop iterating to stop. Nothing random but the generators
 * passed in: the same ones give the same training.
 */
export function* train(training: Training): Iterable<EpisodeReport> {
  const { env, algorithm, memory, exploration, generator, episodes, batchSize = 1024 } = training;
  const { stepsPerUpdate = 100, warmupSteps = batchSize } = training;
  const counts = { episodes, batchSize, stepsPerUpdate, warmupSteps };
  for (const [name, value] of Object.entries(counts)) checkCount('train', name, value);
  checkGenerator('train', generator);
  const { specs } = algorithm;
  const act = actorsOf(algorithm, { explore: true });
  const inOrder = <T>(byAgent: Readonly<Record<string, T>>): T[] => specs.map(({ name }) => byAgent[name]);
  let steps = 0;
  let updates = 0;
  let latest: readonly LearningReport[] = [];

  for (let episode = 0; episode < episodes; episode++) {
    let { observations } = env.reset({ seed: generator.next() });
    algorithm.startEpisode();
    const returns = Object.fromEntries(specs.map(({ name }) => [name, 0]));

    while (env.agents.length > 0) {
      const greedy = act(observations);
      const actions = Object.fromEntries(
        specs.map((spec) => [
          spec.name,
          exploration.perturb(greedy[spec.name] as ArrayLike<number>, spec, episode),
        ]),
      );
      const next = env.step(inActionSpaces(env, actions));
      const transition = {
        observations: inOrder(observations),
        actions: inOrder(actions),
        rewards: inOrder(next.rewards),
        nextObservations: inOrder(next.observations),
        terminations: inOrder(next.terminations), // truncations are no such end: the value goes on beyond a time limit
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
