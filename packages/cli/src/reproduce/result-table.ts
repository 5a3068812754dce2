import type { RunOptions } from '@paragrad/maddpg';
import type { SweepOptions } from '../sweep/sweep-file.js';

/** A table of docs/results.md: what is trained for it, and what it shows. */
export interface ResultTable {
  /** In commands and in the names of files, such as cooperative-navigation. */
  readonly name: string;
  readonly title: string;
  /** What the scenario is and what is measured, in Markdown. */
  readonly about: string;
  /** The runs. Each entry of `list` is a row, and its name is the name of the row. All are of one scenario. */
  readonly sweep: Omit<SweepOptions, 'list' | 'grid' | 'random'> & {
    readonly list: readonly (RunOptions & { readonly name: string })[];
  };
  /** The columns beside the mean return, by the name of the metric. */
  readonly measures: readonly string[];
  /** The row from which each other one differs in one setting. Such a table compares settings, not algorithms. */
  readonly base?: string;
  /** Rows that keep a trained run in results/policies: the one with the median return. */
  readonly kept?: readonly string[];
  /** A short version with one seed, for `paragrad reproduce --quick`. */
  readonly quick?: {
    /** What differs from the table's runs. */
    readonly run: RunOptions;
    /** What is compared: a measure, or `way`. */
    readonly measure: string;
    /** For each row of the short version, the least that a learner without mistakes reaches. */
    readonly atLeast: Readonly<Record<string, number>>;
  };
  /** Whether the teams of all rows play against those of all others, and against scripted players. */
  readonly crossPlay?: {
    /** The measures that get a picture with all pairs. */
    readonly drawn: readonly string[];
  };
}
