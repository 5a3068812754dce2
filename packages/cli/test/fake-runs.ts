/** Folders as `train` writes them, without training: only what list, show and compare read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeConfig, makeRunEnv, prepareRun, type RunOptions, saveCheckpoint } from '@paragrad/maddpg';

export interface FakeRun {
  readonly config?: RunOptions;
  readonly state?: string;
  readonly episodes?: number;
  /** Of every agent, in the evaluation. Missing: not evaluated. */
  readonly result?: number;
  /** Whether there is a checkpoint: the agents before training. */
  readonly checkpoint?: boolean;
}

export function fakeRun(
  path: string,
  { config = {}, state = 'finished', episodes = 20, result, checkpoint }: FakeRun,
): string {
  const complete = completeConfig({ scenario: 'simple_spread', ...config });
  const agents = makeRunEnv(complete).possibleAgents;
  const write = (name: string, content: unknown) =>
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  mkdirSync(path, { recursive: true });
  write('config.json', complete);
  write('status.json', {
    ...{ state, episodes, steps: 25 * episodes, updates: 3, ofEpisodes: 20 },
    ...(state === 'stopped' && { why: 'SIGTERM' }),
  });
  const columns = ['episode', 'meanReturn', ...agents.map((agent) => `return:${agent}`)];
  const lines = Array.from({ length: episodes }, (_, k) =>
    [k, ...columns.slice(1).map(() => k - 30)].join(','),
  );
  write('metrics.csv', `${[columns.join(','), ...lines].join('\n')}\n`);
  if (result !== undefined) {
    const returns = Object.fromEntries(agents.map((agent) => [agent, result]));
    const metrics = { coverage: 1, distance: 1, collisions: 1, touches: 1 };
    const evaluation = { episodes: 5, returns, meanReturn: result, standardError: 0.5, metrics };
    write('evaluation.json', { trained: evaluation });
  }
  if (checkpoint) {
    mkdirSync(join(path, 'checkpoint'));
    const files = saveCheckpoint(prepareRun(complete).algorithm);
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(path, 'checkpoint', name), content);
  }
  return path;
}
