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
import { idOf, type JobProgress, type RunJob, resultKeyOf, version } from './job.js';
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
  readonly #open = new Map<
    string,
    { run: SweepRun; job: RunJob; seen: string | undefined; stalls: number }
  >();
  #notes = new Set<string>();

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
      if (!stop.signal.aborted) removeAttempts(this.folder.path);
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
      makeAttempt(this.folder.path, run.name);
      const id = idOf(job);
      this.#open.set(id, { run, job, seen: undefined, stalls: 0 });
      // One that failed in an earlier call of the command is tried again.
      const known = await queue.getJob(id);
      if (known && (await known.isFailed())) await known.remove();
    }
    await this.#addMissing(queue, redis);
    for (let look = 1; this.#open.size > 0 && !stop.signal.aborted; look++) {
      const ended = (await queue.getJobs(['completed', 'failed'])).filter(
        (job) => job?.id && this.#open.has(job.id),
      );
      for (const job of ended) await this.#end(job, redis, onEvent);
      this.#report(await queue.getJobs(['active']), onEvent);
      if (look % LONG === 0) await this.#addMissing(queue, redis);
      if (this.#open.size > 0) await setTimeout(PAUSE);
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

  async #end(job: Job<RunJob>, redis: Redis, onEvent: (event: RunEvent) => void): Promise<void> {
    const { run } = this.#open.get(job.id!)!;
    if (await job.isFailed()) {
      onEvent({ type: 'failed', run: run.name, why: job.failedReason, again: false });
      this.#open.delete(job.id!);
      return;
    }
    if (!(await job.isCompleted())) return;
    if (await this.#collect(job.id!, run.name, redis)) {
      this.#open.delete(job.id!);
      onEvent({ type: 'finished', run: run.name });
    } else {
      onEvent({ type: 'interrupted', run: run.name, why: 'it ended, but its result is missing' });
    }
    await job.remove(); // without a result, it is added again
    await redis.set(resultKeyOf(job.id!), '', 'EX', REMEMBERED);
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
  #report(active: readonly Job<RunJob>[], onEvent: (event: RunEvent) => void): void {
    const jobs = new Map(active.map((job) => [job?.id, job]));
    for (const [id, one] of this.#open) {
      const run = one.run.name;
      const job = jobs.get(id);
      const progress = job?.progress as JobProgress | undefined;
      if (!job || job.stalledCounter > one.stalls) {
        if (one.seen) onEvent({ type: 'interrupted', run, why: `${one.seen} does not go on with it` });
        one.seen = undefined;
        one.stalls = job?.stalledCounter ?? one.stalls;
        if (!job) continue;
      }
      if (!progress?.where) continue;
      if (progress.type === 'note') {
        const text = `${progress.where}: ${progress.text}`;
        if (!this.#notes.has(text)) onEvent({ type: 'note', run, text });
        this.#notes.add(text);
        continue;
      }
      const { where, episodes = 0 } = progress;
      onEvent(
        one.seen === where ? { type: 'episodes', run, episodes } : { type: 'began', run, episodes, where },
      );
      one.seen = where;
    }
  }
}
