import { noGrad } from '../autograd/modes.js';
import { nodeOf, OpRecord } from '../autograd/record.js';
import { topologicalOrder } from '../autograd/visits.js';
import { formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { type Fault, firstFault, indexOf, irregularWeights, type Tolerance, WEIGHT_SCALES } from './judge.js';

/** The op in a graph whose own gradient is wrong. */
export interface Culprit {
  op: string;
  /** Which input of the op, and where in it. */
  input: number;
  index: number[];
  fault: Fault;
}

/** So many elements are compared at most, because a report must not take longer than the check. */
const MOST_ELEMENTS = 2000;

/**
 * Walks through the graph of `output`, from the leaves on, and compares the gradient of each op with finite differences
 * of this op alone. Returns the first op whose gradient is wrong; null if there is none.
 */
export function findCulprit(output: Tensor, tolerance: Tolerance): Culprit | null {
  let compared = 0;
  for (const record of recordsOf(output)) {
    const inputs = record.call.inputs.map(copyOf);
    compared += inputs.reduce((total, { size }) => total + size, 0);
    if (compared > MOST_ELEMENTS) return null;
    for (let input = 0; input < inputs.length; input++) {
      const fault = record.edges[input] ? faultOf(record, inputs, input, tolerance) : null;
      if (fault) {
        return { op: record.op, input, index: indexOf(fault.element, inputs[input].shape), fault };
      }
    }
  }
  return null;
}

function faultOf(
  record: OpRecord,
  inputs: readonly Tensor[],
  index: number,
  tolerance: Tolerance,
): Fault | null {
  const { attrs } = record.call;
  const compute = () => noGrad(() => record.rules.forward(inputs, attrs));
  const output = copyOf(compute());
  const evaluate = () => compute().data.slice();
  for (const scale of WEIGHT_SCALES) {
    const dy = irregularWeights(output.shape, scale);
    const dx = noGrad(() => record.rules.gradientAt(index, dy, { inputs, output, attrs }));
    const fault = firstFault(evaluate, inputs[index].data, dx.data.slice(), dy.data, tolerance);
    if (fault?.kind === 'wrong gradient') return fault;
  }
  return null;
}

/** Where the graph of `output` was cut: `input 1 of mul, [2, 3], is detached from tanh`. */
export function cutsOf(output: Tensor): string[] {
  return recordsOf(output).flatMap(({ op, call }) =>
    call.inputs.flatMap(({ detachedFrom, requiresGrad, shape }, index) => {
      if (requiresGrad || !detachedFrom) return [];
      const from = detachedFrom instanceof Tensor ? 'an input' : detachedFrom.op;
      return [`input ${index} of ${op}, ${formatShape(shape)}, is detached from ${from}`];
    }),
  );
}

function recordsOf(output: Tensor): OpRecord[] {
  return topologicalOrder(nodeOf(output)).filter((node) => node instanceof OpRecord);
}

/** A copy of a value in the graph. A value that was never stored, because a kernel fused two ops, is computed again. */
function copyOf(x: Tensor): Tensor {
  if (x.record && x.storage.array.length !== x.size) {
    const { rules, call } = x.record;
    return rules.forward(call.inputs.map(copyOf), call.attrs);
  }
  return new Tensor(x.data.slice(), x.shape);
}
