import { clipGradNorm } from '@paragrad/nn';
import { noGrad, type Tensor } from '@paragrad/tensor';
import { ActorCritic } from './learning/actor-critic.js';
import type { ActorReport, AgentReport, CriticReport } from './learning/algorithm.js';
import type { Batch } from './learning/batch.js';
import { bellmanTarget, tdLoss } from './learning/td-loss.js';

/**
 * MADDPG: multi-agent deep deterministic policy gradient (Lowe, Wu, Tamar, Harb, Abbeel, Mordatch: "Multi-Agent
 * Actor-Critic for Mixed Cooperative-Competitive Environments", NeurIPS 2017, arXiv 1706.02275).
 *
 * Each agent i has an actor μ_i, which sees only its own observation, and a critic Q_i, which sees what all agents observe and
 * do. Only learning needs the critic: acting is decentralized. μ'_i and Q'_i are the targets, slow copies of both. A batch
 * holds transitions (o, a, r, o') of all n agents, and x = (o_1 ... o_n) side by side:
 *
 *     o_i [batch, obs_i]    a_i [batch, act_i]    r_i [batch, 1]    o'_i [batch, obs_i]    done_i [batch, 1]
 *
 * The paper's algorithm box, and where each line is:
 *
 *     y_i = r_i + γ Q'_i(x', a'_1 ... a'_n),  a'_j = μ'_j(o'_j)                        nextActions, nextValue, target
 *     minimize  L(θ_i) = mean (Q_i(x, a_1 ... a_n) - y_i)²                             criticLoss, criticStep
 *     ascend    ∇J = mean ∇μ_i(o_i) ∇_a_i Q_i(x, a_1 ... a_i ... a_n), a_i = μ_i(o_i)  actorLoss, actorStep
 *     θ'_i <- τ θ_i + (1 - τ) θ'_i                                                     targetStep
 *
 * A step, θ <- Adam(clip(dL / dθ)), is four calls in learning/descend.ts: zeroGrad, backward into the weights of one network
 * only, clip, and the optimizer's step.
 *
 * What differs from the box:
 * 1. In an actor's loss the other agents' actions are what they would do now, not what the batch holds (as in Iqbal's
 *    maddpg-pytorch). `othersActions: 'replay'` is the paper's way.
 * 2. One batch serves all agents of an update, instead of one for each.
 * 3. The target has a factor 1 - done_i: nothing follows the end of an episode.
 * 4. Gradients are clipped, each network's as one vector. The released code (openai/maddpg) clips each parameter's by itself.
 * 5. Exploration adds annealed Gaussian noise instead of a random process N. It is not part of this class.
 */
export class Maddpg extends ActorCritic {
  /** One update from one batch: each agent's critic takes a step, then its actor; after all agents, the targets follow. */
  protected override steps(batch: Batch): AgentReport[] {
    const nextActions = this.nextActions(batch);
    const actionsInTurn = this.actionsInTurn(batch);
    const reports = this.agents.map((_, i) => {
      const actions = actionsInTurn(i); // of all agents, those before i with the weights they just learned
      return { ...this.criticStep(i, batch, nextActions), ...this.actorStep(i, batch, actions) };
    });
    this.targetStep();
    return reports;
  }

  /** a_j = μ_j(o_j), with the gradient's way back into the actor: [batch, act_j] */
  action(j: number, batch: Batch): Tensor {
    return this.agents[j].actor.network.forward(batch.observations[j]);
  }

  /** a'_j = μ'_j(o'_j) for every agent, constants: [batch, act_j] */
  nextActions(batch: Batch): Tensor[] {
    return noGrad(() => this.agents.map(({ actor }, j) => actor.target.forward(batch.nextObservations[j])));
  }

  /** Q'_i(x', a'_1 ... a'_n): [batch, 1] */
  nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    return this.agents[i].critic.target.forward(batch.nextX, nextActions, i);
  }

  /** y_i = r_i + γ (1 - done_i) Q'_i(x', a'_1 ... a'_n), a constant: [batch, 1] */
  target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const nextValue = () => this.nextValue(i, batch, nextActions);
    return bellmanTarget(batch.rewards[i], batch.terminations[i], this.settings.gamma, nextValue);
  }

  /** L_i = mean (Q_i(x, a_1 ... a_n) - y_i)² */
  criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const q = this.agents[i].critic.network.forward(batch.x, batch.actions, i);
    return tdLoss(q, this.target(i, batch, nextActions), batch);
  }

  /** θ_Qi <- Adam(clip(dL_i / dθ_Qi)) */
  criticStep(i: number, batch: Batch, nextActions: readonly Tensor[]): CriticReport {
    const { loss, gradNorm } = this.step('critic', i, batch, () => this.criticLoss(i, batch, nextActions));
    return { criticLoss: loss, criticGradNorm: gradNorm };
  }

  /**
   * -J_i = -mean Q_i(x, a_1 ... a_n) with a_i = μ_i(o_i). Its descent ascends J_i by the deterministic policy gradient
   * E[dQ_i/da_i dμ_i/dθ_i]: from Q through the critic, back to one agent's action, and on into its actor.
   */
  actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const others = this.settings.othersActions === 'replay' ? batch.actions : actions;
    // What the others do is a fact to agent i, not a choice.
    const choices = others.map((action, j) => (j === i ? actions[i] : action.detach()));
    return this.agents[i].critic.network.forward(batch.x, choices, i).mean().neg();
  }

  /** θ_μi <- Adam(clip(d(-J_i) / dθ_μi)). The gradient passes through the critic, but does not enter its weights. */
  actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { loss, gradNorm } = this.step('actor', i, batch, () => this.actorLoss(i, batch, actions));
    return { actorLoss: loss, actorGradNorm: gradNorm };
  }

  /** g <- g min(1, maxGradNorm / ‖g‖), where g is the gradient of one network, as one vector. Returns ‖g‖ before. */
  protected clip(parameters: readonly Tensor[]): number {
    return clipGradNorm(parameters, this.settings.maxGradNorm);
  }

  /** θ' <- τ θ + (1 - τ) θ', for every actor and critic */
  targetStep(): void {
    for (const network of this.withTargets) network.follow(this.settings.tau);
  }
}
