import { Module } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { type Batch, jointBatch } from '../learning/batch.js';
import type { Transition } from '../replay/replay-memory.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { makeObservationNorm, type ObservationNorm } from './observation-norm.js';
import { makeRewardNorm, type RewardNorm } from './reward-norm.js';

/**
 * How one agent's observations and rewards are normalized, on their way from the environment or the replay memory to the networks:
 * of all agents, since every centralized critic sees what all observe. Memories keep what was met, so old transitions are
 * normalized by what is known today.
 */
export class Normalizer extends Module {
  readonly observations: ObservationNorm;
  readonly rewards: RewardNorm;
  /** What was observed last, while the episode goes on. */
  #latest: number[] | undefined;

  constructor(
    readonly spec: AgentSpec,
    readonly settings: MaddpgSettings,
  ) {
    super();
    const { observationNorm, rewardNorm, gamma } = settings;
    this.observations = makeObservationNorm(observationNorm, spec.observationSize);
    this.rewards = makeRewardNorm(rewardNorm, gamma);
  }

  /** o [batch, obs], to act with. */
  forward(observations: Tensor): Tensor {
    return this.observations.forward(observations);
  }

  /** The targets' statistics follow the running ones, as weights do. */
  follow(tau: number): void {
    this.observations.follow(tau);
  }

  /**
   * A step of the environment, of which agent i's part counts. Each observation of an episode counts once, the last one too. As in a
   * memory, an episode ends where the transition says so, or where the next one begins with another observation.
   */
  observe(transition: Transition, i: number): void {
    const { observations, rewards, nextObservations, terminations, truncations = [] } = transition;
    const goesOn = this.#latest?.every((value, k) => value === observations[i][k]) ?? false;
    if (!goesOn) {
      this.observations.observe(observations[i]);
      this.rewards.startEpisode();
    }
    this.observations.observe(nextObservations[i]);
    this.rewards.observe(rewards[i]);
    const ended = [...terminations, ...truncations].some(Boolean);
    this.#latest = ended ? undefined : Array.from(nextObservations[i]);
  }
}

/** A batch as the networks are shown it: o for those that learn, o' for the targets, r for the critics. Changes no statistics. */
export function normalizedBatch(batch: Batch, normalizers: readonly Normalizer[]): Batch {
  return jointBatch({
    ...batch,
    observations: normalizers.map(({ observations }, i) => observations.learning(batch.observations[i])),
    rewards: normalizers.map(({ rewards }, i) => rewards.forward(batch.rewards[i])),
    nextObservations: normalizers.map(({ observations }, i) =>
      observations.target(batch.nextObservations[i]),
    ),
  });
}
