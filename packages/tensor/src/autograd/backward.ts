import { ArgumentError, checkArgument, checkOptions, type OptionChecks, trueOrFalse } from '@paragrad/check';
import { aTensor, someTensors } from '../argument-checks.js';
import { full } from '../create.js';
import { add, mul } from '../ops/arithmetic.js';
import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { checkFinite, checkInputGradient } from './anomaly.js';
import { runHooks } from './hooks.js';
import { enableGrad, isDetectingAnomaly, noGrad, runBackward } from './modes.js';
import { type GradNode, nodeOf, OpRecord } from './record.js';

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
 */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  checkArgument('backward', 'output', output, aTensor);
  checkOptions('backward', options, backwardOptions);
  const { inputs, gradOutput, createGraph } = options;
  const gradients = differentiate('backward', output, inputs, options);
  const targets = new Set(inputs);
  for (const node of gradients.keys()) {
    const x = node instanceof OpRecord ? node.retaining : node;
    if (x) targets.add(x);
  }
  // An op may pass the same tensor on to several inputs. Copy it then: users may change each `grad` in place.
  const usedStorages = new Set([gradOutput?.storage]);
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
  { gradOutput, createGraph = false, retainGraph = createGraph, arrive, visit }: DifferentiateOptions,
): Map<GradNode, Tensor> {
  if (!output.requiresGrad) {
    throw new ArgumentError(
      `${caller}: the output requires no gradient; it was computed under noGrad, or from tensors that require none`,
    );
  }
  checkInputs(caller, inputs);
  const wanted = inputs && new Set(inputs.map(nodeOf));
  const order = topologicalOrder(nodeOf(output));
  const needed = wanted ? nodesLeadingTo(wanted, order) : new Set(order);
  const keepsGradient = (node: GradNode) =>
    !(node instanceof OpRecord) || node.retaining || wanted?.has(node);

  const start = startGradient(caller, output, gradOutput);
  const detecting = isDetectingAnomaly();
  if (detecting) checkFinite('gradOutput', start);

  const gradients = new Map<GradNode, Tensor>([[nodeOf(output), start]]);
  const mode = createGraph ? enableGrad : noGrad;
  const visitNodes = (): void => {
    for (const node of order.reverse()) {
      const total = gradients.get(node);
      if (!total) continue;
      const dy = runHooks(node, total);
      if (detecting)
        checkFinite(`a gradient, summed over the tensor's uses and passed through its hooks`, dy);
      arrive?.(node, dy);
      if (keepsGradient(node)) gradients.set(node, dy);
      else gradients.delete(node); // not needed after this step: free the memory
      if (!(node instanceof OpRecord)) continue;

      let passedOn = false;
      node.edges.forEach((to, index) => {
        if (!to || !needed.has(to)) return;
        passedOn = true;
        const part = node.gradient(index, dy);
        if (!part) return;
        if (detecting) checkInputGradient(node, index, part);
        visit?.(node, index, part);
        const others = gradients.get(to);
        gradients.set(to, others ? add(others, part) : part);
      });
      if (passedOn && !retainGraph) node.free();
    }
  };
  mode(() => runBackward(visitNodes));
  return gradients;
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
    if (sameShape(gradOutput.shape, output.shape)) return gradOutput;
    throw new ArgumentError(
      `${caller}: gradOutput has shape ${formatShape(gradOutput.shape)} and the output ${formatShape(output.shape)}; the two must be equal`,
    );
  }
  if (output.size === 1) return full(output.shape, 1, { dtype: output.dtype });
  throw new ArgumentError(
    `${caller}: the output has shape ${formatShape(output.shape)}, but must be a single number; ` +
      'reduce it with sum() or mean(), or give gradOutput',
  );
}

/**
 * Every node that gradients can reach from `root`. Each node comes before the nodes that use it. Not recursive, because
 * graphs can be deeper than the call stack.
 */
export function topologicalOrder(root: GradNode): GradNode[] {
  const order: GradNode[] = [];
  const visited = new Set<GradNode>([root]);
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
    if (node && !visited.has(node)) {
      visited.add(node);
      stack.push({ node, next: 0 });
    }
  }
  return order;
}

/** The nodes from which a wanted node can be reached. No other gradients are computed. */
function nodesLeadingTo(wanted: ReadonlySet<GradNode>, order: readonly GradNode[]): Set<GradNode> {
  const needed = new Set<GradNode>();
  for (const node of order) {
    if (wanted.has(node) || edgesOf(node).some((to) => to && needed.has(to))) needed.add(node);
  }
  return needed;
}

function edgesOf(node: GradNode): OpRecord['edges'] {
  return node instanceof OpRecord ? node.edges : [];
}
