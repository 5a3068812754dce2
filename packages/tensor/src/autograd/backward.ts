import { add } from '../ops/arithmetic.js';
import { formatShape, sameShape } from '../shape.js';
import { full, type Tensor } from '../tensor.js';
import { enableGrad, noGrad } from './modes.js';

export interface GradOptions {
  /** dL/doutput, of output's shape. Only a scalar output may leave it out; then it is 1. */
  gradOutput?: Tensor;
  /** Record the gradients' own computation, to differentiate them again. Default false. */
  createGraph?: boolean;
  /** Give null, instead of an error, for an input that the output does not depend on. Default false. */
  allowUnused?: boolean;
}

export interface BackwardOptions {
  gradOutput?: Tensor;
  createGraph?: boolean;
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
  const gradients = differentiate('grad', output, inputs, options);
  return inputs.map((input, index) => {
    const gradient = gradients.get(input) ?? null;
    if (gradient === null && !options.allowUnused) {
      throw new Error(
        `grad: the output does not depend on input ${index}, of shape ${formatShape(input.shape)}, by any recorded ` +
          'path; was it detached, or computed under noGrad? allowUnused: true gives null instead',
      );
    }
    return gradient;
  });
}

/** Accumulates d`output`/dx into `x.grad`, for every leaf x that requires a gradient or for the `inputs` given. */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  const gradients = differentiate('backward', output, options.inputs, options);
  for (const x of options.inputs ?? leavesOf(gradients)) {
    const gradient = gradients.get(x);
    if (gradient) x.grad = x.grad ? noGrad(() => add(x.grad!, gradient)) : gradient;
  }
}

function leavesOf(gradients: Map<Tensor, Tensor>): Tensor[] {
  return [...gradients.keys()].filter((x) => x.record === null);
}

/** Reverse mode: walks the records from the output back, each node once, after everything that used it. */
function differentiate(
  caller: string,
  output: Tensor,
  inputs: readonly Tensor[] | undefined,
  options: { gradOutput?: Tensor; createGraph?: boolean },
): Map<Tensor, Tensor> {
  if (!output.requiresGrad) {
    throw new Error(
      `${caller}: the output requires no gradient: nothing it was computed from does, or it was computed under noGrad`,
    );
  }
  const wanted = inputs && new Set(inputs);
  const order = topologicalOrder(output);
  const leads = wanted ? leadingTo(wanted, order) : new Set(order);

  const gradients = new Map<Tensor, Tensor>([[output, seed(caller, output, options.gradOutput)]]);
  const mode = options.createGraph ? enableGrad : noGrad;
  mode(() => {
    for (const y of order.reverse()) {
      const dy = gradients.get(y);
      if (!dy || !y.record) continue;
      y.record.inputs.forEach((x, index) => {
        if (!x.requiresGrad || !leads.has(x)) return;
        const dx = y.record!.gradient(index, dy);
        if (!dx) return;
        const others = gradients.get(x);
        gradients.set(x, others ? add(others, dx) : dx);
      });
      if (!wanted?.has(y)) gradients.delete(y); // all of it has been passed on: let the memory go
    }
  });
  return gradients;
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

/** Every node that gradients can reach from `output`, inputs before what uses them. Iterative: graphs can be deep. */
function topologicalOrder(output: Tensor): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>([output]);
  const stack: { node: Tensor; next: number }[] = [{ node: output, next: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const input = top.node.record?.inputs[top.next++];
    if (input === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (input.requiresGrad && !seen.has(input)) {
      seen.add(input);
      stack.push({ node: input, next: 0 });
    }
  }
  return order;
}

/** The nodes from which a wanted one can be reached. What is not among them is never computed. */
function leadingTo(wanted: ReadonlySet<Tensor>, order: readonly Tensor[]): Set<Tensor> {
  const leads = new Set<Tensor>();
  for (const node of order) {
    if (wanted.has(node) || node.record?.inputs.some((input) => leads.has(input))) leads.add(node);
  }
  return leads;
}
