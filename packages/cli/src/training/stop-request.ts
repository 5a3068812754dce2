import { whenPipeCloses } from '../text/closed-pipe.js';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Why training should end: a signal, or that nobody reads the output any more. */
export type StopReason = keyof typeof SIGNALS | 'a closed pipe';

/** Waits for a request to end. The first one is only noted, a second one ends the process at once. */
export class StopRequest {
  reason: StopReason | undefined;
  readonly #abort = new AbortController();
  /** Aborts when there is a reason. */
  readonly signal: AbortSignal = this.#abort.signal;
  readonly #handlers = (Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]).map(
    (signal) => [signal, () => this.#request(signal)] as const,
  );

  constructor() {
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
    // It stays in place: what is printed later may fail, too.
    whenPipeCloses(() => {
      this.reason ??= 'a closed pipe';
      this.#abort.abort();
    });
  }

  /** As other programs do: 128 and the number of the signal; 13 is that of a closed pipe. */
  get exitCode(): number {
    if (!this.reason) return 0;
    return 128 + (this.reason === 'a closed pipe' ? 13 : SIGNALS[this.reason]);
  }

  /** From now on, signals do what they do by themselves. */
  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }

  #request(reason: StopReason): void {
    if (this.reason) process.exit(this.exitCode);
    this.reason = reason;
    this.#abort.abort();
  }
}
