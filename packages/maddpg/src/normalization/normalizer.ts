import { ArgumentError, checkArgument, finite, object } from '@paragrad/check';
import { Module } from '@paragrad/nn';
import { aTensor, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkSpec } from '../environments/check-specs.js';
import { type Batch, jointBatch } from '../learning/batch.js';
import { changeLiveRows, isEverLive } from '../learning/liveness.js';
import type { Transition } from '../replay/transition.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { checkState } from '../state/stateful.js';
import { BatchNorm, makeObservationNorm, type ObservationNorm } from './observation-norm.js';
import { makeRewardNorm, type RewardNorm } from './reward-norm.js';

/** The sum of the squares of 10,000 such numbers is finite in float32. */
const LARGEST = 1e17;

/** What a normalizer remembers of an episode that has not ended. */
export interface OpenEpisode {
  /** The last observation; null after the end. */
  readonly latest: readonly number[] | null;
  /** The discounted sum of rewards. */
  readonly return: number;
}

/** What a normalizer remembers, of copy 0 of the environment and of the others. */
export interface NormalizerState extends OpenEpisode {
  /** Those of copies 1, 2 ... Missing if there is one copy. */
  readonly others?: readonly OpenEpisode[];
}

/**
 * Normalizes one agent's observations and rewards on their way to the networks. Every network that sees the agent uses
 * its normalizer, also the critics of the other agents. Replay memories keep the original numbers, so old transitions
 * are normalized by the statistics of today.
 */
export class Normalizer extends Module {
  /** Normalizes the agent's observations. */
  readonly observations: ObservationNorm;
  /** Normalizes the agent's rewards. */
  readonly rewards: RewardNorm;
  /** The last observation of an episode that has not ended, in each copy of the environment. */
  readonly #latest: (readonly number[] | undefined)[] = [undefined];

  /**
   * Normalizes one agent's observations and rewards, as `observationNorm` and `rewardNorm` say.
   *
   * @throws ArgumentError if the spec is not valid.
   */
  constructor(
    /** The agent's. */
    readonly spec: AgentSpec,
    settings: MaddpgSettings,
  ) {
    super();
    checkSpec('Normalizer: spec', spec);
    checkArgument('Normalizer', 'settings', settings, object);
    const { observationNorm, rewardNorm, gamma } = settings;
    this.observations = makeObservationNorm(observationNorm, spec.observationSize);
    this.rewards = makeRewardNorm(rewardNorm, gamma);
  }

  /** What it remembers of episodes that have not ended. The state dict has the statistics. */
  getState(): NormalizerState {
    const [first, ...others] = this.#latest.map((latest, copy) => ({
      latest: latest ?? null,
      return: this.rewards.currentReturns[copy] ?? 0,
    }));
    return { ...first, ...(others.length > 0 && { others }) };
  }

  /** Goes on from what `getState` returned. */
  setState(state: NormalizerState): void {
    checkState(state, { return: finite });
    const { others = [], ...first } = state;
    const copies = [first, ...others];
    this.#latest.splice(0, this.#latest.length, ...copies.map(({ latest }) => latest ?? undefined));
    const { currentReturns } = this.rewards;
    currentReturns.splice(0, currentReturns.length, ...copies.map((copy) => copy.return));
  }

  /** o [batch, obs] as the actor sees it when it acts. */
  forward(observations: Tensor): Tensor {
    return this.observations.forward(observations);
  }

  /** Moves the targets' statistics toward the current ones, as for weights. */
  updateTarget(tau: number): void {
    this.observations.updateTarget(tau);
  }

  /** Learns from a batch's o [batch, obs], at the start of an update. */
  trackBatch(observations: Tensor): void {
    checkArgument('trackBatch', 'observations', observations, aTensor);
    if (this.observations instanceof BatchNorm) {
      let largest = 0;
      for (const x of observations.data) largest = Math.max(largest, Math.abs(x));
      if (!(largest < LARGEST)) {
        throw new ArgumentError(
          `batch: ${this.spec.name}'s observations contain numbers of size ${largest}, whose variance float32 cannot hold; ` +
            `give numbers below ${LARGEST}`,
        );
      }
    }
    this.observations.trackBatch(observations);
  }

  /**
   * Learns from agent i's part of one step of the environment. Each observation of an episode counts once, including
   * the last. As in a replay memory, an episode ends where the transition says so, or where the copy's next transition begins
   * with another observation. Steps in which the agent was not live do not count.
   */
  observe(transition: Transition, i: number, copy = 0): void {
    const { observations, rewards, nextObservations, terminations, truncations = [] } = transition;
    const { live, nextLive } = transition;
    if (live && !live[i]) return;
    const sameEpisode = this.#latest[copy]?.every((value, k) => value === observations[i][k]) ?? false;
    if (!sameEpisode) {
      this.observations.observe(observations[i]);
      this.rewards.startEpisode(copy);
    }
    this.observations.observe(nextObservations[i]);
    this.rewards.observe(rewards[i], copy);
    const ended = nextLive ? !nextLive[i] : [...terminations, ...truncations].some(Boolean);
    while (this.#latest.length < copy) this.#latest.push(undefined);
    this.#latest[copy] = ended ? undefined : Array.from(nextObservations[i]);
  }
}

/**
 * The batch as the networks see it: o for the networks that learn, o' for the targets, r for the critics' targets. Changes no
 * statistics.
 */
export function normalizedBatch(batch: Batch, normalizers: readonly Normalizer[]): Batch {
  return jointBatch({
    ...batch,
    observations: normalizers.map(({ observations }, i) =>
      changeLiveRows(batch.observations[i], batch, i, (rows) =>
        // One row has no variance. If all agents are live, that is an error.
        batch.liveness && rows.shape[0] === 1 ? observations.forward(rows) : observations.forLearning(rows),
      ),
    ),
    rewards: normalizers.map(({ rewards }, i) =>
      isEverLive(batch, i) ? rewards.forward(batch.rewards[i]) : batch.rewards[i],
    ),
    nextObservations: normalizers.map(({ observations }, i) =>
      observations.forTargets(batch.nextObservations[i]),
    ),
  });
}
