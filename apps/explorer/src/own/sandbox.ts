import { program } from '../start-worker.js';
import type { Connect } from '../train/remote-training.js';

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
    frame.onload = async () => {
      try {
        const text = await (await fetch(program)).text(); // the frame could not load it
        frame.contentWindow?.postMessage({ program: text, code }, '*', [port2]);
      } catch (error) {
        fail((error as Error).message);
      }
    };
    const hearFrame = ({ source, data }: MessageEvent) => {
      if (source === frame.contentWindow) fail(String(data));
    };
    port1.onmessage = ({ data }) => hear(data);
    addEventListener('message', hearFrame);
    document.body.append(frame);
    return {
      send: (message) => port1.postMessage(message),
      end() {
        removeEventListener('message', hearFrame);
        port1.close();
        frame.remove();
      },
    };
  };
