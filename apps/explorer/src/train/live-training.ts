import { applyUpdate, type Run } from '@paragrad/watch/runs';
import { batch, signal } from '@preact/signals';
import type { FromWorker, Job, Progress, Started } from './messages.js';
import { type Connect, RemoteTraining } from './remote-training.js';

export type Phase = 'none' | 'starting' | 'training' | 'paused' | 'ended' | 'failed';

/** How a training goes, as signals. One after the other: a start ends the training before. */
export class LiveTraining {
  readonly phase = signal<Phase>('none');
  /** Why it failed. */
  readonly failure = signal('');
  readonly started = signal<Started | null>(null);
  readonly progress = signal<Progress | null>(null);
  /** Environment steps in a second, at most. */
  readonly pace = signal(Number.POSITIVE_INFINITY);
  /** The curve. A new value whenever it has grown. */
  readonly curve = signal<readonly Run[]>([]);
  /** undefined before the first start. */
  remote: RemoteTraining | undefined;
  readonly #listen: (message: FromWorker) => void;

  /** `listen` gets all messages, after the signals have changed. */
  constructor(listen: (message: FromWorker) => void) {
    this.#listen = listen;
  }

  start(job: Omit<Job, 'pace'>, connect?: Connect): void {
    this.remote?.end();
    batch(() => {
      this.phase.value = 'starting';
      this.failure.value = '';
      this.started.value = this.progress.value = null;
      this.curve.value = [];
    });
    const hear = (message: FromWorker) => {
      if (this.remote !== remote) return;
      batch(() => {
        this.#hear(message);
        this.#listen(message);
      });
    };
    const remote: RemoteTraining = new RemoteTraining({ ...job, pace: this.pace.value }, hear, connect);
    this.remote = remote;
  }

  setPace(pace: number): void {
    this.pace.value = pace;
    if (this.phase.value === 'training') this.remote?.setPace(pace);
  }

  pause(): void {
    this.phase.value = 'paused';
    this.remote?.setPace(0);
  }

  goOn(): void {
    this.phase.value = 'training';
    this.remote?.setPace(this.pace.value);
  }

  /** Ends it at once. What was learned is lost. */
  end(): void {
    this.remote?.end();
    this.remote = undefined;
    this.phase.value = 'none';
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'started':
        this.started.value = message;
        this.phase.value = 'training';
        return;
      case 'progress': {
        this.progress.value = message;
        if (!message.metrics) return;
        const runs = [...this.curve.value];
        const { config } = this.started.value!;
        applyUpdate(runs, { run: 0, name: '', config, metrics: message.metrics });
        this.curve.value = runs;
        return;
      }
      case 'ended':
        this.phase.value = 'ended';
        return;
      case 'failed':
        this.phase.value = 'failed';
        this.failure.value = message.message;
    }
  }
}
