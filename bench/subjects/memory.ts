import { prepareRun, train } from '@paragrad/maddpg';
import { scope } from '@paragrad/tensor';
import type { Effort } from '../timing.js';

export interface Growth {
  readonly work: string;
  readonly value: number;
  readonly unit: 'bytes';
}

/**
 * How much memory grows in 10,000 updates, measured after garbage collection. A tenth as many updates run first and are not
 * counted: they fill caches and pools. Needs `node --expose-gc`.
 */
export async function memory({ quick }: Effort): Promise<Growth[]> {
  const updates = quick ? 200 : 10_000;
  const training = prepareRun({ episodes: 100, warmupSteps: 1e9 });
  const { algorithm, memory: replay } = training;
  for (const _ of train(training));

  const update = (times: number) => {
    for (let i = 0; i < times; i++) scope(() => algorithm.update(replay.sample(1024, training.generator)));
  };
  update(updates / 10);
  const before = await memoryUsage();
  update(updates);
  const after = await memoryUsage();

  const names = { heapUsed: 'JavaScript heap', arrayBuffers: 'array buffers', rss: 'resident set' } as const;
  return (Object.keys(names) as (keyof typeof names)[]).map((key) => ({
    work: `memory growth over ${updates.toLocaleString('en')} updates: ${names[key]}`,
    value: after[key] - before[key],
    unit: 'bytes',
  }));
}

async function memoryUsage(): Promise<NodeJS.MemoryUsage> {
  if (!globalThis.gc) throw new Error('memory: no gc(); run node with --expose-gc');
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20)); // a task of its own frees array buffers
  }
  return process.memoryUsage();
}
