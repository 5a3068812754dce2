import {
  ArgumentError,
  aFunction,
  checkArgument,
  checkOptions,
  type OptionChecks,
  trueOrFalse,
} from '@paragrad/check';

const modes = {
  recording: true,
  detectingAnomaly: false,
  keepingValues: false,
  keepingLines: false,
  inBackward: false,
};

/** Whether ops record how they were computed, so that gradients can flow through them. */
export function isRecording(): boolean {
  return modes.recording;
}

/** Whether `detectAnomaly` is looking for NaN and infinities. */
export function isDetectingAnomaly(): boolean {
  return modes.detectingAnomaly;
}

/** Whether ops keep all values, also one that a fused kernel would not store. */
export function isKeepingValues(): boolean {
  return modes.keepingValues || modes.detectingAnomaly;
}

/** Whether ops keep the lines that called them. */
export function isKeepingLines(): boolean {
  return modes.keepingLines || modes.detectingAnomaly;
}

/** Whether a backward pass is running: then the ops that run now compute gradients. */
export function isInBackward(): boolean {
  return modes.inBackward;
}

/**
 * Runs `compute` without recording: its results are constants for every later gradient. As `torch.no_grad`.
 *
 * @throws ArgumentError if `compute` is async or a generator function: it would continue later.
 */
export function noGrad<T>(compute: () => T): T {
  return withMode('recording', false, 'noGrad', compute);
}

/**
 * Runs `compute` with recording on, even inside `noGrad`. As `torch.enable_grad`.
 *
 * @throws ArgumentError if `compute` is async or a generator function: it would continue later.
 */
export function enableGrad<T>(compute: () => T): T {
  return withMode('recording', true, 'enableGrad', compute);
}

/**
 * Runs `compute`, and throws at the first NaN or infinity that an op produces, in the forward or the backward pass. In the
 * forward pass, an infinity that an op was given is allowed, such as that of a mask. The error names the op, the lines that
 * called it and, in the backward pass, the input whose gradient it is. Slow: use it to find a bug. The backward pass can
 * name the lines only of ops that ran inside too, so put both passes inside.
 *
 * @throws NumericalError at the first NaN or infinity.
 */
export function detectAnomaly<T>(compute: () => T): T {
  return withMode('detectingAnomaly', true, 'detectAnomaly', compute);
}

/** Options of `trace`. */
export interface TraceOptions {
  /** Whether to keep the lines of code that called each op. They take more time than the ops. Default true. */
  lines?: boolean;
}

const traceOptions: OptionChecks<TraceOptions> = { lines: trueOrFalse };

/**
 * Runs `compute`, and keeps what `inspect` can show with `values: true` only if it is kept now: the lines of code that called each
 * op, and values that a fused kernel would not store. Slow. Results do not change.
 */
export function trace<T>(compute: () => T, options: TraceOptions = {}): T {
  checkOptions('trace', options, traceOptions);
  const { lines = true } = options;
  return withMode('keepingLines', lines, 'trace', () => withMode('keepingValues', true, 'trace', compute));
}

/** Runs an op's forward. Other ops that it calls are neither recorded nor checked by `detectAnomaly`. */
export function runForward<I, A, T>(forward: (inputs: I, attrs: A) => T, inputs: I, attrs: A): T {
  const { recording, detectingAnomaly } = modes;
  modes.recording = false;
  modes.detectingAnomaly = false;
  try {
    return forward(inputs, attrs);
  } finally {
    modes.recording = recording;
    modes.detectingAnomaly = detectingAnomaly;
  }
}

/** Runs a backward pass. */
export function runBackward<T>(compute: () => T): T {
  return withMode('inBackward', true, 'backward', compute);
}

function withMode<T>(mode: keyof typeof modes, value: boolean, name: string, compute: () => T): T {
  checkArgument(name, 'compute', compute, aFunction);
  const before = modes[mode];
  modes[mode] = value;
  try {
    return checkEnded(name, compute());
  } finally {
    modes[mode] = before;
  }
}

/** Returns the result of a function that `caller` has run. Throws for that of an async function, and of a generator function. */
export function checkEnded<T>(caller: string, result: T): T {
  const isAsync = result instanceof Promise;
  const isGenerator = /Generator]$/.test(Object.prototype.toString.call(result));
  if (!isAsync && !isGenerator) return result;
  if (isAsync) result.catch(() => {}); // Node ends the process for a rejection that nobody handles, and the caller does not have this promise
  throw new ArgumentError(
    `${caller}: the function is ${isAsync ? 'async' : 'a generator'} and would continue after ${caller} has ended; await and yield outside`,
  );
}
