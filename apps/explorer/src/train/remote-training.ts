import type { RunFiles } from '../model/open-run.js';
import { startWorker } from '../start-worker.js';
import type { FromWorker, Job, ToWorker } from './messages.js';

/** A worker that can be talked to. */
export interface Connection {
  send(message: ToWorker): void;
  /** Ends it at once. */
  end(): void;
}

/** Opens a connection. `hear` gets all that the worker says. */
export type Connect = (hear: (message: FromWorker) => void) => Connection;

/** To a worker of the page. */
const toWorker: Connect = (hear) => {
  const worker = startWorker('train');
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = ({ message }) =>
    hear({ kind: 'failed', message: message || 'The worker that trains could not be loaded.' });
  return { send: (message) => worker.postMessage(message), end: () => worker.terminate() };
};

/** A training in a worker of its own. */
export class RemoteTraining {
  readonly #connection: Connection;
  /** Who waits for the files. */
  #waiting: { readonly resolve: (files: RunFiles) => void; readonly reject: (error: Error) => void }[] = [];

  /** `listen` gets all messages. The last one may be `failed`. */
  constructor(job: Job, listen: (message: FromWorker) => void, connect: Connect = toWorker) {
    this.#connection = connect((message) => {
      if (message.kind === 'saved') this.#waiting.shift()?.resolve(message.files);
      if (message.kind === 'failed') this.#refuse(message.message);
      listen(message);
    });
    this.#connection.send({ kind: 'start', job });
  }

  /** Environment steps in a second, at most. 0: none. */
  setPace(pace: number): void {
    this.#connection.send({ kind: 'pace', pace });
  }

  /** Asks for a message with the policy as it is now. */
  show(): void {
    this.#connection.send({ kind: 'show' });
  }

  /** The files of the run as it is now. Rejects if it cannot be saved. */
  save(): Promise<RunFiles> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#connection.send({ kind: 'save' });
    });
  }

  /** Ends it at once. What was not saved is lost. */
  end(): void {
    this.#connection.end();
    this.#refuse('The training has ended.');
  }

  #refuse(why: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(why));
  }
}
