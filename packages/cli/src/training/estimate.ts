import {
  type Estimate,
  estimate,
  prepareRun,
  type RunConfig,
  type Training,
  trainingWarnings,
} from '@paragrad/maddpg';
import { useThreads } from '@paragrad/tensor';
import { printJson } from '../text/in-words.js';
import { checkMemory } from './check-memory.js';

/** Bytes of V8's young generation: three semi-spaces of 16 MB. A long run fills them with garbage; the trial hardly does. */
const GARBAGE_BYTES = 48e6;

/** Seconds of training below which nobody waits for a better estimate. */
const SHORT = 30;

/** What a training run will do, in a line. A long one is tried out for a second first. */
export function workInWords(config: RunConfig): string {
  let rough: Estimate;
  try {
    rough = estimate(config, { trialSeconds: 0 });
  } catch {
    return 'How long it will take is unknown: it failed when it was tried out.'; // training will say why, and where
  }
  const work = rough.seconds < SHORT ? rough : estimate(config, { trialSeconds: 0.5 });
  const time = rough.seconds < SHORT ? 'less than a minute' : `about ${formatDuration(work.seconds)}`;
  return (
    `${formatWhole(work.steps)} environment steps and ${formatWhole(work.updates)} updates: ${time} on this machine, ` +
    `about ${formatMegabytes(peakMemory(work))} of memory.`
  );
}

/** Prints what a training run will take, without running it. `threads`: by default one for each core. */
export async function estimateCommand(
  config: RunConfig,
  { threads, json = false }: { threads?: number; json?: boolean } = {},
): Promise<void> {
  checkMemory(config);
  await useThreads(threads);
  printWarnings(prepareRun(config));
  const work = estimate(config);
  const { parameters, steps, updates, operationsPerUpdate, replayBytes, trialReplayBytes, ...times } = work;
  if (json) {
    const sizes = {
      parameters,
      steps,
      updates,
      operationsPerUpdate,
      replayBytes,
      peakBytes: peakMemory(work),
    };
    printJson('estimate', { ...sizes, ...times });
    return;
  }
  const lines = [
    ['parameters', `${formatWhole(parameters)}, and as many in targets`],
    ['environment steps', `${formatWhole(steps)}, ${(1000 * times.secondsPerStep).toFixed(2)} ms each`],
    ['updates', `${formatWhole(updates)}, ${(1000 * times.secondsPerUpdate).toFixed(1)} ms each`],
    ['operations', `${(operationsPerUpdate / 1e9).toFixed(2)} GFLOP in an update`],
    ['replay memory', `${formatMegabytes(replayBytes)} at the end`],
    ['peak memory', `about ${formatMegabytes(peakMemory(work))} while it trains`],
    ['training', `about ${formatDuration(times.seconds)} on this machine`],
  ];
  console.log(`${config.algorithm.toUpperCase()} on ${config.scenario}, ${config.episodes} episodes:\n`);
  for (const [name, value] of lines) console.log(`  ${name.padEnd(17)}   ${value}`);
}

/** Prints what makes this training worth little, before it begins. */
export function printWarnings(training: Training): void {
  for (const warning of trainingWarnings(training)) console.warn(`Warning: ${warning}.\n`);
}

/** Bytes. The trial needs as much as the run, except for its replay memory, which is still small. */
function peakMemory({ replayBytes, trialReplayBytes }: Estimate): number {
  return process.resourceUsage().maxRSS * 1024 - trialReplayBytes + replayBytes + GARBAGE_BYTES;
}

const formatWhole = (value: number) => value.toLocaleString('en');
const formatMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
