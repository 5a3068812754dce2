/** What the server of `watch` tells its page: a `RunUpdate` in each event. */
import type { RunConfig } from '@paragrad/maddpg';

/** A row of numbers for each column's name; null where there is none. */
export type Row = readonly (number | null)[];

/** What is new of a run. What is missing has not changed. */
export interface RunUpdate {
  /** The run's number on this server, from 0. */
  readonly run: number;
  readonly name?: string;
  readonly config?: RunConfig;
  readonly state?: RunState;
  readonly metrics?: MetricsUpdate;
  /** All of evaluations.csv. */
  readonly evaluations?: { readonly columns: readonly string[]; readonly rows: readonly Row[] };
  /** When the checkpoint was written, in milliseconds since 1970. */
  readonly checkpoint?: number;
}

export interface RunState {
  readonly state: 'running' | 'finished' | 'stopped' | 'failed' | 'killed' | 'unreadable';
  /** Why it ended, or cannot be read. */
  readonly why?: string;
  readonly episodes: number;
  readonly ofEpisodes: number;
  /** Missing if it is not known. */
  readonly secondsLeft?: number;
}

/** metrics.csv, with the means of `size` neighboring episodes in a row. */
export interface MetricsUpdate {
  readonly columns: readonly string[];
  readonly size: number;
  /** The index of the first row here. It and all later rows replace what was known. */
  readonly from: number;
  readonly rows: readonly Row[];
  /** The last line of the file, as it is. */
  readonly newest: Row;
}
