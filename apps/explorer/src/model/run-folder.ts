/** The folder of a run, as the command writes it and resumes it. */
import { checkpointFileNames, toJson, trainingFileNames } from '@paragrad/maddpg';
import { type RunFiles, textOf } from './open-run.js';

/** The path of each file of the run in this folder, by the file's name. Throws if there is no run in it. */
export function findRun(paths: readonly string[]): Map<string, string> {
  const depth = (path: string) => path.split('/').length;
  const [config] = paths
    .filter((path) => /(^|\/)config\.json$/.test(path))
    .sort((a, b) => depth(a) - depth(b) || a.localeCompare(b));
  if (config === undefined) {
    throw new Error(
      'This is no run: there is no config.json in it. Give the folder that train wrote, or a zip of it.',
    );
  }
  const root = config.slice(0, -'config.json'.length);
  const isThere = new Set(paths);
  const namesIn = (folder: string, names: readonly string[]) =>
    names.flatMap((name) => {
      const path = `${root}${folder}${name}`;
      return isThere.has(path) ? [[name, path] as const] : [];
    });
  const checkpoints = paths
    .filter((path) => path.startsWith(`${root}checkpoints/step-`) && path.endsWith('/algorithm.json'))
    .map((path) => path.slice(root.length, -'algorithm.json'.length));
  const folders = [...checkpoints.sort().reverse(), 'checkpoint/', '']; // '': all in one folder
  const whole = folders.find(
    (folder) => namesIn(folder, checkpointFileNames).length === checkpointFileNames.length,
  );
  return new Map([
    ['config.json', config],
    ...namesIn('', ['metrics.csv']),
    ...namesIn(whole ?? 'checkpoint/', trainingFileNames),
  ]);
}

/** Whether training can go on from these files. Otherwise they can only act. */
export function canGoOn(files: RunFiles): boolean {
  return trainingFileNames.every((name) => files[name] !== undefined);
}

/** What training.json counts. */
interface Counts {
  readonly episodes: number;
  readonly steps: number;
  readonly updates: number;
}

/** A run's files by their paths in its folder, in the order to write them. `paragrad resume` goes on with it. */
export function folderOf(files: RunFiles): Record<string, string | Uint8Array> {
  const { episodes, steps, updates } = JSON.parse(textOf(files['training.json'])).state as Counts;
  const { episodes: ofEpisodes } = JSON.parse(textOf(files['config.json']));
  const status = { state: 'stopped', why: 'the page', episodes, steps, updates, ofEpisodes };
  const inFolder = (folder: string, names: readonly string[]) =>
    names.map((name) => [folder + name, files[name]]);
  return Object.fromEntries([
    ...inFolder('checkpoint/', checkpointFileNames),
    ...inFolder(`checkpoints/step-${String(steps).padStart(9, '0')}/`, trainingFileNames),
    ...inFolder(
      '',
      ['metrics.csv'].filter((name) => name in files),
    ),
    ['status.json', toJson('status.json', status)],
    ...inFolder('', ['config.json']), // last: without it, what is half written is no run
  ]);
}
