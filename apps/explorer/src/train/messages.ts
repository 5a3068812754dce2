/** What the page and the worker that trains say to each other. */
import type { CheckpointFiles, RunConfig } from '@paragrad/maddpg';
import type { MetricsUpdate } from 'paragrad/messages';
import type { Learned } from '../model/learned.js';
import type { RunFiles } from '../model/open-run.js';
import type { Picture } from '../own/own-run.js';

/** What to train. */
export interface Job {
  readonly config: RunConfig;
  /** Of a run that goes on: those of `trainingFileNames`, and metrics.csv if there is one. */
  readonly files?: RunFiles;
  /** By default one for each core but one, which the page keeps. */
  readonly threads?: number;
  /** Whether products run on the GPU where it is faster. */
  readonly gpu?: boolean;
  /** Environment steps in a second, at most. 0: none, until that changes. */
  readonly pace: number;
}

export type ToWorker =
  | { readonly kind: 'start'; readonly job: Job }
  | { readonly kind: 'pace'; readonly pace: number }
  /** Asks for the policy. */
  | { readonly kind: 'show' }
  | { readonly kind: 'save' };

/** What trains now. */
export interface Started {
  readonly kind: 'started';
  readonly config: RunConfig;
  /** The kernel set, such as `relaxed-simd`. */
  readonly kernels: string;
  /** The renderer, if the GPU was chosen, and where products run. */
  readonly gpu?: string;
  readonly threads: number;
  /** Why there are no more threads, if someone could change that. */
  readonly whyOneThread?: string;
  /** What someone should know before they wait. */
  readonly warnings: readonly string[];
}

/** How far the training is. At most a few times a second. */
export interface Progress {
  readonly kind: 'progress';
  readonly episodes: number;
  readonly ofEpisodes: number;
  readonly steps: number;
  readonly updates: number;
  /** Over the last second or two. */
  readonly stepsPerSecond: number;
  readonly updatesPerSecond: number;
  /** The new rows of metrics.csv, thinned. Missing if no episode has ended. */
  readonly metrics?: MetricsUpdate;
}

export type FromWorker =
  | Started
  | Progress
  /** What was learned so far, as files: after the first updates, and when the page asks. */
  | { readonly kind: 'policy'; readonly files: CheckpointFiles }
  /** The same as arrays. About twice a second, if there were updates. */
  | { readonly kind: 'learned'; readonly learned: Learned }
  /** The files of the run, so that it can go on elsewhere. */
  | { readonly kind: 'saved'; readonly files: RunFiles }
  /** What is played, in an environment of the reader's own: the page cannot play there. */
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** All episodes are over. */
  | { readonly kind: 'ended' }
  /** Nothing more will come. */
  | { readonly kind: 'failed'; readonly message: string };
