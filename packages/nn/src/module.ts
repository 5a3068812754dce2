import { formatShape, sameShape, Tensor } from '@paragrad/tensor';

/** Tensors by dotted name, as PyTorch's: `0.weight`, `0.bias`, `2.running_mean`, ... */
export type StateDict = Record<string, Tensor>;

/** A module whatever its inputs are: all that counts here are its parameters. */
type AnyModule = Module<never>;

/**
 * A part of a network: tensors it learns and a function of its inputs. Parameters are found, not registered: every
 * property that is a tensor which requires a gradient, here and in the modules that this one holds as properties, by
 * themselves or in arrays. Their names are PyTorch's where the properties' are in camelCase: `inProjWeight` goes by
 * `in_proj_weight`, and the weight of `layers[0]` by `layers.0.weight`.
 */
export abstract class Module<Inputs extends readonly unknown[] = [x: Tensor]> {
  /** Whether layers that differ in training and in use, such as BatchNorm1d, are to train. */
  training = true;

  abstract forward(...inputs: Inputs): Tensor;

  /** Sets `training`, here and in all modules inside. */
  train(training = true): this {
    this.training = training;
    for (const [, child] of this.children()) child.train(training);
    return this;
  }

  /** Makes layers that differ in training and in use ready for use. */
  eval(): this {
    return this.train(false);
  }

  /** The modules directly inside this one, by name. */
  protected children(): [name: string, child: AnyModule][] {
    return propertiesOf(this).filter((entry): entry is [string, AnyModule] => entry[1] instanceof Module);
  }

  /** The tensors of this very module that are not learned and yet part of its state, by name. */
  protected buffers(): [name: string, buffer: Tensor][] {
    return [];
  }

  /** What is learned, by dotted name. A tensor that goes by two names comes once, by the first. */
  namedParameters(): [name: string, parameter: Tensor][] {
    return once(this.#named(parametersOf));
  }

  /** What is not learned and yet part of the state, such as running means. A tensor comes once, as in `namedParameters`. */
  namedBuffers(): [name: string, buffer: Tensor][] {
    return once(this.#named((module) => module.buffers()));
  }

  /** What `own` gives of this module and of those inside, with the path of names to each. */
  #named(own: (module: AnyModule) => [string, Tensor][]): [string, Tensor][] {
    return [
      ...own(this).map(([name, x]): [string, Tensor] => [snakeCase(name), x]),
      ...this.children().flatMap(([name, child]) =>
        child.#named(own).map(([rest, x]): [string, Tensor] => [`${snakeCase(name)}.${rest}`, x]),
      ),
    ];
  }

  /** What an optimizer takes: each tensor once, in a fixed order. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Forgets the parameters' gradients: `backward` adds to those that are there. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * The parameters and buffers themselves, not copies: what is trained later changes in it too. As PyTorch's, it has a
   * tensor by each of its names, so that it fits a module of the same names that shares nothing.
   */
  stateDict(): StateDict {
    return Object.fromEntries([...this.#named(parametersOf), ...this.#named((module) => module.buffers())]);
  }

  /** Copies values into the parameters and buffers. Throws, before changing any, if a name is missing or unknown or a shape differs. */
  loadStateDict(state: StateDict): void {
    const own = Object.entries(this.stateDict());
    const known = new Set(own.map(([name]) => name));
    const unknown = Object.keys(state).filter((name) => !known.has(name));
    const missing = [...known].filter((name) => !(name in state));
    if (unknown.length > 0 || missing.length > 0) {
      throw new Error(
        `loadStateDict: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; the names must be exactly this module's`,
      );
    }
    for (const [name, target] of own) {
      const source = state[name];
      if (!sameShape(source.shape, target.shape)) {
        throw new Error(
          `loadStateDict: ${name} has shape ${formatShape(source.shape)} in the state and ${formatShape(target.shape)} in this module`,
        );
      }
    }
    for (const [name, target] of own) target.update((data) => data.set(state[name].data));
  }
}

/** A module's or an array's properties, and in place of each that is an array, what is in it: `layers.0`, ... */
function propertiesOf(holder: object): [path: string, value: unknown][] {
  return Object.entries(holder).flatMap(([name, value]): [string, unknown][] =>
    Array.isArray(value) ? propertiesOf(value).map(([rest, x]) => [`${name}.${rest}`, x]) : [[name, value]],
  );
}

function parametersOf(module: AnyModule): [string, Tensor][] {
  return propertiesOf(module).filter(
    (entry): entry is [string, Tensor] => entry[1] instanceof Tensor && entry[1].requiresGrad,
  );
}

/** Each tensor by its first name. */
function once(named: [string, Tensor][]): [string, Tensor][] {
  const seen = new Set<Tensor>();
  return named.filter(([, x]) => !seen.has(x) && seen.add(x));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
