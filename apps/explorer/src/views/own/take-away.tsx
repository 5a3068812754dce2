/** What one can take away: weights, the picture, and the code that computes this moment in Node. */
import { checkpointFileNames, exportOnnx } from '@paragrad/maddpg';
import { toSvg } from '@paragrad/mpe';
import { useState } from 'preact/hooks';
import { momentScript, RUN_FOLDER } from '../../model/moment-script.js';
import type { Session } from '../../model/session.js';
import { session } from '../../state.js';
import { downloadFile } from '../../train/write-run.js';
import { zipOf } from '../../train/zip.js';

type Files = Readonly<Record<string, string | Uint8Array>>;

const zipped = (name: string, files: Files) =>
  downloadFile(`${name}.zip`, new Blob([zipOf(name, files)], { type: 'application/zip' }));

const nameOf = ({ run: { config } }: Session) => config.scenario;

function weights(current: Session): void {
  const bytes = current.run.files['networks.safetensors'] as Uint8Array<ArrayBuffer>;
  downloadFile(`${nameOf(current)}.safetensors`, new Blob([bytes]));
}

function onnx(current: Session): void {
  const models = Object.entries(exportOnnx(current.algorithm));
  zipped(
    `${nameOf(current)}-onnx`,
    Object.fromEntries(models.map(([agent, model]) => [`${agent}.onnx`, model])),
  );
}

function picture(current: Session): void {
  downloadFile(`${nameOf(current)}.svg`, new Blob([toSvg(current.sceneAt(0))], { type: 'image/svg+xml' }));
}

function code(current: Session): void {
  const names = ['config.json', ...checkpointFileNames];
  const run = names.map((name) => [`${RUN_FOLDER}/${name}`, current.run.files[name]]);
  zipped(`${nameOf(current)}-moment`, { 'moment.mjs': momentScript(current), ...Object.fromEntries(run) });
}

const things = [
  {
    what: 'Weights',
    as: '.safetensors',
    how: 'all networks and targets, for PyTorch, JAX or this library',
    take: weights,
  },
  { what: 'Actors', as: '.onnx', how: 'a model for each agent, in a zip', take: onnx },
  { what: 'The arena', as: '.svg', how: 'as it is now', take: picture },
  {
    what: 'This moment as code',
    as: '.mjs',
    how: 'with the run, in a zip: node moment.mjs prints actions, values and dQ/da as they are here',
    take: code,
  },
] as const;

export function TakeAway() {
  const [problem, complain] = useState('');
  const current = session.value;
  if (!current) return null;
  const taking = (take: (current: Session) => void) => () => {
    try {
      take(current);
      complain('');
    } catch (error) {
      complain((error as Error).message);
    }
  };
  return (
    <section aria-labelledby="take-away">
      <h3 id="take-away">Take away</h3>
      <ul class="things">
        {things.map(({ what, as, how, take }) => (
          <li key={what}>
            <button type="button" onClick={taking(take)}>
              {what}, {as}
            </button>
            <span class="note">{how}</span>
          </li>
        ))}
      </ul>
      {problem && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
    </section>
  );
}
