import { ArgumentError, describe } from '@paragrad/check';

/** The index of the first number that is not finite, also after rounding to float32; -1 if all are. */
export function findNotFinite(numbers: ArrayLike<unknown>): number {
  for (let k = 0; k < numbers.length; k++) {
    // Both checks: rounding turns 1e39 into Infinity, and would turn the text '1' into a number.
    if (!Number.isFinite(numbers[k]) || !Number.isFinite(Math.fround(numbers[k] as number))) return k;
  }
  return -1;
}

/** Throws if a number is not finite, also after rounding to float32. `note` says what this call has not done. */
export function checkFinite(what: string, numbers: ArrayLike<unknown>, note: string): void {
  const k = findNotFinite(numbers);
  if (k >= 0) {
    throw new ArgumentError(
      `${what} contain ${describe(numbers[k])}; give finite numbers that float32 can hold (${note})`,
    );
  }
}

/** Throws unless this is a vector of so many finite numbers. */
export function checkVector(
  what: string,
  numbers: ArrayLike<number> | undefined,
  length: number,
  note: string,
): void {
  if (numbers?.length !== length || typeof numbers === 'string') {
    const given = typeof numbers === 'object' && numbers ? `length ${numbers.length}` : describe(numbers);
    throw new ArgumentError(`${what} have ${given}; give length ${length} (${note})`);
  }
  checkFinite(what, numbers, note);
}
