/**
 * The program of a pool's process: trains one run after the other, each on one thread. Signals are left to the process that started
 * it: Ctrl-C reaches all of them, and a run should be saved then, not killed.
 */
import type { StopReason } from '../training/stop-request.js';
import { type RunTask, trainRun } from './train-run.js';

/** From here to the pool. */
export type FromWorker =
  | { readonly type: 'began' | 'episodes'; readonly episodes: number }
  | { readonly type: 'note'; readonly text: string };
/** From the pool to here. */
export interface ToWorker {
  readonly stop: StopReason;
}

/** Milliseconds between two reports. */
const PAUSE = 200;

let running: { reason?: StopReason } | undefined;

process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => {
  if (!running) process.exit();
});
// The process that started it was killed. What was saved is enough to go on from.
process.on('disconnect', () => process.exit(1));
process.on('message', (message: Partial<ToWorker> | null) => {
  if (message?.stop && running) running.reason = message.stop;
});

export default async function run(task: RunTask): Promise<'finished' | 'stopped'> {
  const stop: { reason?: StopReason } = {};
  running = stop;
  let reported = 0;
  const send = (message: FromWorker) => {
    if (process.connected) process.send?.(message);
  };
  try {
    return await trainRun(task, stop, {
      began: (episodes) => send({ type: 'began', episodes }),
      note: (text) => send({ type: 'note', text }),
      episode: ({ episode }) => {
        if (performance.now() - reported < PAUSE) return;
        reported = performance.now();
        send({ type: 'episodes', episodes: episode + 1 });
      },
    });
  } finally {
    running = undefined;
  }
}
