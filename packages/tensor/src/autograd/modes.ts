const modes = { recording: true, detecting: false, walking: false };

/** Whether ops leave a record to differentiate through. */
export function isRecording(): boolean {
  return modes.recording;
}

/** Whether `detectAnomaly` is looking for NaN and infinities. */
export function isDetecting(): boolean {
  return modes.detecting;
}

/** Whether gradients are being computed: the ops that run now are theirs. */
export function isWalking(): boolean {
  return modes.walking;
}

/** Runs `compute` without recording: what it returns is a constant to every later gradient. */
export function noGrad<T>(compute: () => T): T {
  return within('recording', false, 'noGrad', compute);
}

/** Runs `compute` with recording on, also inside `noGrad`. */
export function enableGrad<T>(compute: () => T): T {
  return within('recording', true, 'enableGrad', compute);
}

/**
 * Runs `compute`, and throws at the first NaN or infinity that an op makes in it, forward or backward: the error names
 * the op, the lines that called it and, in the backward pass, the input whose gradient it is. Slow: for finding a fault.
 * A backward pass names the lines of those ops only that ran under it too, so put both inside.
 */
export function detectAnomaly<T>(compute: () => T): T {
  return within('detecting', true, 'detectAnomaly', compute);
}

/** For an op's forward: what it does with other ops is its own affair, neither recorded nor looked at. */
export function opaquely<T>(compute: () => T): T {
  return within('recording', false, 'forward', () => within('detecting', false, 'forward', compute));
}

/** For the walk back through the records. */
export function walking<T>(compute: () => T): T {
  return within('walking', true, 'backward', compute);
}

function within<T>(mode: keyof typeof modes, value: boolean, name: string, compute: () => T): T {
  const before = modes[mode];
  modes[mode] = value;
  try {
    const result = compute();
    if (result instanceof Promise) {
      throw new Error(
        `${name}: the function is async, and would go on after ${mode} is back to what it was; await outside`,
      );
    }
    return result;
  } finally {
    modes[mode] = before;
  }
}
