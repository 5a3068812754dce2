import { prepareRun, type RunOptions } from '@paragrad/maddpg';
import { Generator } from '@paragrad/tensor';
import type { Effort, Measurement } from '../timing.js';
import { randomBatch } from './maddpg.js';

/** Critics of simple_spread with many agents. All agents share their networks, as many agents of one kind do. */
const CRITICS: Record<string, RunOptions> = {
  plain: {},
  attention: { algorithm: 'attention-maddpg' },
  nearest: { settings: { critic: 'independent' } },
};
const BATCH = 128;
/** With the critic `nearest`, an agent sees only so many others and landmarks, and its critic sees what it sees. */
const NEAREST = 5;

/** What `--only` can be: each is measured in a process of its own, because of its memory. */
export const agentCases = [3, 10, 30, 100].flatMap((N) =>
  Object.keys(CRITICS).map((critic) => `${critic} ${N}`),
);

/** The time of an update, and the memory that networks, batch and updates take. `only`: a critic and a number of agents. */
export function agents({ quick, only = 'plain 3' }: Effort): Measurement[] {
  const [critic, N] = only.split(' ');
  if (quick && N === '100') return []; // takes minutes
  const settings = { ...CRITICS[critic].settings, parameterSharing: true };
  const count = Number(N);
  const seen = {
    numAgentNeighbors: Math.min(NEAREST, count - 1),
    numLandmarkNeighbors: Math.min(NEAREST, count),
  };
  const env = { N: count, ...(critic === 'nearest' && seen) };
  const before = process.memoryUsage().rss;
  const { algorithm } = prepareRun({ ...CRITICS[critic], settings, env });
  const batch = randomBatch(algorithm.specs, BATCH, new Generator(1));
  const times: number[] = [];
  const time = () => {
    const start = performance.now();
    algorithm.update(batch);
    times.push(performance.now() - start);
  };
  const enough = quick ? 100 : 3000; // milliseconds; the largest need a minute for one update
  while (times.reduce((sum, ms) => sum + ms, 0) < enough) time();
  const about = `${N} agents, ${critic} critic`;
  return [
    { work: `update, ${about}`, value: Math.min(...times), unit: 'ms' },
    { work: `memory, ${about}`, value: process.resourceUsage().maxRSS * 1024 - before, unit: 'bytes' },
  ];
}
