import { clipGradNorm } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { refuseSharing } from '../learning/sharing.js';
import { Maddpg } from '../maddpg.js';
import { type MaddpgSettings, onlyInTurn } from '../settings/maddpg-settings.js';
import { type AlgorithmOptions, withDefaults } from '../settings/setting.js';

/**
 * MADDPG as in the code that the authors released (github.com/openai/maddpg, maddpg/trainer/maddpg.py). It differs from
 * `Maddpg`:
 *
 * - The agents learn one after the other. Each takes the steps of its critic and its actor and moves its own targets
 *   before the next agent begins. So later agents see the new targets of earlier ones.
 * - Each parameter's gradient is clipped separately, to a norm of maxGradNorm (0.5).
 * - Choices are soft draws, and the others' actions in an actor's loss come from the batch.
 *
 * In the released code each agent also draws its own batch. Here one batch serves all agents.
 */
export class OpenaiMaddpg extends Maddpg {
  /** The settings of MADDPG, with the defaults of the released code. */
  static override readonly settings = {
    ...withDefaults(Maddpg.settings, {
      gamma: 0.95,
      tau: 0.01,
      actorLr: 0.01,
      criticLr: 0.01,
      maxGradNorm: 0.5,
      hidden: [64, 64],
      othersActions: 'replay',
      temperature: 1,
      straightThrough: false,
      logitsPenalty: 1e-3,
    }),
    ...onlyInTurn,
  };

  /**
   * MADDPG as in the code that the authors released.
   *
   * @throws ArgumentError on parameter sharing.
   */
  constructor(specs: readonly AgentSpec[], options: AlgorithmOptions<MaddpgSettings>) {
    super(specs, options);
    refuseSharing('OpenaiMaddpg', this.settings, 'each agent moves its own targets');
  }

  protected override steps(batch: Batch): AgentReport[] {
    return this.agents.map(({ actor, critic, normalizer }, i) => {
      const criticReport = this.criticStep(i, batch, this.nextActions(batch));
      const actorReport = this.actorStep(i, batch);
      for (const network of [actor, critic, normalizer]) network.updateTarget(this.settings.tau);
      return { ...criticReport, ...actorReport };
    });
  }

  protected override clip(parameters: readonly Tensor[]): number {
    const norms = parameters.map((parameter) => clipGradNorm([parameter], this.settings.maxGradNorm));
    return Math.hypot(...norms);
  }
}
