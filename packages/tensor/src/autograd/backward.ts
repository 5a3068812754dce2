import { add, mul } from '../ops/arithmetic.js';
import { formatShape, sameShape } from '../shape.js';
import { full, type Tensor } from '../tensor.js';
import { checkGiven, checkGradient } from './anomaly.js';
import { runHooks } from './hooks.js';
import { enableGrad, isDetecting, noGrad, walking } from './modes.js';
import { type GradNode, nodeOf, OpRecord } from './record.js';

export interface GradOptions {
  /** dL/doutput, of output's shape. Only a scalar output may leave it out; then it is 1. */
  gradOutput?: Tensor;
  /** Record the gradients' own computation, to differentiate them again. Default false. */
  createGraph?: boolean;
  /**
   * Keep the values that the gradients needed, to go back a second time. Without it they are freed on the way, and a
   * second walk that needs one is an error. Default: `createGraph`.
   */
  retainGraph?: boolean;
  /** Give null, instead of an error, for an input that the output does not depend on. Default false. */
  allowUnused?: boolean;
}

export interface BackwardOptions {
  gradOutput?: Tensor;
  createGraph?: boolean;
  retainGraph?: boolean;
  /** Accumulate into the `grad` of these only, and compute only what leads to them. Default: every leaf. */
  inputs?: readonly Tensor[];
}

/**
 * The gradients of `output` with respect to `inputs`, as `torch.autograd.grad`: nothing is accumulated anywhere, and
 * only what leads from the output to these inputs is computed.
 */
export function grad(
  output: Tensor,
  inputs: readonly Tensor[],
  options?: GradOptions & { allowUnused?: false },
): Tensor[];
export function grad(output: Tensor, inputs: readonly Tensor[], options?: GradOptions): (Tensor | null)[];
export function grad(
  output: Tensor,
  inputs: readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  if (!Array.isArray(inputs)) throw new Error('grad: inputs is not an array; give a list, such as [x]');
  const gradients = differentiate('grad', output, inputs, options);
  return inputs.map((input, index) => {
    const gradient = gradients.get(nodeOf(input)) ?? null;
    if (gradient === null && !options.allowUnused) {
      throw new Error(
        `grad: the output does not depend on input ${index}, of shape ${formatShape(input.shape)}, by any recorded ` +
          'path; was it detached, or computed under noGrad? allowUnused: true gives null instead',
      );
    }
    return gradient;
  });
}

/**
 * Accumulates d`output`/dx into `x.grad`, for every leaf x that requires a gradient or for the `inputs` given, and for
 * what is on the way and has been told to `retainGrad`.
 */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  const { inputs, gradOutput, createGraph } = options;
  const gradients = differentiate('backward', output, inputs, options);
  const targets = new Set(inputs);
  for (const node of gradients.keys()) {
    const x = node instanceof OpRecord ? node.retaining : node;
    if (x) targets.add(x);
  }
  // An op may pass one gradient on to several inputs; a `grad` is its tensor's own, free to be changed in place.
  const taken = new Set([gradOutput?.storage]);
  const mode = createGraph ? enableGrad : noGrad;
  mode(() => {
    for (const x of targets) {
      const gradient = gradients.get(nodeOf(x));
      if (!gradient) continue;
      x.grad = x.grad ? add(x.grad, gradient) : taken.has(gradient.storage) ? mul(gradient, 1) : gradient;
      taken.add(x.grad.storage);
    }
  });
}

export interface WalkOptions {
  gradOutput?: Tensor;
  createGraph?: boolean;
  retainGraph?: boolean;
  /** Sees each part of a gradient as it is passed from an op's output to its input `index`. */
  visit?: (record: OpRecord, index: number, part: Tensor) => void;
}

/** Reverse mode: walks the records from the output back, each node once, after everything that used it. */
export function differentiate(
  caller: string,
  output: Tensor,
  inputs: readonly Tensor[] | undefined,
  { gradOutput, createGraph = false, retainGraph = createGraph, visit }: WalkOptions,
): Map<GradNode, Tensor> {
  if (!output.requiresGrad) {
    throw new Error(
      `${caller}: the output requires no gradient: nothing it was computed from does, or it was computed under noGrad`,
    );
  }
  checkInputs(caller, inputs);
  const wanted = inputs && new Set(inputs.map(nodeOf));
  const order = topologicalOrder(nodeOf(output));
  const leads = wanted ? leadingTo(wanted, order) : new Set(order);
  const kept = (node: GradNode) => !(node instanceof OpRecord) || node.retaining || wanted?.has(node);

  const start = seed(caller, output, gradOutput);
  const detecting = isDetecting();
  if (detecting) checkGiven('gradOutput', start);

  const gradients = new Map<GradNode, Tensor>([[nodeOf(output), start]]);
  const mode = createGraph ? enableGrad : noGrad;
  const walk = (): void => {
    for (const node of order.reverse()) {
      const total = gradients.get(node);
      if (!total) continue;
      const dy = runHooks(node, total);
      if (detecting) checkGiven(`a gradient, summed over the tensor's uses and seen by its hooks`, dy);
      if (kept(node)) gradients.set(node, dy);
      else gradients.delete(node); // all of it is passed on now: let the memory go
      if (!(node instanceof OpRecord)) continue;

      let passedOn = false;
      node.edges.forEach((to, index) => {
        if (!to || !leads.has(to)) return;
        passedOn = true;
        const part = node.gradient(index, dy);
        if (!part) return;
        if (detecting) checkGradient(node, index, part);
        visit?.(node, index, part);
        const others = gradients.get(to);
        gradients.set(to, others ? add(others, part) : part);
      });
      if (passedOn && !retainGraph) node.free();
    }
  };
  mode(() => walking(walk));
  return gradients;
}

function checkInputs(caller: string, inputs: readonly Tensor[] | undefined): void {
  if (inputs?.length === 0) {
    throw new Error(
      `${caller}: inputs is empty; give at least one tensor${caller === 'backward' ? ', or leave it out for all leaves' : ''}`,
    );
  }
  const constant = inputs?.findIndex((input) => !input.requiresGrad) ?? -1;
  if (constant >= 0) {
    throw new Error(
      `${caller}: input ${constant}, of shape ${formatShape(inputs![constant].shape)}, requires no gradient; was it ` +
        'detached, or computed under noGrad? Create it with requiresGrad: true',
    );
  }
}

function seed(caller: string, output: Tensor, gradOutput: Tensor | undefined): Tensor {
  if (gradOutput) {
    if (sameShape(gradOutput.shape, output.shape)) return gradOutput;
    throw new Error(
      `${caller}: gradOutput has shape ${formatShape(gradOutput.shape)}, the output ${formatShape(output.shape)}; they must be equal`,
    );
  }
  if (output.size === 1) return full(output.shape, 1, { dtype: output.dtype });
  throw new Error(
    `${caller}: the output has shape ${formatShape(output.shape)}, and only a single number has a gradient by itself; ` +
      'reduce it with sum() or mean(), or give gradOutput',
  );
}

/** Every node that gradients can reach from `root`, inputs before what uses them. Iterative: graphs can be deep. */
function topologicalOrder(root: GradNode): GradNode[] {
  const order: GradNode[] = [];
  const seen = new Set<GradNode>([root]);
  const stack: { node: GradNode; next: number }[] = [{ node: root, next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const edges = edgesOf(top.node);
    if (top.next === edges.length) {
      order.push(top.node);
      stack.pop();
      continue;
    }
    const node = edges[top.next++];
    if (node && !seen.has(node)) {
      seen.add(node);
      stack.push({ node, next: 0 });
    }
  }
  return order;
}

/** The nodes from which a wanted one can be reached. What is not among them is never computed. */
function leadingTo(wanted: ReadonlySet<GradNode>, order: readonly GradNode[]): Set<GradNode> {
  const leads = new Set<GradNode>();
  for (const node of order) {
    if (wanted.has(node) || edgesOf(node).some((to) => to && leads.has(to))) leads.add(node);
  }
  return leads;
}

function edgesOf(node: GradNode): OpRecord['edges'] {
  return node instanceof OpRecord ? node.edges : [];
}
