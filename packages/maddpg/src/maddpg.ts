import { clipGradNorm } from '@paragrad/nn';
import { noGrad, type Tensor } from '@paragrad/tensor';
import { AgentSteps } from './learning/agent-steps.js';
import type { ActorReport, AgentReport, CriticReport } from './learning/algorithm.js';
import type { Batch } from './learning/batch.js';
import { meanWhileLive, nextState } from './learning/liveness.js';
import { bellmanTarget, tdLoss } from './learning/td-loss.js';

/**
 * MADDPG: multi-agent deep deterministic policy gradient (Lowe, Wu, Tamar, Harb, Abbeel, Mordatch: "Multi-Agent
 * Actor-Critic for Mixed Cooperative-Competitive Environments", NeurIPS 2017, arXiv 1706.02275).
 *
 * Each agent i has two networks. The actor μ_i sees only the agent's own observation. The critic Q_i sees the
 * observations and actions of all agents. Critics are needed only for learning; to act, an agent needs only its actor.
 * The targets μ'_i and Q'_i are slowly moving copies of both. A batch holds transitions (o, a, r, o', done) of all n
 * agents: o' is the next observation, and done is 1 if the episode terminated there (a time limit is no termination).
 * The joint observation x = (o_1 ... o_n) has all observations side by side. The letters are those of the paper, except that
 * it counts agents by k and samples by j. Here j counts agents, and a mean is over the samples.
 *
 *     o_i [batch, obs_i]    a_i [batch, act_i]    r_i [batch, 1]    o'_i [batch, obs_i]    done_i [batch, 1]
 *
 * The paper's algorithm box, and the methods for each line:
 *
 *     y_i = r_i + γ Q'_i(x', a'_1 ... a'_n),  a'_j = μ'_j(o'_j)                        nextActions, nextValue, target
 *     minimize  L_i = mean (Q_i(x, a_1 ... a_n) - y_i)²                                criticLoss, criticStep
 *     ascend    J_i = mean Q_i(x, a_1 ... a_i ... a_n),  a_i = μ_i(o_i)                actorLoss, actorStep
 *     θ' <- τ θ + (1 - τ) θ'  for the weights θ of each network                        targetStep
 *
 * criticStep and actorStep call `step`, which runs `descend` (learning/descend.ts): zeroGrad, backward into the weights of
 * one network only, clip, and the step of Adam.
 *
 * Differences from the box:
 * 1. An actor's loss uses the actions that the other agents' actors would take now, as in Iqbal's maddpg-pytorch. The
 *    paper uses their actions in the batch: set `othersActions: 'replay'` for that.
 * 2. All agents learn from the same batch. In the paper each agent draws its own.
 * 3. The target has a factor 1 - done_i: there are no rewards after the end of an episode.
 * 4. Each network's gradient is clipped, as one vector. The released code (openai/maddpg) clips each parameter separately.
 * 5. Exploration is Gaussian noise instead of the paper's random process. Exploration is not part of this class.
 * 6. If actions are discrete, the actor's loss gets a small penalty on its logits, as in the released code, and μ_i draws
 *    by Gumbel-softmax (learning/logits-penalty.ts, networks/actor.ts). The setting `actionPenalty` is for numbers in actions.
 * 7. Agents may end early or appear late. A mean is over the rows in which agent i was live (learning/liveness.ts).
 * 8. With `updates: 'together'` no agent waits for the one before it: all critics take a step, then all actors. Agents of one
 *    shape are computed at once: i is then a group of them, with tensors [agents, batch, ...] (learning/agent-steps.ts).
 * 9. With `valueRescaling` a critic learns h(Q_i), and not Q_i, so that small values count more (learning/value-rescaling.ts).
 */
export class Maddpg extends AgentSteps {
  static override readonly stacksAgents: boolean = true; // difference 8

  /** One update from one batch: steps of all critics and actors. At the end the targets move. */
  protected override steps(batch: Batch): AgentReport[] {
    const together = this.settings.updates === 'together';
    const reports = together ? this.stepsTogether(batch) : this.stepsInTurn(batch);
    this.targetStep();
    return reports;
  }

  /** For each agent the critic takes a step, then the actor. */
  protected stepsInTurn(batch: Batch): AgentReport[] {
    const nextActions = this.nextActions(batch);
    const actionsInTurn = this.actionsInTurn(batch);
    return this.agents.map((_, i) => {
      const actions = actionsInTurn(i); // of all agents; the actors before i have already taken their steps
      const criticReport = this.criticStep(i, batch, nextActions);
      const actorReport = this.actorStep(i, batch, actions);
      return { ...criticReport, ...actorReport };
    });
  }

  /** a_j = μ_j(o_j): [batch, act_j]. Gradients flow back into the actor. */
  action(j: number, batch: Batch): Tensor {
    return this.agents[j].actor.network.forward(batch.observations[j]);
  }

  /** a'_j = μ'_j(o'_j) for every agent j: [batch, act_j] each. Constants: no gradient flows back. */
  nextActions(batch: Batch): Tensor[] {
    return noGrad(() => this.agents.map(({ actor }, j) => actor.target.forward(batch.nextObservations[j])));
  }

  /** Q'_i(x', a'_1 ... a'_n): [batch, 1]. A critic takes i as an argument, because it can serve several agents. */
  nextValue(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const { x, actions } = nextState(batch, nextActions, i);
    return this.agents[i].critic.target.forward(x, actions, i);
  }

  /** y_i = r_i + γ (1 - done_i) Q'_i(x', a'_1 ... a'_n): [batch, 1]. A constant: it is computed without gradients. */
  target(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const nextValue = () => this.nextValue(i, batch, nextActions);
    return bellmanTarget(batch.rewards[i], batch.terminations[i], this.settings, nextValue);
  }

  /** L_i = mean (Q_i(x, a_1 ... a_n) - y_i)² */
  criticLoss(i: number, batch: Batch, nextActions: readonly Tensor[]): Tensor {
    const q = this.agents[i].critic.network.forward(batch.x, batch.actions, i);
    return tdLoss(q, this.target(i, batch, nextActions), batch, i);
  }

  /** θ_Qi <- Adam(clip(dL_i / dθ_Qi)) */
  criticStep(i: number, batch: Batch, nextActions: readonly Tensor[]): CriticReport {
    const { loss, gradNorm } = this.step('critic', i, batch, () => this.criticLoss(i, batch, nextActions));
    return { criticLoss: loss, criticGradNorm: gradNorm };
  }

  /**
   * -J_i = -mean Q_i(x, a_1 ... a_n) with a_i = μ_i(o_i). To descend it is to ascend J_i by the deterministic policy
   * gradient, mean dQ_i/da_i dμ_i/dθ_μi. It flows through the critic to the agent's own action, and on into its actor.
   */
  actorLoss(i: number, batch: Batch, actions: readonly Tensor[] = this.actions(batch)): Tensor {
    const others = this.settings.othersActions === 'replay' ? batch.actions : actions;
    // Agent i does not control the others: no gradient flows into their actions.
    const jointAction = others.map((action, j) => (j === i ? actions[i] : action.detach()));
    const q = this.agents[i].critic.network.forward(batch.x, jointAction, i);
    return meanWhileLive(q, batch, i).neg();
  }

  /** θ_μi <- Adam(clip(d(-J_i) / dθ_μi)). The gradient passes through the critic, but only the actor's weights receive it. */
  actorStep(i: number, batch: Batch, actions?: readonly Tensor[]): ActorReport {
    const { loss, gradNorm } = this.step('actor', i, batch, () => this.actorLoss(i, batch, actions));
    return { actorLoss: loss, actorGradNorm: gradNorm };
  }

  /** g <- g min(1, maxGradNorm / ‖g‖), where g is the gradient of one network as one vector. Returns ‖g‖ before clipping. */
  protected clip(parameters: readonly Tensor[]): number {
    return clipGradNorm(parameters, this.settings.maxGradNorm);
  }

  /** θ' <- τ θ + (1 - τ) θ', for every actor and critic */
  targetStep(): void {
    for (const network of this.networksWithTargets) network.updateTarget(this.settings.tau);
  }
}
