import {
  ArgumentError,
  AutogradError,
  aFunction,
  anArray,
  checkArgument,
  checkOptions,
  either,
  listOf,
  oneOf,
  text,
} from '@paragrad/check';
import { aTensor, fits, unfit } from '../argument-checks.js';
import { formatShape, type Shape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { checkForward, userLines } from './anomaly.js';
import type { GradientHook } from './hooks.js';
import { isDetectingAnomaly, isInBackward, isKeepingLines, isRecording, runForward } from './modes.js';
import { setReader, updatesSoFar } from './versions.js';
import type { Visit } from './visits.js';

/** A node of the graph of gradients: a leaf, or the record of the op that computed a tensor. */
export type GradNode = Tensor | OpRecord;

/** The node that receives the gradient of `x`. */
export function nodeOf(x: Tensor): GradNode {
  return x.record ?? x;
}

/** Describes an op's output without keeping the graph in memory. */
export interface OpLabel {
  /** The op's name. */
  readonly op: string;
  /** The shape of its output. */
  readonly shape: Shape;
}

/** What an op computes, for any inputs: its output, and the gradient for each input. */
interface OpRules {
  readonly name: string;
  forward(inputs: Inputs, attrs: unknown): Tensor;
  /** Whether a gradient flows to this input. */
  reaches(index: number): boolean;
  gradientAt(index: number, dy: Tensor, call: OpCall<Inputs, unknown>): Tensor;
}

/** Everything that is needed to compute an op's gradients later. An op stores it on its output. */
export class OpRecord {
  /** For each input the node that receives its gradient; null for an input that requires none, or that none flows to. */
  readonly edges: readonly (GradNode | null)[];
  /** @internal */
  hooks: Set<{ hook: GradientHook }> | null = null;
  /**
   * The output tensor, if its `retainGrad` was called.
   * @internal
   */
  retaining: Tensor | null = null;
  /**
   * What the backward pass that runs now knows of this node.
   * @internal
   */
  visit: Visit | null = null;
  /** The lines that called the op, if it ran inside `detectAnomaly` or `trace`. */
  readonly lines: string = isKeepingLines() ? userLines() : '';
  readonly #updates = updatesSoFar();
  #call: OpCall<Inputs, unknown>;
  #freed = false;
  /** The input whose gradient is computed now. */
  #index = 0;
  #label: OpLabel | null = null;

  /** @internal */
  constructor(
    call: OpCall<Inputs, unknown>,
    /** @internal */
    readonly rules: OpRules,
  ) {
    const { inputs } = call;
    const edges = new Array<GradNode | null>(inputs.length);
    for (let k = 0; k < inputs.length; k++) edges[k] = flowsTo(inputs, k, rules) ? nodeOf(inputs[k]) : null;
    this.edges = edges;
    this.#call = call;
  }

  /** The op's name. */
  get op(): string {
    return this.rules.name;
  }

  /** The op's name and the shape of its output. Keeping it keeps no graph in memory. */
  get label(): OpLabel {
    // Made when it is needed: most records never are.
    this.#label ??= { op: this.op, shape: this.#call.output.shape };
    return this.#label;
  }

  /** The op's inputs, its output and its other arguments, such as axes or a target shape. */
  get call(): OpCall<readonly Tensor[], unknown> {
    return this.#call;
  }

  /**
   * The gradient with respect to input `index`, from the output's gradient `dy`.
   * @internal
   */
  gradient(index: number, dy: Tensor): Tensor {
    this.#index = index;
    const before = setReader(this);
    let dx: Tensor;
    try {
      dx = this.rules.gradientAt(index, dy, this.#call);
    } finally {
      setReader(before);
    }
    if (!(dx instanceof Tensor)) checkArgument(this.op, `the gradient for input ${index}`, dx, aTensor);
    const input = this.#call.inputs[index];
    if (!fits(dx, input)) throw unfit(this.op, `the gradient for input ${index}`, dx, 'the input', input);
    return dx;
  }

  /**
   * Frees all values but keeps the shapes: gradients that need shapes only still work.
   * @internal
   */
  free(): void {
    const { inputs, output, attrs } = this.#call;
    const withoutData = new Array<Tensor>(inputs.length);
    for (let k = 0; k < inputs.length; k++) withoutData[k] = inputs[k].withoutData();
    this.#call = { inputs: withoutData, output: output.withoutData(), attrs };
    this.#freed = true;
  }

  /**
   * Throws if `x` is an input or the output of this op and has been freed, or has changed since the op ran.
   * @internal
   */
  checkRead(x: Tensor): void {
    const isStale = x.storage.version > this.#updates;
    if (!this.#freed && !isStale) return; // before the search: an op can have many inputs
    const index = this.#index;
    const { inputs, output } = this.#call;
    const position = inputs.indexOf(x);
    if (position < 0 && x !== output) return;
    const value = `the value of its ${x === output ? 'output' : `input ${position}`}${x.name && ` "${x.name}"`}, ${formatShape(x.shape)}`;
    if (this.#freed) {
      throw new AutogradError(
        `backward: ${this.op} was freed by an earlier backward, but its gradient for input ${index} needs ${value}; ` +
          'to run backward twice, give retainGraph: true to the first backward or grad',
      );
    }
    if (isStale) {
      throw new AutogradError(
        `${this.op}: the gradient for input ${index} needs ${value}, but update() has changed it since the op ran; ` +
          'call backward before the update, or compute the output again after it',
      );
    }
  }
}

type Inputs = readonly Tensor[];

/** One call of an op. */
export interface OpCall<I extends readonly Tensor[], A> {
  /** The tensors that the op computed from. */
  readonly inputs: I;
  /** What it computed. */
  readonly output: Tensor;
  /** Its other arguments, such as axes. */
  readonly attrs: A;
}

/** Computes dL/dinput from dy = dL/doutput. Written with tensor ops, so it can be differentiated again. */
export type OpGradient<I extends readonly Tensor[], A = void> = (dy: Tensor, call: OpCall<I, A>) => Tensor;

/**
 * Stands for the gradient of an input that the op does not depend on, except for jumps: no gradient flows there. If none
 * flows to any input that requires one, the output is a constant.
 */
export type NoGradient = 'no gradient';

/** What `defineOp` needs to know of an op. */
export interface OpDefinition<I extends readonly Tensor[], A> {
  /** Computes the output, by a kernel or by other ops. Other ops that are called here are not recorded. */
  forward(inputs: I, attrs: A): Tensor;
  /**
   * One gradient for each input; a missing one is a compile error. Each gradient is computed only if it is needed. An
   * op with any number of inputs gives a function of the input's index instead.
   */
  readonly gradient: number extends I['length']
    ? (index: number) => OpGradient<I, A>
    : { readonly [K in keyof I]: OpGradient<I, A> | NoGradient };
}

/**
 * Runs an op. Records it if recording is on and an input requires a gradient.
 *
 * Name this type where an op's gradient calls the op itself (`const cube: Op<[x: Tensor]> = defineOp(...)`), because
 * TypeScript cannot infer the type of a constant from itself.
 */
export interface Op<I extends readonly Tensor[], A = void> {
  /** Computes the output. */
  (inputs: I, attrs: A): Tensor;
  /** Only records the op, for a `result` that was computed in another way. */
  record(inputs: I, attrs: A, result: Tensor): Tensor;
}

/**
 * Defines a differentiable op. Its gradients are written with tensor ops, so they can be differentiated again.
 *
 * ```ts
 * const square = defineOp<[x: Tensor]>('square', {
 *   forward: ([x]) => tensor(x.data.map((value) => value * value)),
 *   gradient: [(dy, { inputs: [x] }) => dy.mul(x).mul(2)],
 * });
 * const y = square([x]);
 * ```
 *
 * Check it with `gradcheck`.
 *
 * @throws ArgumentError if the name or a part of the definition is missing. The op throws one if an input is no tensor, and if the
 * dtypes of the inputs differ; `backward`, if a gradient is no tensor or does not fit its input.
 */
export function defineOp<I extends readonly Tensor[], A = void>(
  name: string,
  definition: OpDefinition<I, A>,
): Op<I, A> {
  checkArgument('defineOp', 'name', name, text);
  // Ops are defined while files load, so these checks cannot be a constant: it might not exist yet.
  const gradients = either(aFunction, listOf(either(aFunction, oneOf('no gradient'))));
  checkOptions<{ forward: unknown; gradient: unknown }>(
    'defineOp',
    definition,
    { forward: aFunction, gradient: gradients },
    ['forward', 'gradient'],
  );
  const { gradient: given } = definition as {
    gradient: ((index: number) => OpGradient<I, A>) | readonly (OpGradient<I, A> | NoGradient)[];
  };
  const reaches = (index: number) => typeof given === 'function' || given[index] !== 'no gradient';
  const gradientAt = (index: number, dy: Tensor, call: OpCall<I, A>): Tensor => {
    const gradient = typeof given === 'function' ? given(index) : given[index];
    if (typeof gradient !== 'function')
      throw new ArgumentError(`${name}: input ${index} has no gradient; write one, or 'no gradient'`);
    return gradient(dy, call);
  };

  const forward = (inputs: I, attrs: A): Tensor => runForward(definition.forward, inputs, attrs);
  const rules = { name, forward, reaches, gradientAt } as OpRules;

  const record = (inputs: I, attrs: A, result: Tensor): Tensor => {
    if (!isRecording() || !flowsToAny(inputs, rules)) {
      return inputs.includes(result) ? result.detach() : result; // without a record, the result is a constant
    }
    const output = new Tensor(result.storage, result.shape, REQUIRES_GRAD);
    (output as { record: OpRecord | null }).record = new OpRecord({ inputs, output, attrs }, rules);
    return output;
  };

  const run = (inputs: I, attrs: A): Tensor => {
    checkArgument(name, 'the list of inputs', inputs, anArray);
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index];
      if (!(input instanceof Tensor))
        checkArgument(name, inputs.length === 1 ? 'the input' : `input ${index}`, input, aTensor);
      if (input.dtype !== inputs[0].dtype) {
        throw new ArgumentError(
          `${name}: the operands are ${inputs.map((x) => x.dtype).join(' and ')}; give all of them the same dtype`,
        );
      }
    }
    const result = runForward(definition.forward, inputs, attrs);
    if (!(result instanceof Tensor)) checkArgument(name, 'the result of forward', result, aTensor);
    if (isDetectingAnomaly() && !isInBackward()) checkForward(name, inputs, result);
    return record(inputs, attrs, result);
  };
  return Object.assign(run, { record });
}

const REQUIRES_GRAD = { requiresGrad: true };

/** Whether a gradient flows to input k. */
function flowsTo(inputs: Inputs, k: number, rules: OpRules): boolean {
  return inputs[k].requiresGrad && rules.reaches(k);
}

function flowsToAny(inputs: Inputs, rules: OpRules): boolean {
  for (let k = 0; k < inputs.length; k++) if (flowsTo(inputs, k, rules)) return true;
  return false;
}
