import { clipGradNorm } from '@paragrad/nn';
import { scope, type Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../agent-spec.js';
import type { Batch } from '../batch.js';
import { type AgentReport, Maddpg, type MaddpgOptions } from '../maddpg.js';
import type { MaddpgSettings } from '../settings.js';
import { refuseSharing } from '../sharing.js';

/**
 * MADDPG as the authors released it (github.com/openai/maddpg, maddpg/trainer/maddpg.py), where that is not what the paper says:
 *
 * - Each agent makes its critic's step, its actor's, and then moves its own targets, before the next agent begins: so agents
 *   in order meet newer targets of those before.
 * - A network's gradient is clipped parameter by parameter, each to a norm of maxGradNorm, 0.5.
 * - Choices are drawn softly, and the others' actions are those of the batch.
 *
 * The release also draws a batch of its own for each agent. Here one batch serves all.
 */
export class OpenaiMaddpg extends Maddpg {
  static override readonly defaults: MaddpgSettings = {
    ...Maddpg.defaults,
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
  };

  constructor(specs: readonly AgentSpec[], options: MaddpgOptions) {
    super(specs, options);
    refuseSharing('OpenaiMaddpg', this.settings, 'each agent moves targets of its own');
  }

  override update(met: Batch): AgentReport[] {
    return scope(() => {
      const batch = this.prepare(met);
      this.updates += 1;
      return this.agents.map((agent, i) =>
        scope(() => {
          const critic = this.criticStep(i, batch, this.nextActions(batch));
          const actor = this.actorStep(i, batch);
          this.targetStep([agent]);
          return { ...critic, ...actor };
        }),
      );
    });
  }

  protected override clip(parameters: readonly Tensor[]): number {
    const norms = parameters.map((parameter) => clipGradNorm([parameter], this.settings.maxGradNorm));
    return Math.hypot(...norms);
  }
}
