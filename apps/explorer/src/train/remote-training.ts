import type { RunFiles } from '../model/open-run.js';
import { startWorker } from '../start-worker.js';
import type { FromWorker, Job, ToWorker } from './messages.js';

/** A training in a worker of its own. */
export class RemoteTraining {
  readonly #worker = startWorker('train');
  /** Who waits for the files. */
  #waiting: { readonly resolve: (files: RunFiles) => void; readonly reject: (error: Error) => void }[] = [];

  /** `listen` gets all messages. The last one may be `failed`. */
  constructor(job: Job, listen: (message: FromWorker) => void) {
    const hear = (message: FromWorker) => {
      if (message.kind === 'saved') this.#waiting.shift()?.resolve(message.files);
      if (message.kind === 'failed') {
        for (const { reject } of this.#waiting.splice(0)) reject(new Error(message.message));
      }
      listen(message);
    };
    this.#worker.onmessage = ({ data }) => hear(data);
    this.#worker.onerror = ({ message }) =>
      hear({ kind: 'failed', message: message || 'The worker that trains could not be loaded.' });
    this.#send({ kind: 'start', job });
  }

  /** Environment steps in a second, at most. 0: none. */
  setPace(pace: number): void {
    this.#send({ kind: 'pace', pace });
  }

  /** Asks for a message with the policy as it is now. */
  show(): void {
    this.#send({ kind: 'show' });
  }

  /** The files of the run as it is now. Rejects if it cannot be saved. */
  save(): Promise<RunFiles> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#send({ kind: 'save' });
    });
  }

  /** Ends it at once. What was not saved is lost. */
  end(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('The training has ended.'));
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
