import {
  ArgumentError,
  checkArgument,
  checkOptions,
  type OptionChecks,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor, fits, someTensors, unfit } from '../argument-checks.js';
import { constant } from '../create.js';
import { add, mul } from '../ops/arithmetic.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { checkFinite, checkInputGradient } from './anomaly.js';
import { runHooks } from './hooks.js';
import { enableGrad, isDetectingAnomaly, noGrad, runBackward } from './modes.js';
import { type GradNode, nodeOf, OpRecord } from './record.js';
import { type Visit, visitsFrom } from './visits.js';

/** Options of `grad`. */
export interface GradOptions {
  /** dL/doutput, with the output's shape. Default 1, for an output with a single element; other outputs need one. */
  gradOutput?: Tensor;
  /** Record how the gradients are computed, to differentiate them again. Default false. */
  createGraph?: boolean;
  /**
   * Keep the values that the gradients need, for a second backward pass. Otherwise they are freed during the pass, and
   * a second pass that needs them throws. Default: `createGraph`.
   */
  retainGraph?: boolean;
  /** Give null for an input that the output does not depend on, instead of throwing. Default false. */
  allowUnused?: boolean;
}

/** Options of `backward`. */
export interface BackwardOptions extends Omit<GradOptions, 'allowUnused'> {
  /** Accumulate only into the `grad` of these tensors, and compute no other gradients. Default: all leaves. */
  inputs?: readonly Tensor[];
}

const common = {
  gradOutput: aTensor,
  createGraph: trueOrFalse,
  retainGraph: trueOrFalse,
};
const gradOptions: OptionChecks<GradOptions> = { ...common, allowUnused: trueOrFalse };
const backwardOptions: OptionChecks<BackwardOptions> = { ...common, inputs: someTensors };

/**
 * The gradients of `output` with respect to `inputs`, as `torch.autograd.grad`. Only gradients on the paths from the
 * output to these inputs are computed, and no `grad` is changed.
 *
 * @throws ArgumentError if the output or an input requires no gradient, or an input has no part in the output.
 * @throws ShapeError if the output is not a single number, and there is no `gradOutput` of its shape.
 * @throws AutogradError if the graph was freed by an earlier pass, or a value that a gradient needs has changed.
 */
export function grad(
  output: Tensor,
  inputs: readonly Tensor[],
  options?: GradOptions & { allowUnused?: false },
): Tensor[];
/**
 * The gradients of `output` with respect to `inputs`; with `allowUnused`, null for an input that has no part in it.
 *
 * @throws ArgumentError if the output or an input requires no gradient.
 * @throws ShapeError if the output is not a single number, and there is no `gradOutput` of its shape.
 * @throws AutogradError if the graph was freed by an earlier pass, or a value that a gradient needs has changed.
 */
export function grad(output: Tensor, inputs: readonly Tensor[], options?: GradOptions): (Tensor | null)[];
export function grad(
  output: Tensor,
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  checkArgument('grad', 'output', output, aTensor);
  checkArgument('grad', 'inputs', inputs, someTensors);
  checkOptions('grad', options, gradOptions);
  const gradients = differentiate('grad', output, inputs, options);
  return inputs.map((input, index) => {
    const gradient = gradients.get(nodeOf(input)) ?? null;
    if (gradient === null && !options.allowUnused) {
      throw new ArgumentError(
        `grad: no recorded path leads from the output to input ${index}, of shape ${formatShape(input.shape)}; ` +
          'was something between them detached, or computed under noGrad? With allowUnused: true you get null here',
      );
    }
    return gradient;
  });
}

/**
 * Adds d`output`/dx to `x.grad`, for every leaf x that requires a gradient, or only for the `inputs` given; and for
 * every tensor on the way whose `retainGrad` was called.
 *
 * @throws ArgumentError if the output, or one of the `inputs`, requires no gradient.
 * @throws ShapeError if the output is not a single number, and there is no `gradOutput` of its shape.
 * @throws AutogradError if the graph was freed by an earlier pass, or a value that a gradient needs has changed.
 */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  checkArgument('backward', 'output', output, aTensor);
  checkOptions('backward', options, backwardOptions);
  const { inputs, gradOutput, createGraph } = options;
  const usedStorages = new Set([gradOutput?.storage]);
  const show = (gradient: Tensor) => usedStorages.add(gradient.storage);
  const gradients = differentiate('backward', output, inputs, { ...options, show });
  const targets = new Set(inputs);
  for (const node of gradients.keys()) {
    const x = node instanceof OpRecord ? node.retaining : node;
    if (x) targets.add(x);
  }
  // An op may pass the same tensor on to several inputs, and a hook may keep it. Copy it then: users may change each `grad` in place.
  const mode = createGraph ? enableGrad : noGrad;
  mode(() => {
    for (const x of targets) {
      const gradient = gradients.get(nodeOf(x));
      if (!gradient) continue;
      if (x.grad) x.grad = add(x.grad, gradient);
      else x.grad = usedStorages.has(gradient.storage) ? mul(gradient, 1) : gradient;
      usedStorages.add(x.grad.storage);
    }
  });
}

export interface DifferentiateOptions {
  gradOutput?: Tensor;
  createGraph?: boolean;
  retainGraph?: boolean;
  /** Called with each gradient that a hook sees or returns. */
  show?: (gradient: Tensor) => void;
  /** Called with the whole gradient of each node: gradients of several uses are added, and its hooks have run. */
  arrive?: (node: GradNode, gradient: Tensor) => void;
  /** Called with each gradient that an op computes for its input `index`, before gradients of several uses are added. */
  visit?: (record: OpRecord, index: number, part: Tensor) => void;
}

/**
 * Reverse-mode differentiation: visits the nodes from the output backwards, each node once, after all nodes that used
 * it. Returns the gradients of the leaves, of `inputs`, and of nodes that retain theirs.
 */
export function differentiate(
  caller: string,
  output: Tensor,
  inputs: readonly Tensor[] | undefined,
  options: DifferentiateOptions,
): Map<GradNode, Tensor> {
  if (!output.requiresGrad) {
    throw new ArgumentError(
      `${caller}: the output requires no gradient; it was computed under noGrad, from tensors that require none, or by a comparison`,
    );
  }
  checkInputs(caller, inputs);
  const { gradOutput, createGraph = false } = options;
  const start = startGradient(caller, output, gradOutput);
  if (isDetectingAnomaly()) checkFinite('gradOutput', start);

  const order = visitsFrom(nodeOf(output));
  const mode = createGraph ? enableGrad : noGrad;
  try {
    order[order.length - 1].gradient = start;
    if (inputs) markNeeded(inputs, order);
    mode(() => runBackward(() => passThrough(order, options)));
    const gradients = new Map<GradNode, Tensor>();
    for (const { node, gradient } of order) if (gradient) gradients.set(node, gradient);
    return gradients;
  } finally {
    for (const one of order) one.end();
  }
}

/** Only the nodes that lead to the inputs are needed. No other gradients are computed. */
function markNeeded(inputs: readonly Tensor[], order: readonly Visit[]): void {
  for (const one of order) one.isNeeded = false;
  for (const input of inputs) {
    const own = nodeOf(input).visit;
    if (own?.pass === order[0].pass) own.isWanted = true;
  }
  for (const one of order) one.isNeeded = one.isWanted || one.leadsToNeeded();
}

/** Passes the gradient on from node to node, from the output backwards. What is not needed after a step is dropped. */
function passThrough(order: readonly Visit[], options: DifferentiateOptions): void {
  const { createGraph = false, retainGraph = createGraph, show, arrive, visit } = options;
  const detecting = isDetectingAnomaly();
  for (let at = order.length - 1; at >= 0; at--) {
    const own = order[at];
    const { node } = own;
    if (!own.gradient) continue;
    const dy = node.hooks ? runHooks(node, own.gradient, show) : own.gradient;
    if (detecting) checkFinite(`a gradient, summed over the tensor's uses and passed through its hooks`, dy);
    arrive?.(node, dy);
    const isKept = !(node instanceof OpRecord) || node.retaining || own.isWanted;
    own.gradient = isKept ? dy : null;
    if (!(node instanceof OpRecord)) continue;

    let passedOn = false;
    for (let index = 0; index < node.edges.length; index++) {
      const to = node.edges[index]?.visit;
      if (!to?.isNeeded) continue;
      passedOn = true;
      const part = node.gradient(index, dy);
      if (detecting) checkInputGradient(node, index, part);
      visit?.(node, index, part);
      to.gradient = to.gradient ? add(to.gradient, part) : part;
    }
    if (passedOn && !retainGraph) node.free();
  }
}

function checkInputs(caller: string, inputs: readonly Tensor[] | undefined): void {
  if (inputs?.length === 0) {
    throw new ArgumentError(
      `${caller}: inputs is empty; give at least one tensor${caller === 'backward' ? ', or leave inputs out for all leaves' : ''}`,
    );
  }
  const constant = inputs?.findIndex((input) => !input.requiresGrad) ?? -1;
  if (constant >= 0) {
    throw new ArgumentError(
      `${caller}: input ${constant}, of shape ${formatShape(inputs![constant].shape)}, requires no gradient; was it ` +
        'detached, or computed under noGrad? If it is a leaf, create it with requiresGrad: true',
    );
  }
}

/** The gradient that the backward pass starts with: `gradOutput`, or 1. */
function startGradient(caller: string, output: Tensor, gradOutput: Tensor | undefined): Tensor {
  if (gradOutput) {
    if (fits(gradOutput, output)) return gradOutput;
    throw unfit(caller, 'gradOutput', gradOutput, 'the output', output);
  }
  if (output.size === 1) return constant(output.shape, 1, output.dtype);
  throw new ShapeError(
    `${caller}: the output has shape ${formatShape(output.shape)}, but must be a single number; ` +
      'reduce it with sum() or mean(), or give gradOutput',
  );
}
