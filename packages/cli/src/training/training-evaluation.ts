import { evaluateStepwise, makeRunEnv, policyOf, type RunConfig, type Trainer } from '@paragrad/maddpg';
import { evaluationOptions } from '../comparing/evaluate.js';
import type { RunFolder } from '../run/run-folder.js';
import type { RunLog } from '../run/run-log.js';
import { BestCheckpoints } from './best-checkpoints.js';

/**
 * The evaluations in training, after every `evaluationEvery` episodes: always the same episodes, without noise. They have an
 * environment and generators of their own, so they change no number of the training.
 */
export class TrainingEvaluation {
  readonly #trainer: Trainer;
  readonly #config: RunConfig;
  readonly #log: RunLog;
  readonly #best: BestCheckpoints;
  readonly #env: ReturnType<typeof makeRunEnv>;
  /** The last training episode before the latest evaluation. */
  #latest: number | undefined;

  constructor(trainer: Trainer, config: RunConfig, folder: RunFolder) {
    this.#trainer = trainer;
    this.#config = config;
    this.#log = folder.log;
    this.#best = new BestCheckpoints(folder);
    this.#env = makeRunEnv(config);
    this.#latest = folder.log.evaluations.read().episode?.at(-1);
  }

  /**
   * Whether one should be played before training goes on. With several copies of the environment, several episodes may end in a
   * step, and the evaluation comes after all of them.
   */
  get isDue(): boolean {
    const { evaluationEvery: every } = this.#config;
    if (every === 0) return false;
    const before = (this.#latest ?? -1) + 1;
    return Math.floor(this.#trainer.episodes / every) > Math.floor(before / every);
  }

  /** Plays it, step by step. One that is left before its last step does not count: it is still due. */
  *play(): Iterable<void> {
    const { episodes, steps, training } = this.#trainer;
    const { algorithm } = training;
    const state = algorithm.getState();
    try {
      const evaluation = yield* evaluateStepwise(this.#env, policyOf(algorithm), {
        ...evaluationOptions(this.#config),
        episodes: this.#config.evaluationEpisodesInTraining,
      });
      this.#latest = episodes - 1;
      this.#log.addEvaluation(evaluation, { episode: episodes - 1, steps });
      this.#best.offer(evaluation, this.#trainer);
    } finally {
      algorithm.setState(state); // copies of the environment may be within an episode, with what was drawn for it
    }
  }

  /** Writes the best checkpoints. Throws if they cannot be written, and keeps them. */
  flush(): void {
    this.#best.flush();
  }
}
