import { type FloatArray, formatShape, sameShape, scalar, Tensor } from '@paragrad/tensor';
import type { StateDict } from '../module.js';

/** What an optimizer remembers of one parameter: numbers, and arrays as long as the parameter. */
export type Memory = { [name: string]: number | FloatArray };

/**
 * Moves parameters against their gradients. How far, and what of earlier gradients counts, is what an optimizer is:
 * `move`, one equation for one parameter. As `torch.optim.Optimizer`, with one group of parameters.
 */
export abstract class Optimizer<M extends Memory = Memory> {
  readonly parameters: readonly Tensor[];
  readonly #memories: readonly M[];
  #lr = 0;

  /**
   * Throws where there is no parameter; where one is there twice, which would move it twice in a step; and where one is
   * computed, or requires no gradient: it would stay where it is without a word. (PyTorch takes the latter.)
   */
  constructor(parameters: readonly Tensor[], lr: number, remember: (parameter: Tensor) => M) {
    if (!Array.isArray(parameters) || !parameters.every((parameter) => parameter instanceof Tensor))
      throw new Error('optimizer: not an array of tensors; pass module.parameters()');
    if (parameters.length === 0) throw new Error('optimizer: no parameters; pass module.parameters()');
    const twice = parameters.findIndex((parameter, index) => parameters.indexOf(parameter) !== index);
    if (twice !== -1) throw new Error(`optimizer: parameter ${twice} is there twice; pass each one once`);
    const still = parameters.findIndex(({ requiresGrad, record }) => !requiresGrad || record);
    if (still !== -1) {
      const why = parameters[still].record ? 'is computed from others' : 'requires no gradient';
      throw new Error(
        `optimizer: parameter ${still} of shape ${formatShape(parameters[still].shape)} ${why}; pass tensors made with { requiresGrad: true }`,
      );
    }
    this.parameters = parameters;
    this.#memories = parameters.map(remember);
    this.lr = lr;
  }

  /** Learning rate. Can be set at any time; the schedules do. */
  get lr(): number {
    return this.#lr;
  }
  set lr(lr: number) {
    this.#lr = fromZero('lr', lr);
  }

  /** Moves each parameter that has a `grad`. One without is left alone, and so is what is remembered of it. */
  step(): void {
    this.parameters.forEach((parameter, index) => {
      const { grad } = parameter;
      if (!grad) return;
      if (!sameShape(grad.shape, parameter.shape)) {
        throw new Error(
          `optimizer: parameter ${index} has shape ${formatShape(parameter.shape)} and its grad ${formatShape(grad.shape)}; they must be equal`,
        );
      }
      parameter.update((data) => this.move(data, grad.data, this.#memories[index]));
    });
  }

  /** One step of one parameter: changes p and what is remembered of it, in place. g is its gradient. */
  protected abstract move(p: FloatArray, g: FloatArray, memory: M): void;

  /** Forgets the gradients: `backward` adds to those that are there. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = null;
  }

  /**
   * All that a step depends on and that changes over time, so not the constructor's other options: `lr`, `0.step`,
   * `0.mean`, ...; numbers as float64 scalars. A copy, unlike a module's: it stays what it is when training goes on.
   */
  stateDict(): StateDict {
    const remembered = this.#memories.flatMap((memory, index) =>
      Object.entries(memory).map(([name, value]): [string, Tensor] => [
        `${index}.${name}`,
        typeof value === 'number'
          ? scalar(value, 'float64')
          : new Tensor(value.slice(), this.parameters[index].shape),
      ]),
    );
    return { lr: scalar(this.lr, 'float64'), ...Object.fromEntries(remembered) };
  }

  /** Goes back to a state. Throws, before changing anything, if it is not of such an optimizer with such parameters. */
  loadStateDict(state: StateDict): void {
    const own = this.stateDict();
    const unknown = Object.keys(state).filter((name) => !Object.hasOwn(own, name));
    const missing = Object.keys(own).filter((name) => !Object.hasOwn(state, name));
    if (unknown.length > 0 || missing.length > 0) {
      throw new Error(
        `loadStateDict: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; the names must be exactly this optimizer's`,
      );
    }
    for (const name of Object.keys(own)) {
      const [theirs, ours] = [kindOf(state[name]), kindOf(own[name])];
      if (theirs !== ours) {
        throw new Error(`loadStateDict: ${name} is ${theirs} in the state and ${ours} in this optimizer`);
      }
    }
    this.lr = state.lr.item(); // first, because it throws where it is no learning rate
    this.#memories.forEach((memory: Memory, index) => {
      for (const [name, value] of Object.entries(memory)) {
        const saved = state[`${index}.${name}`];
        if (typeof value === 'number') memory[name] = saved.item();
        else value.set(saved.data);
      }
    });
  }
}

/** The value, if it is a finite number from 0. Throws otherwise. */
export function fromZero(name: string, value: number): number {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
    throw new Error(`optimizer: ${name} ${value}; give a number from 0`);
  return value;
}

/** What must agree for one tensor's numbers to take another's place, exactly. */
function kindOf({ dtype, shape }: Tensor): string {
  return `${dtype} of shape ${formatShape(shape)}`;
}
