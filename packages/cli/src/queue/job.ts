/** A run as a job of the queue: plain data, checked by whoever reads it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  above0,
  type Check,
  checkOptions,
  type OptionChecks,
  object,
  text,
  trueOrFalse,
} from '@paragrad/check';
import { parseConfig, type RunConfig } from '@paragrad/maddpg';

export interface RunJob {
  /** Of this program: another one may compute other numbers. */
  readonly version: string;
  /** The sweep that the run belongs to. `queue.json` in the sweep's folder has the same one. */
  readonly sweep: string;
  /** The name of the sweep's folder, without the path. */
  readonly folder: string;
  /** The name of the run's folder in it. */
  readonly run: string;
  readonly config: RunConfig;
  readonly saveEvery: number;
  readonly keepState: boolean;
}

/** What a job's progress says. */
export interface JobProgress {
  readonly type: 'began' | 'episodes' | 'note';
  readonly where: string;
  readonly episodes?: number;
  /** Episodes after which this attempt went on. */
  readonly from?: number;
  readonly text?: string;
}

/** The name of a folder: no path leads out of the folder that it is in. */
const aName: Check<string> = {
  inWords: 'the name of a folder, from letters, digits and . , = + - _',
  accepts: (value): value is string =>
    typeof value === 'string' && /^[\w=][\w.,=+-]*$/.test(value) && value.length <= 200,
};
const anId: Check<string> = {
  inWords: 'an id, from letters, digits and -',
  accepts: (value): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
};

const checks: OptionChecks<RunJob> = {
  version: text,
  sweep: anId,
  folder: aName,
  run: aName,
  config: object as Check<RunConfig>,
  saveEvery: above0,
  keepState: trueOrFalse,
};

/** A job's data, checked like a configuration file. */
export function parseJob(data: unknown): RunJob {
  const given = data as RunJob;
  checkOptions('the job', given, checks, Object.keys(checks) as (keyof RunJob)[]);
  return { ...given, config: parseConfig(JSON.stringify(given.config), `the job ${given.run}`) };
}

/** The same job has the same id: it is in the queue once, whoever adds it how often. */
export function idOf({ sweep, run, config }: RunJob): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([run, config]))
    .digest('hex')
    .slice(0, 24);
  return `${sweep}-${digest}`;
}

/** Where the result of a run is if it could not be left in a shared folder. */
export function resultKeyOf(jobId: string): string {
  return `paragrad:result:${jobId}`;
}

export function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
