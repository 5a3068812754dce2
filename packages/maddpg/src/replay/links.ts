import { object } from '@paragrad/check';
import { checkState } from '../state/stateful.js';
import { bytesOfRows, RowQueue, type RowQueueState } from './row-queue.js';

/** What `Links` hold, as plain data. */
export interface LinksState {
  /** For each step, the row of the observations that it starts from. */
  readonly rows: RowQueueState<Float64Array>;
  /** Only with several copies. */
  readonly ahead?: RowQueueState<Float32Array>;
  /** The largest number of steps from one step of an episode to the next. */
  readonly gap: number;
  /** The last step of each copy of the environment. */
  readonly copies: readonly LastStep[];
}

/** Files of earlier versions: one copy, whose steps follow each other. */
export interface OldLinksState {
  /** For each step, the row of the observations that it starts from. */
  readonly rows: RowQueueState<Float64Array>;
  /** Whether the episode of the last step ended with it. */
  readonly episodeEnded: boolean;
}

/** The last step of a copy of the environment, and whether its episode went on after it. */
export interface LastStep {
  /** The index of the step; -1 if there is none. */
  readonly last: number;
  /** Whether its episode went on after it. */
  readonly goesOn: boolean;
}

/**
 * Where the observations of each step are, and which step follows it in the same episode. Steps have indices, in the order in which
 * they were added. Those of several copies of the environment come in turns, so the next step of an episode may be many steps later.
 */
export class Links {
  /** For each step, the row that holds its o. */
  readonly #rows = new RowQueue<Float64Array>(1, (length) => new Float64Array(length));
  /**
   * For each step: how many rows later its o' is, and how many steps later the next step of its episode is; 0 if there is none.
   * Only with several copies. The steps of one follow each other, and so do their rows.
   */
  #ahead: RowQueue<Float32Array> | undefined;
  readonly #copies: LastStep[] = [];
  /** The largest number of steps from one step of an episode to the next. */
  #gap = 1;

  get byteLength(): number {
    return this.#rows.byteLength + (this.#ahead?.byteLength ?? 0);
  }

  /** `byteLength` for so many steps. */
  static byteLengthOf(steps: number, dropsSteps: boolean, copies: number): number {
    return bytesOfRows(steps, dropsSteps, copies > 1 ? 16 : 8);
  }

  /** The row that holds o. */
  rowOf(step: number): number {
    return this.#rows.get(step, 0);
  }

  /** The row that holds o'. It is larger than that of every step before. */
  nextRowOf(step: number): number {
    return this.rowOf(step) + (this.#ahead ? this.#ahead.get(step, 0) : 1);
  }

  /** The next step of the same episode; -1 if there is none, or none yet. */
  following(step: number): number {
    const ahead = this.#ahead ? this.#ahead.get(step, 1) : this.#isFollowedByNext(step);
    return ahead > 0 ? step + ahead : -1;
  }

  #isFollowedByNext(step: number): number {
    return Number(step + 1 < this.#rows.end && this.rowOf(step + 1) === this.nextRowOf(step));
  }

  /** The row with the observations after the copy's last step; -1 if its episode is over, or if the row was dropped. */
  openRowOf(copy: number): number {
    const { last, goesOn } = this.#copies[copy] ?? { last: -1, goesOn: false };
    return goesOn && last >= this.#rows.begin ? this.nextRowOf(last) : -1;
  }

  /** Adds a step of a copy. It follows the copy's last one if it starts from that one's row. */
  add(copy: number, row: number, nextRow: number, goesOn: boolean): void {
    const step = this.#rows.end;
    if (copy > 0 && !this.#ahead) this.#lookAhead();
    if (row === this.openRowOf(copy)) {
      const { last } = this.#copies[copy];
      this.#ahead?.set(last, 1, step - last);
      this.#gap = Math.max(this.#gap, step - last);
    }
    this.#rows.push([row]);
    this.#ahead?.push([nextRow - row, 0]);
    while (this.#copies.length < copy) this.#copies.push({ last: -1, goesOn: false });
    this.#copies[copy] = { last: step, goesOn };
  }

  #lookAhead(): void {
    const { begin, end } = this.#rows;
    const ahead = newAhead();
    ahead.setState({ begin, blocks: [] });
    for (let step = begin; step < end; step++) ahead.push([1, this.#isFollowedByNext(step)]);
    this.#ahead = ahead;
  }

  /**
   * Drops the steps before this one. Returns the first row that is still needed: the steps that follow dropped ones start where those
   * ended, so the places of a few dropped steps stay known.
   */
  dropBefore(step: number): number {
    const first = step - this.#gap;
    if (first < 0) return 0;
    this.#rows.dropBefore(first);
    this.#ahead?.dropBefore(first);
    return this.nextRowOf(this.#rows.begin);
  }

  /** Without copying: the next step may change it. */
  getState(): LinksState {
    const rows = this.#rows.getState();
    const ahead = this.#ahead && { ahead: this.#ahead.getState() };
    return { rows, ...ahead, gap: this.#gap, copies: [...this.#copies] };
  }

  setState(state: LinksState | OldLinksState): void {
    checkState(state, { rows: object });
    this.#rows.setState(state.rows);
    const old: LastStep[] = [
      { last: this.#rows.end - 1, goesOn: 'episodeEnded' in state && !state.episodeEnded },
    ];
    const { ahead, gap = 1, copies = old } = state as Partial<LinksState>;
    this.#ahead = ahead && newAhead();
    this.#ahead?.setState(ahead!);
    this.#gap = gap;
    this.#copies.splice(0, this.#copies.length, ...copies);
  }
}

function newAhead(): RowQueue<Float32Array> {
  return new RowQueue<Float32Array>(2, (length) => new Float32Array(length));
}
