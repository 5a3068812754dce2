// A job is one kernel with one set of arguments. It is cut into chunks that do not depend on each other. Only the sizes
// decide how, so the result is the same, bit for bit, no matter which thread computes which chunk. The calling thread
// and the worker threads take one chunk after the other until none is left. All threads share this memory:

import { runChunk } from './chunks';

/**
 * [i64] The number of the job (32 bits), its number of chunks (16 bits), and how many of them are taken (16 bits). All in
 * one word, so that a thread takes a chunk by one compare-and-exchange, which fails if anything has changed since the
 * word was read. A job does not end while a taken chunk is unfinished, and its arguments do not change before it ends.
 */
const TICKET: usize = 0;
const JOB_NUMBER: usize = TICKET + 4;
/** [i32] The number of finished chunks of the current job */
const DONE: usize = 64;
/** [i32] The number of workers that sleep, or are about to */
const SLEEPING: usize = 128;
/** [i32] 1 to tell the workers to stop */
const STOPPING: usize = 192;
/** [i32] 1 if a worker has ended in an error */
const FAILED: usize = 196;
/** [i32] The number of the kernel. Its arguments follow (arguments.ts). */
const KERNEL: usize = 256;

/** How often a worker looks for a job before it sleeps: about 50 microseconds, longer than most pauses in training. */
const LOOKS = 50_000;

/** How often `start` checks for the chunks of other threads before it counts a worker as lost: a few seconds. */
const PATIENCE: i64 = 1_000_000_000;

/** Runs a kernel whose arguments are set. `shared`: whether there are workers to help. Traps if a worker is lost. */
export function start(kernel: i32, chunks: i32, shared: bool): void {
  if (!shared || chunks < 2 || chunks > 0xffff) {
    for (let chunk = 0; chunk < chunks; chunk++) runChunk(kernel, chunk);
    return;
  }
  store<i32>(KERNEL, kernel);
  atomic.store<i32>(DONE, 0);
  const number = i64(load<u32>(JOB_NUMBER) + 1);
  atomic.store<i64>(TICKET, (number << 32) | (i64(chunks) << 16));
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(JOB_NUMBER, -1);
  while (takeChunk()) {}
  for (let looks: i64 = 0; atomic.load<i32>(DONE) < chunks; looks++) {
    if (looks > PATIENCE || atomic.load<i32>(FAILED) !== 0) unreachable();
  }
}

/** The loop of a worker: it computes chunks until `stop`. */
export function serve(): void {
  let looks = 0;
  while (atomic.load<i32>(STOPPING) === 0) {
    if (takeChunk()) {
      looks = 0;
    } else if (++looks > LOOKS) {
      looks = 0;
      atomic.add<i32>(SLEEPING, 1);
      const ticket = atomic.load<i64>(TICKET);
      // Returns at once if the number has changed in the meantime, so a worker never sleeps through a new job.
      if (!hasChunk(ticket)) atomic.wait<i32>(JOB_NUMBER, i32(ticket >> 32), -1);
      atomic.sub<i32>(SLEEPING, 1);
    }
  }
}

/** Tells all workers to stop. */
export function stop(): void {
  atomic.store<i32>(STOPPING, 1);
  atomic.add<i32>(JOB_NUMBER, 1);
  atomic.notify(JOB_NUMBER, -1);
}

/** Resets all variables. Call it before new workers start. */
export function prepare(): void {
  atomic.store<i32>(STOPPING, 0);
  atomic.store<i32>(FAILED, 0);
  atomic.store<i32>(SLEEPING, 0);
  atomic.store<i64>(TICKET, 0);
}

/** Called by a worker that ends in an error. */
export function fail(): void {
  atomic.store<i32>(FAILED, 1);
}

/** Computes one chunk of the current job. Returns false if none was left. */
function takeChunk(): bool {
  const ticket = atomic.load<i64>(TICKET);
  if (!hasChunk(ticket)) return false;
  if (atomic.cmpxchg<i64>(TICKET, ticket, ticket + 1) === ticket) {
    runChunk(load<i32>(KERNEL), i32(ticket & 0xffff));
    atomic.add<i32>(DONE, 1);
  }
  return true;
}

function hasChunk(ticket: i64): bool {
  return (ticket & 0xffff) < ((ticket >> 16) & 0xffff);
}
