import { program } from '../start-worker.js';
import type { Connect } from '../train/remote-training.js';

/** Milliseconds after which a frame that says nothing is one that was refused. */
const PATIENCE = 10_000;

/** A connection to a worker with the reader's code, in a frame that has nothing of this page. */
export const toSandbox =
  (code: string): Connect =>
  (hear) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.hidden = true;
    frame.src = 'sandbox.html';
    const { port1, port2 } = new MessageChannel();
    const fail = (message: string) => hear({ kind: 'failed', message });
    const sendProgram = async () => {
      try {
        const text = await (await fetch(program)).text(); // the frame could not load it
        frame.contentWindow?.postMessage({ program: text, code }, '*', [port2]);
      } catch (error) {
        fail((error as Error).message);
      }
    };
    const hearFrame = ({
      source,
      data,
    }: MessageEvent<{ readonly ready?: true; readonly message?: string }>) => {
      if (source !== frame.contentWindow) return;
      clearTimeout(timer);
      if (data.ready) void sendProgram();
      else fail(String(data.message));
    };
    const timer = setTimeout(
      () =>
        fail('The sandbox does not open: the server must let sandbox.html have the policy that is in it.'),
      PATIENCE,
    );
    port1.onmessage = ({ data }) => hear(data);
    addEventListener('message', hearFrame);
    document.body.append(frame);
    return {
      send: (message) => port1.postMessage(message),
      end() {
        clearTimeout(timer);
        removeEventListener('message', hearFrame);
        port1.close();
        frame.remove();
      },
    };
  };
