import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { useRunKernels } from '@paragrad/maddpg';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { RunPool } from '../sweep/pool.js';
import { StopRequest } from '../training/stop-request.js';
import { defaultSaves } from '../training/training-loop.js';
import { attemptPath, attemptsAt, isPublished, publish, sweepIn } from './attempts.js';
import { type JobProgress, parseJob, type RunJob, resultKeyOf, version } from './job.js';
import { pack } from './parcel.js';
import { connect, hostOf, QUEUE } from './redis.js';

export interface WorkerOptions {
  readonly url: string;
  /** The folder that holds the sweeps' folders on this machine, if it is the one of whoever started them. */
  readonly shared?: string;
  readonly workers?: number;
  /** Seconds after which a worker that does not answer is given up. */
  readonly lockSeconds?: number;
}

/**
 * A run that was taken over so often fails: it may be what ends its workers, by its memory. BullMQ's default is 1, but machines that
 * are switched off, and a Redis that is away for long, count as well.
 */
const MOST_TAKEOVERS = 10;
/** Milliseconds until a run that does not fit this worker is offered again. */
const OTHERS_FIRST = 5000;
/** Milliseconds between two reports about a run. */
const PAUSE = 500;
/** Milliseconds between two looks whether somebody else has finished the run. */
const LOOK = 5000;

/** Trains runs of a queue until it is stopped. */
export async function workerCommand(options: WorkerOptions): Promise<void> {
  const { url, shared, workers = availableParallelism(), lockSeconds = 60 } = options;
  if (shared !== undefined && !existsSync(shared)) {
    throw new Error(`--shared: there is no folder ${shared}; give the one that holds the sweeps' folders`);
  }
  const say = (text: string) => console.log(text);
  const redis = await connect(url, say);
  const stop = new StopRequest();
  const pool = new RunPool(workers);
  const runs = new QueuedRuns(redis, pool, stop, shared, say);
  const worker = new Worker<RunJob>(QUEUE.name, (job, token) => runs.process(job, token), {
    connection: redis,
    prefix: QUEUE.prefix,
    concurrency: workers,
    lockDuration: lockSeconds * 1000,
    stalledInterval: (lockSeconds / 2) * 1000,
    maxStalledCount: MOST_TAKEOVERS,
    runRetryDelay: 1000,
  });
  worker.on('error', () => {}); // a Redis that is away, or a lock that is lost: both are said elsewhere
  worker.on('lockRenewalFailed', (ids) => runs.lost(ids));
  say(`Waits for runs from Redis at ${hostOf(url)}, ${workers} at a time. Ctrl-C hands them back.`);

  await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  // If Redis is away, nobody can be told: the locks run out, and others take the runs.
  await Promise.race([worker.close(), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
  await pool.close();
  redis.disconnect();
  say(`Stopped by ${stop.reason}. Its runs are in the queue again.`);
  process.exit(stop.exitCode);
}

/** The runs that this process has taken from the queue. */
class QueuedRuns {
  /** By job. A job may come again while it is trained here, if its lock was lost because Redis was away. */
  readonly #running = new Map<string, Promise<'finished' | 'stopped'>>();

  /** What was said about runs that do not fit this worker: they come again and again. */
  readonly #left = new Set<string>();

  constructor(
    readonly redis: Redis,
    readonly pool: RunPool,
    readonly stop: StopRequest,
    readonly shared: string | undefined,
    readonly say: (text: string) => void,
  ) {}

  async process(job: Job<RunJob>, token: string | undefined): Promise<object> {
    const data = this.#parse(job);
    const unfit = whyNot(data);
    if (unfit) {
      const text = `  ${data.folder}: ${data.run} is left to others: ${unfit}`;
      if (!this.#left.has(text)) this.say(text);
      this.#left.add(text);
      await job.updateProgress(note(unfit));
      await job.moveToDelayed(Date.now() + OTHERS_FIRST, token);
      throw new DelayedError();
    }
    const id = job.id!;
    const before = this.#running.get(id);
    const training = before ?? this.#train(job, data);
    this.#running.set(id, training);
    try {
      if ((await training) === 'finished') return {};
    } finally {
      this.#running.delete(id);
    }
    await job.moveToWait(token);
    throw new WaitingError();
  }

  /** The locks of these jobs could not be renewed. */
  lost(ids: readonly string[]): void {
    const known = ids.filter((id) => this.#running.has(id));
    if (known.length > 0) {
      this.say(
        `  Others may have taken over ${known.length} of these runs. Goes on: the first result counts.`,
      );
    }
  }

  #parse(job: Job<RunJob>): RunJob {
    try {
      return parseJob(job.data);
    } catch (error) {
      this.say(`  refused a job: ${(error as Error).message}`);
      throw new UnrecoverableError((error as Error).message);
    }
  }

  async #train(job: Job<RunJob>, data: RunJob): Promise<'finished' | 'stopped'> {
    const place = this.#placeOf(data);
    const name = `${data.folder}: ${data.run}`;
    const abort = new AbortController();
    let done = false;
    const look = async () => {
      done ||= await place.isDone(job);
      if (done) abort.abort();
    };
    const looking = setInterval(() => void look().catch(() => {}), LOOK); // the next look will do
    let reported = 0;
    let from = 0;
    try {
      await look();
      if (done) return 'finished';
      const end = await this.pool.train(
        { ...place.task, config: data.config, keepState: data.keepState },
        { signal: AbortSignal.any([abort.signal, this.stop.signal]), reason: () => this.stop.reason },
        (message) => {
          if (message.type === 'note') this.say(`  ${name}: ${message.text}`);
          if (message.type === 'began') from = message.episodes;
          if (message.type === 'began') this.say(`  ${name} ${beganInWords(message.episodes)}`);
          if (message.type !== 'began' && performance.now() - reported < PAUSE) return;
          reported = performance.now();
          void job.updateProgress({ ...message, from, where: hostName() }).catch(() => {}); // the next one will do
        },
      );
      if (end === 'finished') await place.publish(job);
      if (done) this.say(`  ${name} was finished by another worker`);
      else this.say(`  ${name} ${end === 'finished' ? 'finished' : 'is handed back'}`);
      return done ? 'finished' : end;
    } catch (error) {
      this.say(`  ${name} failed: ${(error as Error).message}`);
      throw error;
    } finally {
      clearInterval(looking);
      place.leave();
    }
  }

  #placeOf(data: RunJob): Place {
    const folder = this.shared && join(this.shared, data.folder);
    if (folder && sweepIn(folder) === data.sweep) return sharedPlace(folder, data);
    return ownPlace(this.redis, data);
  }
}

/** Where a run is trained, and where its result goes. */
interface Place {
  readonly task: { path: string; earlier: readonly string[]; saves: typeof defaultSaves };
  isDone(job: Job): Promise<boolean>;
  publish(job: Job): Promise<void>;
  leave(): void;
}

/** In the sweep's folder: goes on from what earlier attempts saved. */
function sharedPlace(folder: string, { run, saveEvery }: RunJob): Place {
  const earlier = attemptsAt(folder, run);
  const path = attemptPath(folder, run, randomUUID());
  return {
    task: { path, earlier, saves: { ...defaultSaves, everyMinutes: saveEvery } },
    isDone: async () => isPublished(folder, run),
    publish: async () => publish(path, folder, run),
    leave() {},
  };
}

/** In a folder of this machine: begins anew, and the result goes through Redis. */
function ownPlace(redis: Redis, { saveEvery }: RunJob): Place {
  const folder = mkdtempSync(join(tmpdir(), 'paragrad-worker-'));
  const path = join(folder, 'run');
  return {
    task: { path, earlier: [], saves: { ...defaultSaves, everyMinutes: saveEvery, resumable: false } },
    isDone: async (job) => (await redis.exists(resultKeyOf(job.id!))) === 1,
    // The first result counts; all have the same numbers.
    publish: async (job) => void (await redis.set(resultKeyOf(job.id!), pack(path), 'NX')),
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Why this worker would give other numbers, or none. */
function whyNot({ config, version: wanted }: RunJob): string | undefined {
  if (wanted !== version()) return `it is for version ${wanted} of paragrad, and this is ${version()}`;
  try {
    useRunKernels(config);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const hostName = () => `${hostname()} (${process.pid})`;
const note = (text: string): JobProgress => ({ type: 'note', where: hostName(), text });
const beganInWords = (episodes: number) => (episodes > 0 ? `goes on after ${episodes} episodes` : 'begins');
