import { Learner, type Maddpg } from '@paragrad/maddpg';
import { gradNorm } from '@paragrad/nn';
import type { Tensor } from '@paragrad/tensor';
import {
  type Change,
  distancesMoved,
  distancesToTargets,
  type NetworkChange,
  type Weights,
  weightsOf,
} from './weights.js';

export type Of = 'critic' | 'actor';

/** A part of an update. The last one, the targets' step, is of no network and of no agent. */
export interface Phase {
  readonly kind: 'gradient' | 'clip' | 'step' | 'targets';
  readonly of?: Of;
  readonly agent?: number;
  readonly loss?: Change;
  /** Of the whole gradient that is used in this step. */
  readonly gradNorm?: Change;
  /** What clipping multiplies the gradient by. */
  readonly factor?: number;
  /** Of Q_i, over the batch. */
  readonly meanQ?: Change;
  /** Of each network: the norm of its gradient, how far it moved (`step`), or how far it is from its target (`targets`). */
  readonly networks: readonly NetworkChange[];
  readonly rows: readonly Row[];
  /** All weights after the phase. */
  readonly weights: Weights;
}

/** What one row of the batch says, before and after the phase. */
export interface Row {
  /** Q_i of the actions of the batch in a critic's phase, and of what the actors do now in an actor's. */
  readonly q: readonly [before: number, after: number];
  /** In a critic's phase: r_i, done_i and y_i. */
  readonly reward?: number;
  readonly done?: number;
  readonly target?: number;
  /** In an actor's phase: a_i. */
  readonly action?: readonly [before: readonly number[], after: readonly number[]];
}

/** What is looked at before and after a step. */
export interface Look {
  readonly loss: number;
  readonly meanQ: number;
  readonly rows: readonly (Omit<Row, 'q' | 'action'> & {
    readonly q: number;
    readonly action?: readonly number[];
  })[];
}

/** Collects the phases of an update while it runs. */
export class Recorder {
  readonly phases: Phase[] = [];
  /** The weights before the first step. */
  start: Weights = new Map();
  #algorithm!: Maddpg;
  #weights!: Weights;
  /** The networks by each of their parameters. */
  readonly #networkOf = new Map<Tensor, string>();
  /** The gradients that were clipped in this step. */
  #gradients: NetworkChange[] = [];

  begin(algorithm: Maddpg): void {
    this.#algorithm = algorithm;
    this.start = weightsOf(algorithm);
    this.#weights = this.start;
    for (const [owner, parts] of algorithm.namedParts()) {
      for (const [name, part] of Object.entries(parts)) {
        if (!(part instanceof Learner)) continue;
        for (const parameter of part.optimizer.parameters) {
          if (!this.#networkOf.has(parameter)) this.#networkOf.set(parameter, `${owner}.${name}`);
        }
      }
    }
  }

  /** Clips, and notes the norm of each network's gradient before and after. */
  clip(parameters: readonly Tensor[], clip: () => number): number {
    const names = [...new Set(parameters.map((parameter) => this.#networkOf.get(parameter)!))];
    const norms = () =>
      names.map((name) => gradNorm(parameters.filter((one) => this.#networkOf.get(one) === name)));
    const before = norms();
    const norm = clip();
    const after = norms();
    names.forEach((network, k) => {
      this.#gradients.push({ network, change: [before[k], after[k]] });
    });
    return norm;
  }

  /** The three phases of a step. `look` says what the loss, Q and the rows are at that time; `lossOf` what the step itself says. */
  step<Report>(
    of: Of,
    agent: number,
    run: () => Report,
    lossOf: (report: Report) => number,
    look: () => Look,
  ): Report {
    this.#gradients = [];
    const before = look();
    const report = run();
    const gradients = this.#gradients;
    if (gradients.length === 0) return report; // an actor of MATD3 that waits
    const loss = lossOf(report);
    const [full, clipped] = [0, 1].map((k) => Math.hypot(...gradients.map(({ change }) => change[k]!)));
    const unmoved = { of, agent, rows: rowsOf(before, before), weights: this.#weights };
    this.#weights = weightsOf(this.#algorithm, unmoved.weights);
    const after = look();
    this.phases.push(
      {
        ...unmoved,
        kind: 'gradient',
        loss: [null, loss],
        gradNorm: [null, full],
        networks: gradients.map(({ network, change }) => ({ network, change: [null, change[0]] })),
      },
      {
        ...unmoved,
        kind: 'clip',
        gradNorm: [full, clipped],
        factor: full === 0 ? 1 : clipped / full,
        networks: gradients,
      },
      {
        ...{ of, agent },
        kind: 'step',
        loss: [before.loss, after.loss],
        meanQ: [before.meanQ, after.meanQ],
        networks: distancesMoved(unmoved.weights, this.#weights),
        rows: rowsOf(before, after),
        weights: this.#weights,
      },
    );
    return report;
  }

  /** The targets' step. */
  targets(run: () => void): void {
    const before = this.#weights;
    run();
    this.#weights = weightsOf(this.#algorithm, before);
    this.phases.push({
      kind: 'targets',
      networks: distancesToTargets(before, this.#weights),
      rows: [],
      weights: this.#weights,
    });
  }
}

function rowsOf(before: Look, after: Look): Row[] {
  return before.rows.map(({ q, action, ...row }, k) => {
    const later = after.rows[k];
    return { ...row, q: [q, later.q], ...(action && later.action && { action: [action, later.action] }) };
  });
}
