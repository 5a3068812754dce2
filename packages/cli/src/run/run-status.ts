/** What a run's folder says about the run. */
export interface RunStatus {
  /** `running` is also what a process leaves that was killed. */
  readonly state: 'running' | 'finished' | 'stopped' | 'failed';
  /** Why: the signal that stopped it, or the error that it failed with. */
  readonly why?: string;
  /** Episodes, steps and updates at the last save. */
  readonly episodes: number;
  readonly steps: number;
  readonly updates: number;
  /** Episodes that there should be. */
  readonly ofEpisodes: number;
  /** How long it has trained until the last save, in seconds, evaluations in training included. Missing in earlier versions. */
  readonly seconds?: number;
}

/** The status in words, such as "stopped by SIGTERM after 858 of 20000 episodes". */
export function describeStatus(status: RunStatus, isRunning: boolean): string {
  const { state, why, episodes, ofEpisodes } = status;
  const after = `after ${episodes} of ${ofEpisodes} episodes`;
  if (state === 'finished') return `finished, ${ofEpisodes} episodes`;
  if (state === 'failed') return `failed ${after}: ${why}`;
  if (state === 'stopped') return `stopped by ${why} ${after}`;
  return isRunning ? `running; last saved ${after}` : `killed; last saved ${after}`;
}
