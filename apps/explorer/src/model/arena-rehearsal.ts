import {
  completeConfig,
  type Environment,
  evaluate,
  Maddpg,
  makeRunEnv,
  policyOf,
  prepareRun,
  preset,
  type RunConfig,
  type Trainer,
  train,
} from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';
import { makeWith } from './copy.js';
import type { Mistake } from './mistakes.js';
import type { Rehearsal } from './rehearsal.js';

/** A scenario of the arena, and the agent whose returns are the score. */
export interface ArenaTask extends Pick<RunConfig, 'scenario' | 'env'> {
  readonly agent: string;
}

/** A score is the mean of so many episodes, which are always the same. */
const SCORED = 20;
const SEED_OF_SCORES = 7;

/** A short training of MADDPG in a scenario, with small networks and many updates. */
export class ArenaRehearsal implements Rehearsal {
  readonly #trainer: Trainer;
  readonly #algorithm: Maddpg;
  readonly #env: Environment;
  readonly #agent: string;

  constructor({ scenario, env, agent }: ArenaTask, mistakes: readonly Mistake[], seed: number) {
    const tuned = preset('tuned', scenario);
    const config = completeConfig({
      ...tuned,
      ...{ scenario, env, seed, envs: 1 }, // some mistakes change what `add` remembers
      stepsPerUpdate: 10,
      batchSize: 128,
      settings: { ...tuned.settings, parameterSharing: false, hidden: [32, 32] },
    });
    const training = prepareRun(config);
    if (!(training.algorithm instanceof Maddpg)) throw new Error(`${config.algorithm} cannot be rehearsed`);
    this.#algorithm = makeWith(training.algorithm, mistakes, new Generator(seed).fork('weights'));
    const { replayCapacity: capacity, nStep, sampling } = config;
    const memory = this.#algorithm.makeMemory({ capacity, nStep, sampling });
    this.#trainer = train({ ...training, algorithm: this.#algorithm, memory, onWarning: () => {} });
    this.#env = makeRunEnv(config);
    this.#agent = agent;
  }

  trainTo(updates: number): void {
    while (this.#trainer.updates < updates) this.#trainer.step();
  }

  score(): number {
    const { returns } = evaluate(this.#env, policyOf(this.#algorithm), {
      episodes: SCORED,
      seed: SEED_OF_SCORES,
    });
    return returns[this.#agent];
  }
}
