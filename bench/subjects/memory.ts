import { prepareRun, train } from '@paragrad/maddpg';
import { scope } from '@paragrad/tensor';
import type { Effort, Measurement } from '../timing.js';

/**
 * How much memory grows in 18,000 updates of batch 128, measured after garbage collection. 2,000 updates run first and are not
 * counted: they fill caches and pools, and compile. Needs `node --expose-gc`.
 */
export async function memory({ quick }: Effort): Promise<Measurement[]> {
  const [first, last] = quick ? [20, 200] : [2000, 20_000];
  const training = prepareRun({ episodes: 100, warmupSteps: 1e9 });
  const { algorithm, memory: replay } = training;
  for (const _ of train({ ...training, onWarning() {} }));

  const update = (times: number) => {
    for (let i = 0; i < times; i++) scope(() => algorithm.update(replay.sample(128, training.generator)));
  };
  update(first);
  const before = await memoryUsage();
  update(last - first);
  const after = await memoryUsage();

  const names = { heapUsed: 'JavaScript heap', arrayBuffers: 'array buffers', rss: 'resident set' } as const;
  const updates = `update ${first.toLocaleString('en')} to ${last.toLocaleString('en')}`;
  return (Object.keys(names) as (keyof typeof names)[]).map((key) => ({
    work: `memory growth from ${updates}: ${names[key]}`,
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
