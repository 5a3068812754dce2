/** One update of MADDPG on one batch, taken apart into its phases while the real code runs. */
import {
  type ActorReport,
  type Batch,
  type CriticReport,
  type Maddpg,
  type RunConfig,
  zeroWhereAbsent,
} from '@paragrad/maddpg';
import { noGrad, scope, type Tensor } from '@paragrad/tensor';
import { copyWith } from './copy.js';
import type { MaddpgClass, Mistake } from './mistakes.js';
import { type Look, type Phase, Recorder } from './recorder.js';
import type { Weights } from './weights.js';

export interface UpdateSteps {
  /** The weights before the first step. */
  readonly start: Weights;
  readonly phases: readonly Phase[];
  /** What the algorithm itself reports of the update. */
  readonly reports: ReturnType<Maddpg['update']>;
}

/** Rows of the batch whose values are shown. */
const ROWS = 4;

/** Why the update of an algorithm cannot be shown in phases; undefined if it can. */
export function whyNoSteps({
  algorithm,
  settings,
}: Pick<RunConfig, 'algorithm' | 'settings'>): string | undefined {
  if (settings.updates === 'together') {
    return "This run's agents take their steps together. This view shows updates in which they learn in turn.";
  }
  if (algorithm === 'maddpg' || algorithm === 'matd3') return undefined;
  return `${algorithm} takes its steps in another order than MADDPG. This view shows the updates of maddpg and of matd3.`;
}

/** Takes one update of a copy of the algorithm. The algorithm itself stays as it is. */
export function stepThrough(algorithm: Maddpg, batch: Batch, mistakes: readonly Mistake[] = []): UpdateSteps {
  const recorder = new Recorder();
  const copy = copyWith(algorithm, mistakes, (Class) => recorded(Class, recorder));
  const reports = copy.update(batch);
  return { start: recorder.start, phases: recorder.phases, reports };
}

/** The class, telling the recorder what it does. It computes what it would compute without. */
function recorded(Class: MaddpgClass, recorder: Recorder): MaddpgClass {
  return class Recorded extends Class {
    /** Where the generators were when each agent's action was computed: choices are drawn. */
    readonly #draws: ReturnType<Maddpg['getState']>[] = [];
    #isLooking = false;

    protected override steps(batch: Batch) {
      recorder.begin(this); // by now the batch's statistics are known
      return super.steps(batch);
    }

    override criticStep(i: number, batch: Batch, nextActions: readonly Tensor[]): CriticReport {
      const look = () => this.#look(() => this.#lookAtCritic(i, batch, nextActions));
      const run = () => super.criticStep(i, batch, nextActions);
      return recorder.step('critic', i, run, ({ criticLoss }) => criticLoss, look);
    }

    override actorStep(
      i: number,
      batch: Batch,
      actions: readonly Tensor[] = this.actions(batch),
    ): ActorReport {
      const look = () => this.#look(() => this.#lookAtActor(i, batch));
      const run = () => super.actorStep(i, batch, actions);
      return recorder.step('actor', i, run, ({ actorLoss }) => actorLoss, look);
    }

    override action(j: number, batch: Batch): Tensor {
      if (!this.#isLooking) this.#draws[j] = this.getState();
      return super.action(j, batch);
    }

    protected override clip(parameters: readonly Tensor[]): number {
      return recorder.clip(parameters, () => super.clip(parameters));
    }

    override targetStep(): void {
      recorder.targets(() => super.targetStep());
    }

    /** Computes something and leaves no trace. */
    #look(compute: () => Look): Look {
      const state = this.getState();
      this.#isLooking = true;
      try {
        return scope(() => noGrad(compute));
      } finally {
        this.#isLooking = false;
        this.setState(state);
      }
    }

    #lookAtCritic(i: number, given: Batch, nextActions: readonly Tensor[]): Look {
      const batch = silent(given);
      const q = this.agents[i].critic.network.forward(batch.x, batch.actions, i);
      const y = this.target(i, batch, nextActions);
      const loss = this.criticLoss(i, batch, nextActions).item();
      const rows = firstRows(q).map((value, row) => ({
        q: value,
        reward: batch.rewards[i].data[row],
        done: batch.terminations[i].data[row],
        target: y.data[row],
      }));
      return { loss, meanQ: q.mean().item(), rows };
    }

    #lookAtActor(i: number, batch: Batch): Look {
      const actions = this.agents.map((_, j) => {
        this.setState(this.#draws[j]); // the same draws as in the step
        return zeroWhereAbsent(this.action(j, batch), batch, j);
      });
      const loss = this.penalized(i, batch, this.actorLoss(i, batch, actions)).item();
      const others = this.settings.othersActions === 'replay' ? batch.actions : actions;
      const q = this.agents[i].critic.network.forward(batch.x, others.with(i, actions[i]), i);
      const { data, shape } = actions[i];
      const rows = firstRows(q).map((value, row) => ({
        q: value,
        action: Array.from(data.subarray(row * shape[1], (row + 1) * shape[1])),
      }));
      return { loss, meanQ: q.mean().item(), rows };
    }
  };
}

function firstRows({ data }: Tensor): number[] {
  return Array.from(data.subarray(0, ROWS));
}

/** The batch, but a prioritized memory hears nothing of what is only looked at. */
function silent(batch: Batch): Batch {
  return batch.priority ? { ...batch, priority: { ...batch.priority, report: () => {} } } : batch;
}
