import { totalmem } from 'node:os';
import { agentSpecs, makeRunEnv, type RunConfig } from '@paragrad/maddpg';

/** Bytes of a float32. */
const FLOAT = 4;
/** Each weight is in the network, its target, and twice in Adam. */
const COPIES = 4;

/**
 * Throws if a run, or so many at the same time, needs more memory than this machine has. It counts what any algorithm needs at least, before anything is made:
 * otherwise the process would be killed, or would work for minutes and then fail.
 */
export function checkMemory(config: RunConfig, atOnce = 1): void {
  const { batchSize, replayCapacity, episodes, env } = config;
  const { hidden = [], parameterSharing = false } = config.settings;
  const specs = agentSpecs(makeRunEnv(config));
  const observations = specs.reduce((sum, { observationSize }) => sum + observationSize, 0);
  const [{ observationSize }] = specs;
  const sizes = [observationSize, ...hidden];
  const weights = hidden.reduce((sum, size, k) => sum + sizes[k] * size, 0);
  const units = hidden.reduce((sum, size) => sum + size, 0);
  const rows = Math.min(replayCapacity, episodes * (env.maxCycles ?? 25));
  const parts = [
    {
      bytes: weights * (parameterSharing ? 1 : specs.length) * COPIES * FLOAT,
      what: 'the weights',
      flag: '--hidden',
    },
    { bytes: batchSize * units * FLOAT, what: 'a batch in the layers', flag: '--hidden or --batch-size' },
    { bytes: batchSize * 2 * observations * FLOAT, what: 'a batch', flag: '--batch-size' },
    { bytes: rows * observations * FLOAT, what: 'the replay memory', flag: '--replay-capacity' },
  ];
  const needed = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const available = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  if (atOnce * needed <= available) return;
  if (needed <= available) {
    throw new Error(
      `${atOnce} runs at the same time need at least ${gigabytes(atOnce * needed)}, and this machine has ` +
        `${gigabytes(available)}; give at most --workers ${Math.floor(available / needed)}`,
    );
  }
  const largest = parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  throw new Error(
    `this run needs at least ${gigabytes(needed)}, and this machine has ${gigabytes(available)}: ${largest.what} alone ` +
      `would take ${gigabytes(largest.bytes)}; give a smaller ${largest.flag}`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB`;
