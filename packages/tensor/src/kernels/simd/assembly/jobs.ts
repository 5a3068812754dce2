// AssemblyScript: TypeScript's syntax, WebAssembly's types. `node scripts/build-simd.mjs` compiles it into binary.ts.
//
// A job is one kernel on one set of arguments, cut into chunks that do not depend on each other, by its sizes alone: so
// the result is the same, bit for bit, whoever computes which chunk. The thread that asks for a job takes part in it,
// and worker threads, if there are any, take what chunks they can get. All of them share this memory:

import { run } from './kernels';

/**
 * [i64] number of the job (32 bits), how many chunks it has (16), how many of them are taken (16). One word, so that
 * taking a chunk is one compare-and-exchange, which fails if anything has changed since the word was read. A chunk that
 * is taken keeps its job from ending, and a job that has not ended keeps its arguments.
 */
const TICKET: usize = 0;
const JOB_NUMBER: usize = TICKET + 4;
/** [i32] chunks that are done, of the current job */
const DONE: usize = 64;
/** [i32] workers that sleep, or are about to */
const SLEEPING: usize = 128;
/** [i32] 1 when the workers are to stop */
const STOPPING: usize = 192;
/** [i32] 1 when a worker has ended in an error */
const FAILED: usize = 196;
/** [i32] the kernel's number, then its arguments */
const KERNEL: usize = 256;
const ARGUMENTS: usize = 264;

/** How often a worker looks for the next job before it goes to sleep: for some 50 microseconds, longer than most pauses in training. */
const LOOKS = 50_000;

/** Argument `index` of the current job. */
export function argument(index: i32): usize {
  return load<u32>(ARGUMENTS + index * 4);
}

export function setArgument(index: i32, value: usize): void {
  store<u32>(ARGUMENTS + index * 4, value);
}

/** How often to look whether the chunks that workers have taken are done, before they count as lost: for some seconds. */
const PATIENCE: i64 = 1_000_000_000;

/** Runs a kernel whose arguments are set. `shared`: whether there are workers to share it with. Traps if one is lost. */
export function start(kernel: i32, chunks: i32, shared: bool): void {
  if (!shared || chunks < 2 || chunks > 0xffff) {
    for (let chunk = 0; chunk < chunks; chunk++) run(kernel, chunk);
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

/** What a worker does: chunks, until `stop`. */
export function serve(): void {
  let looks = 0;
  while (atomic.load<i32>(STOPPING) === 0) {
    if (takeChunk()) {
      looks = 0;
    } else if (++looks > LOOKS) {
      looks = 0;
      atomic.add<i32>(SLEEPING, 1);
      const ticket = atomic.load<i64>(TICKET);
      // Returns at once if the number has changed, so no job is overslept.
      if (!hasChunk(ticket)) atomic.wait<i32>(JOB_NUMBER, i32(ticket >> 32), -1);
      atomic.sub<i32>(SLEEPING, 1);
    }
  }
}

export function stop(): void {
  atomic.store<i32>(STOPPING, 1);
  atomic.add<i32>(JOB_NUMBER, 1);
  atomic.notify(JOB_NUMBER, -1);
}

/** Before new workers are started. */
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

/** Does one chunk of the current job. False if none was left. */
function takeChunk(): bool {
  const ticket = atomic.load<i64>(TICKET);
  if (!hasChunk(ticket)) return false;
  if (atomic.cmpxchg<i64>(TICKET, ticket, ticket + 1) === ticket) {
    run(load<i32>(KERNEL), i32(ticket & 0xffff));
    atomic.add<i32>(DONE, 1);
  }
  return true;
}

function hasChunk(ticket: i64): bool {
  return (ticket & 0xffff) < ((ticket >> 16) & 0xffff);
}
