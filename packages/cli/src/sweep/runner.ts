import type { StopReason } from '../training/stop-request.js';
import type { SweepRun } from './sweep-file.js';

/** What happens to a run. */
export type RunEvent =
  /** It begins, or goes on after so many episodes. `where`: the machine, if it is not this one. */
  | { readonly type: 'began'; readonly run: string; readonly episodes: number; readonly where?: string }
  | { readonly type: 'episodes'; readonly run: string; readonly episodes: number }
  | { readonly type: 'finished'; readonly run: string }
  /** `again`: it is tried once more. */
  | { readonly type: 'failed'; readonly run: string; readonly why: string; readonly again: boolean }
  /** It waits for another turn: stopped, or its worker is gone. */
  | { readonly type: 'interrupted'; readonly run: string; readonly why?: string }
  /** For people: about a run, or about the runner itself. */
  | { readonly type: 'note'; readonly run?: string; readonly text: string };

/** A request to stop, which may come at any time. */
export interface Stop {
  readonly signal: AbortSignal;
  readonly reason: StopReason | undefined;
}

/**
 * Trains runs somewhere, and leaves their folders in the sweep's folder. Which one does it changes no number. Returns when all are
 * finished or have failed, or soon after a request to stop.
 */
export interface SweepRunner {
  /** In words, such as "2 processes". */
  readonly description: string;
  /** How many runs train at the same time, as far as it is known. */
  readonly workers: number;
  /** What becomes of the runs if it is stopped, in words. */
  readonly whenStopped: string;
  run(runs: readonly SweepRun[], onEvent: (event: RunEvent) => void, stop: Stop): Promise<void>;
}
