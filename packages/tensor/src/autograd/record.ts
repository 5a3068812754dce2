import { formatShape, sameShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { isRecording } from './modes.js';

/** What an op leaves behind on its output: enough to take the gradient through it later. */
export interface OpRecord {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** The op's other arguments: axes, a target shape, ... */
  readonly attrs: unknown;
  /** The gradient with respect to input `index`, given `dy` with respect to the output; null where there is none. */
  gradient(index: number, dy: Tensor): Tensor | null;
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
export const noGradient = 'no gradient';

export interface OpDefinition<I extends Inputs, A> {
  forward(inputs: I, attrs: A): Tensor;
  /**
   * One gradient for each input, so that a missing one is a compile error; each is called only where that gradient
   * is wanted. An op of any number of inputs gives a function of the input's index instead.
   */
  readonly gradient: number extends I['length']
    ? (index: number) => Gradient<I, A>
    : { readonly [K in keyof I]: Gradient<I, A> | typeof noGradient };
}

/**
 * Defines a differentiable op. Returns the function that runs it and, where an input requires a gradient and
 * recording is on, leaves the record.
 */
export function defineOp<I extends Inputs, A = void>(
  name: string,
  definition: OpDefinition<I, A>,
): (inputs: I, attrs: A) => Tensor {
  const gradientOf = (index: number) =>
    typeof definition.gradient === 'function'
      ? definition.gradient(index)
      : (definition.gradient as readonly (Gradient<I, A> | typeof noGradient)[])[index];

  return (inputs, attrs) => {
    for (const input of inputs) {
      if (input.dtype !== inputs[0].dtype) {
        throw new Error(
          `${name}: the operands are ${inputs.map((x) => x.dtype).join(' and ')}; give all the same type`,
        );
      }
    }
    const output = definition.forward(inputs, attrs);
    if (!isRecording() || !inputs.some((input) => input.requiresGrad)) return output;

    const record: OpRecord = {
      op: name,
      inputs,
      attrs,
      gradient(index, dy) {
        const gradient = gradientOf(index);
        if (gradient === noGradient) return null;
        const dx = gradient(dy, { inputs, output: recorded, attrs });
        if (!sameShape(dx.shape, inputs[index].shape)) {
          throw new Error(
            `${name}: its gradient for input ${index} has shape ${formatShape(dx.shape)}, ` +
              `the input ${formatShape(inputs[index].shape)}; a gradient has its input's shape`,
          );
        }
        return dx;
      },
    };
    const recorded = new Tensor(output.data, output.shape, { requiresGrad: true, record });
    return recorded;
  };
}
