import { formatShape, type Shape, sameShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { checkForward, userLines } from './anomaly.js';
import type { GradientHook } from './hooks.js';
import { isDetecting, isRecording, isWalking, opaquely } from './modes.js';
import { checkingReads, updatesSoFar } from './versions.js';

/** Where gradients meet and go on: a leaf, or the record of the op that made a tensor. */
export type GradNode = Tensor | OpRecord;

/** The node that the gradient of `x` arrives at. */
export function nodeOf(x: Tensor): GradNode {
  return x.record ?? x;
}

/** What can be said of an op's output without keeping the graph alive. */
export interface OpLabel {
  readonly op: string;
  readonly shape: Shape;
}

type GradientAt = (index: number, dy: Tensor, call: Call<Inputs, unknown>) => Tensor | null;

/** What an op leaves behind on its output: enough to take the gradient through it later. */
export class OpRecord {
  /** Where the gradient of each input goes; null for an input that requires none. */
  readonly edges: readonly (GradNode | null)[];
  hooks: Set<{ hook: GradientHook }> | null = null;
  /** The output, if its `retainGrad` was called. */
  retaining: Tensor | null = null;
  /** Under `detectAnomaly`, the lines that called the op. */
  readonly lines: string = isDetecting() ? userLines() : '';
  readonly #updates = updatesSoFar();
  readonly #gradientAt: GradientAt;
  #call: Call<Inputs, unknown>;
  #freed = false;

  constructor(
    readonly label: OpLabel,
    call: Call<Inputs, unknown>,
    gradientAt: GradientAt,
  ) {
    this.edges = call.inputs.map((x) => (x.requiresGrad ? nodeOf(x) : null));
    this.#call = call;
    this.#gradientAt = gradientAt;
  }

  get op(): string {
    return this.label.op;
  }

  /** The op's inputs, its output and its other arguments: axes, a target shape, ... */
  get call(): Call<Inputs, unknown> {
    return this.#call;
  }

  /** The gradient with respect to input `index`, given `dy` with respect to the output; null where there is none. */
  gradient(index: number, dy: Tensor): Tensor | null {
    const dx = checkingReads(
      (x) => this.#checkRead(x, index),
      () => this.#gradientAt(index, dy, this.#call),
    );
    const input = this.#call.inputs[index];
    if (dx && !sameShape(dx.shape, input.shape)) {
      throw new Error(
        `${this.op}: its gradient for input ${index} has shape ${formatShape(dx.shape)}, ` +
          `the input ${formatShape(input.shape)}; a gradient has its input's shape`,
      );
    }
    return dx;
  }

  /** Lets go of all values. Shapes stay, so that a gradient which needs no more can still be taken. */
  free(): void {
    const { inputs, output, attrs } = this.#call;
    this.#call = { inputs: inputs.map((x) => x.withoutData()), output: output.withoutData(), attrs };
    this.#freed = true;
  }

  /** Throws if `x` is a value of this op that is gone, or not what it was when the op ran. */
  #checkRead(x: Tensor, index: number): void {
    const { inputs, output } = this.#call;
    const position = inputs.indexOf(x);
    if (position < 0 && x !== output) return;
    const value = `the value of its ${x === output ? 'output' : `input ${position}`}${x.name && ` "${x.name}"`}, ${formatShape(x.shape)}`;
    if (this.#freed) {
      throw new Error(
        `backward: ${this.op} has been freed by an earlier backward, and its gradient for input ${index} needs ${value}; ` +
          'give retainGraph: true to the first backward or grad to go back a second time',
      );
    }
    if (x.version > this.#updates) {
      throw new Error(
        `${this.op}: its gradient for input ${index} needs ${value}, which update() has changed since the op ran; ` +
          'call backward before the update, or compute the output again after it',
      );
    }
  }
}

type Inputs = readonly Tensor[];

interface Call<I extends Inputs, A> {
  readonly inputs: I;
  readonly output: Tensor;
  readonly attrs: A;
}

/** dL/dinput from dy = dL/doutput. Written in tensor ops, so that it can itself be differentiated. */
export type Gradient<I extends Inputs, A = void> = (dy: Tensor, call: Call<I, A>) => Tensor;

/** Says that an op is constant with respect to an input, almost everywhere: no gradient flows there. */
export type NoGradient = 'no gradient';

export interface OpDefinition<I extends Inputs, A> {
  /** A kernel's call, or other ops: they are not recorded. */
  forward(inputs: I, attrs: A): Tensor;
  /**
   * One gradient for each input, so that a missing one is a compile error; each is called only where that gradient
   * is wanted. An op of any number of inputs gives a function of the input's index instead.
   */
  readonly gradient: number extends I['length']
    ? (index: number) => Gradient<I, A>
    : { readonly [K in keyof I]: Gradient<I, A> | NoGradient };
}

/** Runs an op and, where an input requires a gradient and recording is on, leaves the record. */
export interface Op<I extends Inputs, A> {
  (inputs: I, attrs: A): Tensor;
  /** Leaves the record alone, on a `result` that was computed in another way. */
  record(inputs: I, attrs: A, result: Tensor): Tensor;
}

/** Defines a differentiable op. */
export function defineOp<I extends Inputs, A = void>(name: string, definition: OpDefinition<I, A>): Op<I, A> {
  const gradientAt = (index: number, dy: Tensor, call: Call<I, A>): Tensor | null => {
    const gradient =
      typeof definition.gradient === 'function'
        ? definition.gradient(index)
        : (definition.gradient as readonly (Gradient<I, A> | NoGradient)[])[index];
    return gradient === 'no gradient' ? null : gradient(dy, call);
  };

  const record = (inputs: I, attrs: A, result: Tensor): Tensor => {
    if (!isRecording() || !inputs.some((input) => input.requiresGrad)) {
      return inputs.includes(result) ? result.detach() : result; // what is not recorded is a constant
    }
    return new Tensor(result.storage, result.shape, {
      requiresGrad: true,
      record: (output) =>
        new OpRecord({ op: name, shape: output.shape }, { inputs, output, attrs }, gradientAt as GradientAt),
    });
  };

  const run = (inputs: I, attrs: A): Tensor => {
    for (const input of inputs) {
      if (input.dtype !== inputs[0].dtype) {
        throw new Error(
          `${name}: the operands are ${inputs.map((x) => x.dtype).join(' and ')}; give all the same type`,
        );
      }
    }
    const result = opaquely(() => definition.forward(inputs, attrs));
    if (isDetecting() && !isWalking()) checkForward(name, inputs, result);
    return record(inputs, attrs, result);
  };
  return Object.assign(run, { record });
}
