/** Runs onto the page: those that come with it, one of the server's, and the reader's own. */
import { checkpointFileNames } from '@paragrad/maddpg';
import { batch } from '@preact/signals';
import type { RunFiles } from './model/open-run.js';
import { withPlaces } from './model/places.js';
import { Session } from './model/session.js';
import { act, address, moment, problem, session } from './state.js';

/** The reader's own run, so that one can go back to it. */
let own: Session | undefined;

/** Shows the run that the address names, at the step and with the places that it names. */
export async function restore(): Promise<void> {
  const { run, seed, step, places } = address;
  const wanted = run.peek();
  try {
    const files = wanted === 'own' && own ? own.run.files : await fetchRun(wanted);
    if (run.peek() !== wanted) return; // the reader chose another one meanwhile
    show(files, seed.peek(), step.peek(), places.peek());
  } catch (error) {
    problem.value = `The run "${wanted}" cannot be shown: ${(error as Error).message}`;
  }
}

/** Shows a run of the reader's own. Throws what `openRun` throws. */
export function showOwn(files: RunFiles): void {
  show(files, 1, 0, []);
  own = session.value!;
  address.run.value = 'own';
  address.places.value = [];
}

function show(files: RunFiles, seed: number, step: number, places: readonly number[]): void {
  const opened = new Session(files, seed);
  batch(() => {
    problem.value = '';
    session.value = opened;
    address.agent.value = Math.min(address.agent.peek(), opened.agents.length - 1);
    act((current) => {
      current.goTo(step);
      if (places.length > 0) current.edit(withPlaces(current.moment.state, places));
    });
    moment.value = opened.moment;
  });
}

/** The files of a shipped run, or of the k-th run that `paragrad explore` serves: `run-0`. */
async function fetchRun(name: string): Promise<RunFiles> {
  const [, served] = /^run-(\d+)$/.exec(name) ?? [];
  const folder = served ? `../runs/${served}/` : `policies/${name}/`;
  const inCheckpoint = served ? 'checkpoint/' : '';
  const get = async (file: string, within = '') => {
    const response = await fetch(`${folder}${within}${file}`);
    if (!response.ok) throw new Error(`${file} is not there (${response.status})`);
    const content = file.endsWith('.json')
      ? await response.text()
      : new Uint8Array(await response.arrayBuffer());
    return [file, content] as const;
  };
  return Object.fromEntries(
    await Promise.all([get('config.json'), ...checkpointFileNames.map((file) => get(file, inCheckpoint))]),
  );
}
