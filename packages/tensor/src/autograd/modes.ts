let recording = true;

/** Whether ops leave a record to differentiate through. */
export function isRecording(): boolean {
  return recording;
}

/** Runs `compute` without recording: what it returns is a constant to every later gradient. */
export function noGrad<T>(compute: () => T): T {
  return withRecording(false, 'noGrad', compute);
}

/** Runs `compute` with recording on, also inside `noGrad`. */
export function enableGrad<T>(compute: () => T): T {
  return withRecording(true, 'enableGrad', compute);
}

function withRecording<T>(value: boolean, name: string, compute: () => T): T {
  const before = recording;
  recording = value;
  try {
    const result = compute();
    if (result instanceof Promise) {
      throw new Error(
        `${name}: the function is async, and would go on after recording is back to what it was; await outside`,
      );
    }
    return result;
  } finally {
    recording = before;
  }
}
