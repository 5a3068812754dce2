import { clipGradNorm } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import type { AgentReport } from '../learning/algorithm.js';
import type { Batch } from '../learning/batch.js';
import { refuseSharing } from '../learning/sharing.js';
import { Maddpg } from '../maddpg.js';
import type { MaddpgSettings } from '../settings/maddpg-settings.js';
import { type Options, withDefaults } from '../settings/setting.js';

/**
 * MADDPG as the authors released it (github.com/openai/maddpg, maddpg/trainer/maddpg.py), where that is not what the paper says:
 *
 * - Each agent makes its critic's step and its actor's, and then moves its own targets, before the next agent begins. So later
 *   agents see the newer targets of those before.
 * - A network's gradient is clipped parameter by parameter, each to a norm of maxGradNorm, 0.5.
 * - Choices are drawn softly, and the others' actions are those of the batch.
 *
 * The release also draws a batch of its own for each agent. Here one batch serves all.
 */
export class OpenaiMaddpg extends Maddpg {
  static override readonly settings = withDefaults(Maddpg.settings, {
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
  });

  constructor(specs: readonly AgentSpec[], options: Options<MaddpgSettings>) {
    super(specs, options);
    refuseSharing('OpenaiMaddpg', this.settings, 'each agent moves targets of its own');
  }

  protected override steps(batch: Batch): AgentReport[] {
    return this.agents.map(({ actor, critic, normalizer }, i) => {
      const criticReport = this.criticStep(i, batch, this.nextActions(batch));
      const actorReport = this.actorStep(i, batch);
      for (const network of [actor, critic, normalizer]) network.follow(this.settings.tau);
      return { ...criticReport, ...actorReport };
    });
  }

  protected override clip(parameters: readonly Tensor[]): number {
    const norms = parameters.map((parameter) => clipGradNorm([parameter], this.settings.maxGradNorm));
    return Math.hypot(...norms);
  }
}
