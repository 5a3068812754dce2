import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EpisodeReport, RunConfig } from '@paragrad/maddpg';
import {
  type CheckpointFiles,
  checkpointFileNames,
  type OldCheckpointFiles,
  parseConfig,
} from '@paragrad/maddpg';

/**
 * Where a run leaves what it made:
 *
 *     config.json   everything needed to repeat the run and its evaluation
 *     metrics.csv   a line for each training episode
 *     checkpoint/   what was learned
 *     curve.svg, episode.gif, evaluation.json
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /** A new folder, at a given path or, without one, at runs/<scenario>-<number>. Never one that has something in it. */
  static create(path: string | undefined, config: RunConfig): RunFolder {
    const folder = new RunFolder(path ?? nextFree(config.scenario));
    if (existsSync(folder.path) && readdirSync(folder.path).length > 0) {
      throw new Error(
        `${folder.path} exists and is not empty, and a run never overwrites another; choose another folder`,
      );
    }
    try {
      makeFolder(folder.path);
      folder.write('config.json', `${JSON.stringify(config, null, 2)}\n`);
    } catch (error) {
      throw new Error(
        `can't write to ${folder.path}: ${(error as Error).message}; choose another folder with --out`,
      );
    }
    return folder;
  }

  static open(path: string): RunFolder {
    if (!existsSync(join(path, 'config.json'))) {
      throw new Error(`${path} is not a run folder: it has no config.json`);
    }
    return new RunFolder(path);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.path, name), content);
  }

  readConfig(): RunConfig {
    return parseConfig(readFileSync(join(this.path, 'config.json'), 'utf8'), join(this.path, 'config.json'));
  }

  /** Appends an episode to metrics.csv. */
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

  #append(cells: readonly (string | number)[]): void {
    const texts = cells.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(7)) : cell));
    appendFileSync(join(this.path, 'metrics.csv'), `${texts.join(',')}\n`);
  }
}

/** Level by level: on paths that can't exist, as below /proc, Node's recursive mkdir never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

const METRICS = ['return', 'criticLoss', 'criticGradNorm', 'actorLoss', 'actorGradNorm'] as const;

function nextFree(scenario: string): string {
  for (let number = 1; ; number++) {
    const path = join('runs', `${scenario}-${number}`);
    if (!existsSync(path)) return path;
  }
}
