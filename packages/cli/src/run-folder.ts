import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type CheckpointFiles,
  checkpointFileNames,
  type EpisodeReport,
  type OldCheckpointFiles,
  parseConfig,
  type RunConfig,
  toJson,
} from '@paragrad/maddpg';

/**
 * The folder with a run's results:
 *
 *     config.json       everything needed to repeat the run and its evaluation
 *     metrics.csv       a line for each training episode
 *     checkpoint/       networks and optimizers
 *     evaluation.json   the evaluation of each policy
 *     curve.svg         the learning curve
 *     episode.gif       a film of some episodes
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes a new folder at the path, by default runs/<scenario>-<number>, and writes config.json. Throws if the folder
   * is not empty, or if it cannot be written.
   */
  static create(path: string | undefined, config: RunConfig): RunFolder {
    const folder = new RunFolder(path ?? nextFreePath(config.scenario));
    if (existsSync(folder.path) && readdirSync(folder.path).length > 0) {
      throw new Error(
        `${folder.path} exists and is not empty, and a run never overwrites files; choose another folder with --out`,
      );
    }
    try {
      makeFolder(folder.path);
      folder.writeJson('config.json', config);
    } catch (error) {
      throw new Error(
        `can't write to ${folder.path}: ${(error as Error).message}; choose another folder with --out`,
      );
    }
    return folder;
  }

  /** Opens the folder of a finished run. Throws if there is no config.json in it. */
  static open(path: string): RunFolder {
    if (!existsSync(join(path, 'config.json'))) {
      throw new Error(`${path} is not a run folder: it has no config.json; give a folder that train wrote`);
    }
    return new RunFolder(path);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.path, name), content);
  }

  /** Throws if JSON cannot hold a number, because it is not finite. */
  writeJson(name: string, data: unknown): void {
    this.write(name, toJson(name, data));
  }

  readConfig(): RunConfig {
    return parseConfig(readFileSync(join(this.path, 'config.json'), 'utf8'), join(this.path, 'config.json'));
  }

  /** Adds a line to metrics.csv. */
  logEpisode(report: EpisodeReport): void {
    const { episode, steps, updates, strength, meanReturn, returns, latest } = report;
    const agents = Object.keys(returns);
    if (episode === 0) {
      const perAgent = agents.flatMap((name) => METRICS.map((metric) => `${metric}:${name}`));
      this.#append(['episode', 'steps', 'updates', 'strength', 'meanReturn', ...perAgent]);
    }
    const perAgent = agents.flatMap((name, i) =>
      METRICS.map((metric) => (metric === 'return' ? returns[name] : (latest[i]?.[metric] ?? ''))),
    );
    this.#append([episode, steps, updates, strength, meanReturn, ...perAgent]);
  }

  writeCheckpoint(files: CheckpointFiles): void {
    makeFolder(join(this.path, 'checkpoint'));
    for (const name of checkpointFileNames) this.write(join('checkpoint', name), files[name]);
  }

  readCheckpoint(): CheckpointFiles | OldCheckpointFiles {
    const read = (name: string) => readFileSync(join(this.path, 'checkpoint', name));
    const networks = { 'networks.safetensors': read('networks.safetensors') };
    if (existsSync(join(this.path, 'checkpoint', 'maddpg.json'))) {
      return {
        ...networks,
        'maddpg.json': read('maddpg.json').toString('utf8'),
        'optimisers.safetensors': read('optimisers.safetensors'),
      };
    }
    return {
      ...networks,
      'algorithm.json': read('algorithm.json').toString('utf8'),
      'optimizers.safetensors': read('optimizers.safetensors'),
    };
  }

  /** A number that is not known yet stays empty, such as the loss of an actor that has taken no step. */
  #append(cells: readonly (string | number)[]): void {
    const texts = cells.map((cell) => {
      if (typeof cell === 'string') return cell;
      return Number.isFinite(cell) ? Number(cell.toPrecision(7)) : '';
    });
    appendFileSync(join(this.path, 'metrics.csv'), `${texts.join(',')}\n`);
  }
}

/**
 * Makes a folder and its parents, one by one. Node's recursive mkdir never returns on impossible paths, such as below
 * /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

const METRICS = ['return', 'criticLoss', 'criticGradNorm', 'actorLoss', 'actorGradNorm'] as const;

function nextFreePath(scenario: string): string {
  for (let number = 1; ; number++) {
    const path = join('runs', `${scenario}-${number}`);
    if (!existsSync(path)) return path;
  }
}
