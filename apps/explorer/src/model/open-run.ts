import {
  type CheckpointFiles,
  checkpointFileNames,
  Maddpg,
  parseConfig,
  prepareRun,
  type RunConfig,
  restoreCheckpoint,
  type Training,
} from '@paragrad/maddpg';
import type { ParallelEnv } from '@paragrad/mpe';

/** The files of a run by name: config.json, those of a checkpoint, and perhaps those of a training that can go on. */
export type RunFiles = Readonly<Record<string, string | Uint8Array>>;

/** A run whose agents can act and learn here. */
export interface OpenRun {
  readonly config: RunConfig;
  readonly training: Training<Maddpg>;
  readonly algorithm: Maddpg;
  readonly env: ParallelEnv;
  readonly files: RunFiles;
}

/**
 * Makes a new algorithm with the weights of the files. Throws if a file is missing or damaged, and if the algorithm has no
 * critic of actions, because then there is no gradient to show.
 */
export function openRun(files: RunFiles): OpenRun {
  const missing = ['config.json', ...checkpointFileNames].filter((name) => files[name] === undefined);
  if (missing.length > 0) {
    throw new Error(
      `This is not a whole run: ${missing.join(' and ')} missing. Give the folder that train wrote.`,
    );
  }
  const config = parseConfig(textOf(files['config.json']), 'config.json');
  // Which kernels run here is not the run's decision: the last bits may differ, and the page says which run.
  const training = prepareRun({ ...config, kernels: 'auto' });
  const { algorithm, env } = training;
  if (!(algorithm instanceof Maddpg)) {
    throw new Error(
      `This run is of ${config.algorithm}, whose values are not functions of continuous actions. ` +
        'Only actors with critics have the gradient that this page shows: give a run of MADDPG or one of its variants.',
    );
  }
  restoreCheckpoint(algorithm, files as unknown as CheckpointFiles);
  return { config, training: { ...training, algorithm }, algorithm, env: env as ParallelEnv, files };
}

/** A file of a run as text. */
export function textOf(file: string | Uint8Array): string {
  return typeof file === 'string' ? file : new TextDecoder().decode(file);
}
