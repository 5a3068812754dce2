import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SweepSaves } from '../sweep/local-runner.js';
import type { RunEvent, Stop, SweepRunner } from '../sweep/runner.js';
import type { SweepRun } from '../sweep/sweep-file.js';
import type { SweepFolder } from '../sweep/sweep-folder.js';
import {
  attemptPath,
  idContent,
  isPublished,
  makeAttempt,
  publish,
  removeAttempts,
  sweepIn,
} from './attempts.js';
import { idOf, type JobProgress, parseJob, type RunJob, resultKeyOf, version } from './job.js';
import { unpack } from './parcel.js';
import { connect, hostOf, QUEUE } from './redis.js';

/** Milliseconds between two looks at the queue. */
const PAUSE = 500;
/** Every so many looks, jobs that are gone are added again: Redis may have lost some. */
const LONG = 20;
/** Seconds for which a collected result is remembered: a worker that was given up may still bring it. */
const REMEMBERED = 86_400;

/** Leaves the runs to the workers of a queue, and collects the results. It may end and be started again meanwhile. */
export class QueueRunner implements SweepRunner {
  readonly description: string;
  readonly workers = 1;
  readonly whenStopped = 'The workers go on with the runs in the queue, and the same command collects them.';
  readonly #open = new Map<string, OpenRun>();
  readonly #notes = new Set<string>();
  #anyFailed = false;

  constructor(
    readonly folder: SweepFolder,
    readonly url: string,
    readonly saves: SweepSaves,
  ) {
    this.description = `by the workers of Redis at ${hostOf(url)}`;
  }

  async run(runs: readonly SweepRun[], onEvent: (event: RunEvent) => void, stop: Stop): Promise<void> {
    const redis = await connect(this.url, (text) => onEvent({ type: 'note', text }));
    const queue = new Queue<RunJob>(QUEUE.name, { connection: redis, prefix: QUEUE.prefix });
    queue.on('error', () => {}); // `connect` says it
    const aborted = new Promise<void>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve());
      if (stop.signal.aborted) resolve();
    });
    try {
      // A command to a Redis that is away waits for it. A request to stop does not.
      await Promise.race([aborted, this.#runAll(queue, redis, runs, onEvent, stop)]);
      // What failed stays, to be looked at.
      if (!stop.signal.aborted && !this.#anyFailed) removeAttempts(this.folder.path);
    } finally {
      if (!stop.signal.aborted) await queue.close();
      redis.disconnect();
    }
  }

  async #runAll(
    queue: Queue<RunJob>,
    redis: Redis,
    runs: readonly SweepRun[],
    onEvent: (event: RunEvent) => void,
    stop: Stop,
  ): Promise<void> {
    const sweep = sweepIn(this.folder.path) ?? randomUUID();
    this.folder.write(...idContent(sweep));
    for (const run of runs) {
      const job: RunJob = {
        version: version(),
        sweep,
        folder: this.folder.name,
        run: run.name,
        config: run.config,
        saveEvery: this.saves.everyMinutes,
        keepState: this.saves.keepState,
      };
      parseJob(job); // what workers would refuse is an error now
      makeAttempt(this.folder.path, run.name);
      const id = idOf(job);
      this.#open.set(id, { run, job, seen: undefined, missed: 0, stalls: 0, failures: 0 });
      // It was collected once, and its folder is gone.
      if ((await redis.strlen(resultKeyOf(id))) === 0) await redis.del(resultKeyOf(id));
      // One that failed while nobody collected is tried again.
      const known = await queue.getJob(id);
      if (known && (await known.isFailed())) await known.remove();
    }
    await this.#addMissing(queue, redis);
    for (let look = 1; !stop.signal.aborted; look++) {
      const ended = await queue.getJobs(['completed', 'failed']);
      for (const job of ended) if (job?.data.sweep === sweep) await this.#end(job, redis, onEvent);
      if (this.#open.size === 0) return;
      // Delayed are those that a worker left to others, with a note.
      this.#report(await queue.getJobs(['active', 'delayed']), onEvent);
      if (look % LONG === 0) await this.#addMissing(queue, redis);
      await setTimeout(PAUSE);
    }
  }

  /** Adds the jobs that the queue does not have. One that it has is not added twice, because it has the same id. */
  async #addMissing(queue: Queue<RunJob>, redis: Redis): Promise<void> {
    const missing = [];
    for (const [jobId, { job }] of this.#open) {
      if ((await redis.exists(queue.toKey(jobId))) === 0)
        missing.push({ name: 'run', data: job, opts: { jobId, attempts: 2 } });
    }
    if (missing.length > 0) await queue.addBulk(missing);
  }

  /** Collects a job that has ended, and removes it from the queue. */
  async #end(job: Job<RunJob>, redis: Redis, onEvent: (event: RunEvent) => void): Promise<void> {
    const id = job.id!;
    const run = this.#open.get(id)?.run.name; // missing if the result is in place already
    if (run !== undefined) {
      if (job.failedReason && !job.returnvalue) {
        this.#anyFailed = true;
        onEvent({ type: 'failed', run, why: job.failedReason, again: false });
        this.#open.delete(id);
      } else if (await this.#collect(id, run, redis)) {
        await redis.set(resultKeyOf(id), '', 'EX', REMEMBERED);
        onEvent({ type: 'finished', run });
        this.#open.delete(id);
      } else {
        await redis.del(resultKeyOf(id));
        onEvent({ type: 'interrupted', run, why: 'it ended, but its result is missing' }); // and is added again
      }
    } else {
      await redis.del(resultKeyOf(id));
    }
    await job.remove();
  }

  /** Puts a result into place. Returns false if there is none. */
  async #collect(jobId: string, run: string, redis: Redis): Promise<boolean> {
    const { path } = this.folder;
    if (isPublished(path, run)) return true; // a shared folder
    const bytes = await redis.getBuffer(resultKeyOf(jobId));
    if (!bytes?.length) return false;
    const attempt = attemptPath(path, run, `received-${randomUUID()}`);
    unpack(bytes, attempt);
    publish(attempt, path, run);
    return true;
  }

  /** Says what changed since the last look. */
  #report(present: readonly Job<RunJob>[], onEvent: (event: RunEvent) => void): void {
    const jobs = new Map(present.map((job) => [job?.id, job]));
    for (const [id, one] of this.#open) {
      const run = one.run.name;
      const job = jobs.get(id);
      if (job && job.attemptsMade > one.failures) {
        onEvent({ type: 'failed', run, why: job.failedReason ?? 'no reason is known', again: true });
        Object.assign(one, { failures: job.attemptsMade, seen: undefined });
      }
      // It may just have ended. Then the next look collects it.
      one.missed = job ? 0 : one.missed + 1;
      if (one.seen && (one.missed > 1 || (job && job.stalledCounter > one.stalls))) {
        onEvent({ type: 'interrupted', run, why: `${one.seen} does not go on with it` });
        one.seen = undefined;
      }
      if (!job) continue;
      one.stalls = job.stalledCounter;
      this.#progress(one, job.progress as Partial<JobProgress>, onEvent);
    }
  }

  #progress(one: OpenRun, progress: Partial<JobProgress>, onEvent: (event: RunEvent) => void): void {
    const { type, where, text, episodes = 0, from = 0 } = progress;
    const run = one.run.name;
    if (where === undefined) return;
    if (type === 'note') {
      const line = `${where}: ${text}`;
      if (!this.#notes.has(line)) onEvent({ type: 'note', run, text: line });
      this.#notes.add(line);
      return;
    }
    if (one.seen !== where) onEvent({ type: 'began', run, episodes: from, where });
    if (episodes !== from) onEvent({ type: 'episodes', run, episodes });
    one.seen = where;
  }
}

/** A run that is not collected yet. */
interface OpenRun {
  readonly run: SweepRun;
  readonly job: RunJob;
  /** The worker that trained it at the last look. */
  seen: string | undefined;
  /** Looks since it was last trained. */
  missed: number;
  /** How often it was taken over, and how often it failed. */
  stalls: number;
  failures: number;
}
