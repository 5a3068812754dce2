import { ArgumentError } from '@paragrad/check';
import type { LearningSettings } from '../settings/learning-settings.js';

type LrDecay = Pick<LearningSettings, 'lrDecay' | 'lrDecayStart' | 'lrDecayEnd'>;

/** The factor on the learning rates after so many updates: 1, and from `lrDecayStart` to `lrDecayEnd` linearly to `lrDecay`. */
export function lrFactor({ lrDecay, lrDecayStart, lrDecayEnd }: LrDecay, updates: number): number {
  if (lrDecayEnd === undefined) return 1;
  const part = (updates - lrDecayStart) / (lrDecayEnd - lrDecayStart);
  return 1 + (lrDecay - 1) * Math.min(1, Math.max(0, part));
}

/** Throws if a decay has no end, or ends before it starts. */
export function checkLrDecay(owner: string, { lrDecay, lrDecayStart, lrDecayEnd }: LrDecay): void {
  if (lrDecayEnd === undefined && lrDecay !== 1) {
    throw new ArgumentError(
      `${owner}: lrDecay is ${lrDecay}, but lrDecayEnd is missing; give the number of updates until the decay ends`,
    );
  }
  if (lrDecayEnd !== undefined && lrDecayEnd <= lrDecayStart) {
    throw new ArgumentError(
      `${owner}: lrDecayEnd is ${lrDecayEnd}, and lrDecayStart ${lrDecayStart}; the end must come after the start`,
    );
  }
}
