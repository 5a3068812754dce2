import {
  ArgumentError,
  type Check,
  checkArgument,
  checkNoMore,
  instanceOf,
  object,
  ShapeError,
  trueOrFalse,
} from '@paragrad/check';
import { aTensor, formatShape, sameShape, type Tensor } from '@paragrad/tensor';

/** Tensors by dotted name, as in PyTorch: `0.weight`, `0.bias`, `2.running_mean`, ... */
export type StateDict = Record<string, Tensor>;

/** A module with inputs of any types. */
export type AnyModule = Module<never>;

/**
 * A part of a network: its learned tensors, and a function of its inputs. As `torch.nn.Module`. Parameters need no
 * registration: a parameter is every property that is a tensor and requires a gradient, in this module and in the
 * modules that are its properties. Tensors and modules in arrays and plain objects count too. A tensor that was computed,
 * such as an output that the module remembers, is no parameter. Names are in snake_case, as in PyTorch: the property
 * `inProjWeight` is named `in_proj_weight`, and the weight of `layers[0]` is named `layers.0.weight`.
 */
export abstract class Module<Inputs extends readonly unknown[] = [x: Tensor]> {
  /** Whether the module is in training mode. Some layers, such as BatchNorm1d, behave differently in evaluation. */
  training = true;

  /** The output for the inputs. A subclass says what it is. */
  abstract forward(...inputs: Inputs): Tensor;

  /** Sets `training` in this module and in all modules inside. */
  train(training = true): this {
    checkNoMore('train', arguments, 1);
    checkArgument('train', 'training', training, trueOrFalse);
    this.#modules(); // throws if a module holds itself: its children would have no end
    this.training = training;
    for (const [, child] of this.namedChildren()) child.train(training);
    return this;
  }

  /** Switches to evaluation mode. */
  eval(): this {
    checkNoMore('eval', arguments, 0);
    return this.train(false);
  }

  /** The modules directly inside this one, by name. */
  protected namedChildren(): [name: string, child: AnyModule][] {
    return propertiesThatAre(aModule, this);
  }

  /** The buffers of this module without those of the modules inside: tensors that are not learned but saved. */
  protected ownBuffers(): [name: string, buffer: Tensor][] {
    return [];
  }

  /** The names in PyTorch's state of this module that have no use here. `loadStateDict` passes over them. */
  protected unusedState(): string[] {
    return [];
  }

  /** All learned tensors, by dotted name. A tensor with two names appears once, under the first. */
  namedParameters(): [name: string, parameter: Tensor][] {
    checkNoMore('namedParameters', arguments, 0);
    return withoutRepeats(this.#named(parametersOf));
  }

  /** All tensors that are not learned but saved, such as running means. A tensor with two names appears once. */
  namedBuffers(): [name: string, buffer: Tensor][] {
    checkNoMore('namedBuffers', arguments, 0);
    return withoutRepeats(this.#named((module) => module.ownBuffers()));
  }

  /** What `own` returns for this module and for each module inside, with dotted names. */
  #named<T>(own: (module: AnyModule) => [string, T][]): [string, T][] {
    return this.#modules().flatMap(([path, module]) =>
      own(module).map(([name, x]): [string, T] => [[...path, name].map(snakeCase).join('.'), x]),
    );
  }

  /** This module and each module inside, with the names that lead to it. `around` are those that this one is in. */
  #modules(path: readonly string[] = [], around: readonly AnyModule[] = []): [path: string[], AnyModule][] {
    if (around.includes(this)) {
      throw new ArgumentError(
        `${around[0].constructor.name}: ${path.join('.')} leads back to a module that holds it; a module cannot be inside itself`,
      );
    }
    return [
      [[...path], this],
      ...this.namedChildren().flatMap(([name, child]) => child.#modules([...path, name], [...around, this])),
    ];
  }

  /** All learned tensors, each once, in a fixed order: the argument of an optimizer. */
  parameters(): Tensor[] {
    checkNoMore('parameters', arguments, 0);
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Removes the gradients of all parameters. Otherwise `backward` adds to them. */
  zeroGrad(): void {
    checkNoMore('zeroGrad', arguments, 0);
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * The parameters and buffers, not copies of them: later training changes them here too. As in PyTorch, a tensor with
   * two names appears under both, so the state also fits a module with the same names that shares no tensors.
   *
   * @throws ArgumentError if two tensors have the same name, such as those of the properties `oneHead` and `one_head`.
   */
  stateDict(): StateDict {
    checkNoMore('stateDict', arguments, 0);
    const state = new Map<string, Tensor>();
    for (const [name, x] of [...this.#named(parametersOf), ...this.#named((module) => module.ownBuffers())]) {
      if (state.has(name)) {
        throw new ArgumentError(
          `${this.constructor.name}: two tensors have the name ${name} in the state, where names are in snake_case; rename one`,
        );
      }
      state.set(name, x);
    }
    return Object.fromEntries(state);
  }

  /**
   * Copies values into the parameters and buffers.
   *
   * @throws ArgumentError if a name is missing or unknown, ShapeError if a shape differs; then it changes nothing.
   */
  loadStateDict(state: StateDict): void {
    checkNoMore('loadStateDict', arguments, 1);
    checkArgument('loadStateDict', 'state', state, object);
    const own = Object.entries(this.stateDict());
    const known = new Set(own.map(([name]) => name));
    const unused = this.#named((module) => module.unusedState().map((name): [string, null] => [name, null]));
    const expected = new Set([...known, ...unused.map(([name]) => name)]);
    const unknown = Object.keys(state).filter((name) => !expected.has(name));
    const missing = [...known].filter((name) => !(name in state));
    if (unknown.length > 0 || missing.length > 0) {
      throw new ArgumentError(
        `loadStateDict: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; the names must be exactly those of this module`,
      );
    }
    for (const [name, target] of own) {
      const source = state[name];
      checkArgument('loadStateDict', name, source, aTensor);
      if (!sameShape(source.shape, target.shape)) {
        throw new ShapeError(
          `loadStateDict: ${name} has shape ${formatShape(source.shape)} in the state and ${formatShape(target.shape)} in this module`,
        );
      }
    }
    for (const [name, target] of own) target.updateValues((data) => data.set(state[name].values));
  }
}

/**
 * The properties of a module. An array or a plain object is replaced by what is in it, named `layers.0`, `heads.move`, ...
 * `around` are those that it is in.
 */
function propertiesOf(holder: object, around: readonly object[] = []): [path: string, value: unknown][] {
  return Object.entries(holder).flatMap(([name, value]): [string, unknown][] => {
    if (!isCollection(value)) return [[name, value]];
    if (around.includes(value)) return [];
    return propertiesOf(value, [...around, value]).map(([rest, x]) => [`${name}.${rest}`, x]);
  });
}

const isCollection = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

const isParameter = (value: unknown): value is Tensor =>
  aTensor.accepts(value) && value.requiresGrad && value.record === null;

function parametersOf(module: AnyModule): [string, Tensor][] {
  return propertiesThatAre(aTensor, module).filter(([, x]) => isParameter(x));
}

/** Throws for what another copy of the package has made, or what a Map or Set holds, because it would not be learned. */
function propertiesThatAre<T>(check: Check<T>, module: AnyModule): [string, T][] {
  return propertiesOf(module).filter((entry): entry is [string, T] => {
    const [name, value] = entry;
    if (check.accepts(value)) return true;
    const explanation = check.explain?.(value) ?? explainHidden(value);
    if (explanation) throw new ArgumentError(`${module.constructor.name}: ${name} ${explanation}`);
    return false;
  });
}

function explainHidden(value: unknown): string | undefined {
  if (!(value instanceof Map || value instanceof Set)) return undefined;
  if (![...value.values()].some((x) => isParameter(x) || aModule.accepts(x))) return undefined;
  return `is a ${value.constructor.name} of modules or parameters, which would not be learned; give an array or a plain object`;
}

/** A module, for checks of arguments. */
export const aModule: Check<AnyModule> = instanceOf<AnyModule>(Module, 'a Module of @paragrad/nn');

/** Keeps only the first name of each tensor. */
function withoutRepeats(named: [string, Tensor][]): [string, Tensor][] {
  const listed = new Set<Tensor>();
  return named.filter(([, x]) => !listed.has(x) && listed.add(x));
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[^.])[A-Z]/g, '_$&').toLowerCase();
}
