import { estimate, prepareRun, type RunConfig } from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { checkMemory } from './check-memory.js';
import { printWarnings } from './train.js';

/** Bytes of V8's young generation: three semi-spaces of 16 MB. A long run fills them with garbage; the trial hardly does. */
const GARBAGE_BYTES = 48e6;

/** Prints what a training run will take, without running it. `threads`: by default one for each core. */
export async function estimateCommand(config: RunConfig, threads?: number): Promise<void> {
  checkMemory(config);
  await useThreads(threads);
  printWarnings(prepareRun(config));
  const { parameters, steps, updates, operationsPerUpdate, replayBytes, trialReplayBytes, ...times } =
    estimate(config);
  // The trial needs as much memory as the run, except for its replay memory, which is still small.
  const peak = process.resourceUsage().maxRSS * 1024 - trialReplayBytes + replayBytes + GARBAGE_BYTES;
  const lines = [
    ['parameters', `${formatWhole(parameters)}, and as many in targets`],
    ['environment steps', `${formatWhole(steps)}, ${(1000 * times.secondsPerStep).toFixed(2)} ms each`],
    ['updates', `${formatWhole(updates)}, ${(1000 * times.secondsPerUpdate).toFixed(1)} ms each`],
    ['operations', `${(operationsPerUpdate / 1e9).toFixed(2)} GFLOP in an update`],
    ['replay memory', `${formatMegabytes(replayBytes)} at the end`],
    ['peak memory', `about ${formatMegabytes(peak)} while it trains`],
    ['training', `about ${formatDuration(times.seconds)} on this machine`],
  ];
  console.log(`${config.algorithm.toUpperCase()} on ${config.scenario}, ${config.episodes} episodes:\n`);
  for (const [name, value] of lines) console.log(`  ${name.padEnd(17)}   ${value}`);
}

const formatWhole = (value: number) => value.toLocaleString('en');
const formatMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
