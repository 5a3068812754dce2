import * as mpe from '@paragrad/mpe';
import type { FromWorker, ToWorker } from '../train/messages.js';
import { type Port, serveTraining } from '../train/serve-training.js';
import { type OwnModule, ownRun } from './own-run.js';

/** Milliseconds between two pictures: a step of the world. */
const STEP = 100;

/** A worker in the sandbox, which gives it the reader's code, and a port to the page. */
export interface OwnScope {
  onmessage:
    | ((event: { readonly data: { readonly code: string; readonly port: MessagePort } }) => void)
    | null;
}

/** Trains and plays in the environment that the code exports. All that `@paragrad/mpe` exports has its name there. */
export function serveOwn(scope: OwnScope): void {
  Object.assign(globalThis, mpe);
  scope.onmessage = ({ data: { code, port } }) => trainWith(code, port);
}

function trainWith(code: string, port: MessagePort): void {
  const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind !== 'start') return;
    try {
      const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      const own = ownRun((await import(/* @vite-ignore */ address)) as OwnModule);
      const inner: Port = { onmessage: null, postMessage: say };
      serveTraining(inner, () => own.training);
      port.onmessage = (event) => inner.onmessage!(event);
      inner.onmessage!({ data: { kind: 'start', job: { ...data.job, config: own.config } } });
      setInterval(() => {
        if (own.player) say({ kind: 'picture', picture: own.player.step() });
      }, STEP);
    } catch (error) {
      say({ kind: 'failed', message: String(error) });
    }
  };
}
