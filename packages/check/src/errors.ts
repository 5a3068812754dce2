/**
 * The errors that Paragrad throws on purpose. docs/errors.md has them in a table. Each sets its own name, because a bundler may
 * shorten the names of classes.
 */

/** What all errors of Paragrad have in common: `error instanceof ParagradError`. */
export class ParagradError extends Error {
  /** The name of the class. */
  override readonly name: string = 'ParagradError';
}

/** An argument that a function or constructor does not take. The message says what was given and what is possible. */
export class ArgumentError extends ParagradError {
  override readonly name: string = 'ArgumentError';
}

/** Shapes that do not fit together, or not this function. The message has the shapes, such as [2, 3]. */
export class ShapeError extends ArgumentError {
  override readonly name: string = 'ShapeError';
}

/** An action that is missing, or not in the agent's action space. The message names the agent and the space. */
export class ActionError extends ArgumentError {
  override readonly name: string = 'ActionError';
}

/** A file with a content that cannot be used: safetensors, a checkpoint, a saved training, a configuration. */
export class FileError extends ArgumentError {
  override readonly name: string = 'FileError';
}

/** A call at the wrong time: `step` before `reset`, a draw from an empty replay memory. Do first what the message says. */
export class StateError extends ParagradError {
  override readonly name: string = 'StateError';
}

/**
 * A gradient or a tensor whose numbers are gone: a second backward without `retainGraph`, a change in place after the op ran, a
 * tensor of a scope that has ended.
 */
export class AutogradError extends StateError {
  override readonly name: string = 'AutogradError';
}

/** NaN or an infinity where training cannot go on: in a loss, in the norm of a gradient, or found by `detectAnomaly`. */
export class NumericalError extends ParagradError {
  override readonly name: string = 'NumericalError';
}

/** Something that this machine or browser lacks: memory, a GPU that computes, gpu.js, worker threads. */
export class PlatformError extends ParagradError {
  override readonly name: string = 'PlatformError';
}

/** A fault that `gradcheck`, `checkOp` or `parallelApiTest` found in the op or environment under test. */
export class CheckError extends ParagradError {
  override readonly name: string = 'CheckError';
}
