import type { RunConfig } from '@paragrad/maddpg';
import { estimate } from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';

/** V8's young generation: three semi-spaces of 16 MB. In a long run they fill with garbage, in the trial hardly. */
const GARBAGE = 48e6;

/** Says what a training run will take, and does not run it. */
export async function estimateCommand(config: RunConfig, threads?: number): Promise<void> {
  await useThreads(threads);
  const { parameters, steps, updates, operationsPerUpdate, replayBytes, trialReplayBytes, ...times } =
    estimate(config);
  // The trial has all that the run will have, but for a replay memory that is still small.
  const peak = process.resourceUsage().maxRSS * 1024 - trialReplayBytes + replayBytes + GARBAGE;
  const lines = [
    ['parameters', `${whole(parameters)}, and as many in targets`],
    ['environment steps', `${whole(steps)}, ${(1000 * times.secondsPerStep).toFixed(2)} ms each`],
    ['updates', `${whole(updates)}, ${(1000 * times.secondsPerUpdate).toFixed(1)} ms each`],
    ['operations', `${(operationsPerUpdate / 1e9).toFixed(2)} GFLOP in an update`],
    ['replay memory', `${megabytes(replayBytes)} at the end`],
    ['peak memory', `about ${megabytes(peak)} while it trains`],
    ['training', `about ${duration(times.seconds)} on this machine`],
  ];
  console.log(`${config.algorithm.toUpperCase()} on ${config.scenario}, ${config.episodes} episodes:\n`);
  for (const [what, value] of lines) console.log(`  ${what.padEnd(17)}   ${value}`);
}

const whole = (value: number) => value.toLocaleString('en');
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
