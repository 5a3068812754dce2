import { ArgumentError, atLeast0, checkArgument, checkNoMore, integerFrom0, object } from '@paragrad/check';
import { aTensor, type FloatArray, formatShape, pin, scalar, someTensors, Tensor } from '@paragrad/tensor';
import type { StateDict } from '../module.js';

/** The values that an optimizer stores for one parameter: numbers, and tensors of the parameter's shape. `step` counts its steps. */
export type ParameterState = { [name: string]: number | Tensor };

/**
 * Moves parameters against their gradients. A subclass says how, for one parameter, in `updateParameter`. As
 * `torch.optim.Optimizer`, with a single group of parameters.
 */
export abstract class Optimizer<State extends ParameterState = ParameterState> {
  /** What it moves. */
  readonly parameters: readonly Tensor[];
  readonly #states: readonly State[];
  #lr = 0;

  /**
   * What all optimizers share: these parameters, a learning rate, and a state for each parameter.
   *
   * @throws ArgumentError if there are no parameters; if a parameter appears twice, because it would move twice in a step; and
   * if one is computed from others or requires no gradient, because it would never move. (PyTorch accepts the last one.)
   */
  constructor(parameters: readonly Tensor[], lr: number, initialState: (parameter: Tensor) => State) {
    if (!someTensors.accepts(parameters)) {
      const wrong =
        someTensors.explain?.(parameters) ?? 'is not an array of tensors; pass module.parameters()';
      throw new ArgumentError(`Optimizer: parameters ${wrong}`);
    }
    if (parameters.length === 0)
      throw new ArgumentError('Optimizer: no parameters; pass module.parameters()');
    const repeated = parameters.findIndex((parameter, index) => parameters.indexOf(parameter) !== index);
    if (repeated !== -1)
      throw new ArgumentError(`Optimizer: parameter ${repeated} appears twice; pass each parameter once`);
    const constant = parameters.findIndex(({ requiresGrad, record }) => !requiresGrad || record);
    if (constant !== -1) {
      const why = parameters[constant].record ? 'is computed from others' : 'requires no gradient';
      throw new ArgumentError(
        `Optimizer: parameter ${constant} of shape ${formatShape(parameters[constant].shape)} ${why}; pass tensors made with { requiresGrad: true }`,
      );
    }
    this.parameters = parameters.slice(); // a copy: the caller may change the array later
    this.#states = parameters.map(initialState);
    const stored = this.#states.flatMap((state) => Object.values(state));
    pin([...parameters, ...stored.filter((value) => value instanceof Tensor)]);
    this.lr = lr;
  }

  /** The learning rate. It can be changed at any time, as schedules do. */
  get lr(): number {
    return this.#lr;
  }
  set lr(lr: number) {
    checkArgument('Optimizer', 'lr', lr, atLeast0);
    this.#lr = lr;
  }

  /** Updates each parameter that has a `grad`. A parameter without one keeps its value and its state. */
  step(): void {
    checkNoMore('step', arguments, 0);
    this.parameters.forEach((parameter, index) => {
      const { grad } = parameter;
      if (!grad) return;
      parameter.updateValues((p) => this.updateParameter(p, grad.values, this.#states[index]));
    });
  }

  /** Updates one parameter p with gradient g. Changes p and its state in place. Do not keep the arrays. */
  protected abstract updateParameter(p: FloatArray, g: FloatArray, state: State): void;

  /** Removes the gradients of all parameters. Otherwise `backward` adds to them. */
  zeroGrad(): void {
    checkNoMore('zeroGrad', arguments, 0);
    for (const parameter of this.parameters) parameter.grad = null;
  }

  /**
   * Everything that a step depends on and that changes over time: `lr`, `0.step`, `0.mean`, ...; numbers are float64
   * scalars. Other options of the constructor are not included. Unlike a module's state dict this is a copy: later
   * training does not change it.
   */
  stateDict(): StateDict {
    checkNoMore('stateDict', arguments, 0);
    const entries = this.#states.flatMap((state, index) =>
      Object.entries(state).map(([name, value]): [string, Tensor] => [
        `${index}.${name}`,
        typeof value === 'number' ? scalar(value, 'float64') : new Tensor(value.values.slice(), value.shape),
      ]),
    );
    return { lr: scalar(this.lr, 'float64'), ...Object.fromEntries(entries) };
  }

  /**
   * Restores a state.
   *
   * @throws ArgumentError if it does not fit this optimizer and its parameters; then it changes nothing.
   */
  loadStateDict(state: StateDict): void {
    checkNoMore('loadStateDict', arguments, 1);
    checkArgument('loadStateDict', 'state', state, object);
    const own = this.stateDict();
    const unknown = Object.keys(state).filter((name) => !Object.hasOwn(own, name));
    const missing = Object.keys(own).filter((name) => !Object.hasOwn(state, name));
    if (unknown.length > 0 || missing.length > 0) {
      throw new ArgumentError(
        `loadStateDict: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; the names must be exactly those of this optimizer`,
      );
    }
    for (const name of Object.keys(own)) {
      checkArgument('loadStateDict', name, state[name], aTensor);
      const [loaded, expected] = [describe(state[name]), describe(own[name])];
      if (loaded !== expected) {
        throw new ArgumentError(
          `loadStateDict: ${name} is ${loaded} in the state and ${expected} in this optimizer; they must be equal`,
        );
      }
      if (name.endsWith('.step')) checkArgument('loadStateDict', name, state[name].item(), integerFrom0);
    }
    this.lr = state.lr.item(); // first, because it throws if the learning rate is invalid
    this.#states.forEach((ownState: ParameterState, index) => {
      for (const [name, value] of Object.entries(ownState)) {
        const saved = state[`${index}.${name}`];
        if (typeof value === 'number') ownState[name] = saved.item();
        else value.updateValues((values) => values.set(saved.values));
      }
    });
  }
}

/** The properties that must be equal so that the numbers of one tensor can replace those of another. */
function describe({ dtype, shape }: Tensor): string {
  return `${dtype} of shape ${formatShape(shape)}`;
}
