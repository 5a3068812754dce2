import { formatShape, sameShape, Tensor } from '@paragrad/tensor';

/** Tensors by dotted name, as PyTorch's: `0.weight`, `0.bias`, `2.running_mean`, ... */
export type StateDict = Record<string, Tensor>;

/** A module whatever its inputs are: all that counts here are its parameters. */
type AnyModule = Module<never>;

/**
 * A part of a network: tensors it learns and a function of its inputs. Parameters are found, not registered: every
 * property that is a tensor which requires a gradient, here and in the modules that this one holds as properties. Their
 * names are PyTorch's where the properties' are in camelCase: `inProjWeight` goes by `in_proj_weight`.
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
    return Object.entries(this).filter((entry): entry is [string, AnyModule] => entry[1] instanceof Module);
  }

  /** The tensors of this very module that are not learnt and yet part of its state, by name. */
  protected buffers(): [name: string, buffer: Tensor][] {
    return [];
  }

  namedParameters(): [name: string, parameter: Tensor][] {
    return this.#named((module) =>
      Object.entries(module).filter(
        (entry): entry is [string, Tensor] => entry[1] instanceof Tensor && entry[1].requiresGrad,
      ),
    );
  }

  namedBuffers(): [name: string, buffer: Tensor][] {
    return this.#named((module) => module.buffers());
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

  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** The parameters and buffers themselves, not copies: what is trained later changes in it too. */
  stateDict(): StateDict {
    return Object.fromEntries([...this.namedParameters(), ...this.namedBuffers()]);
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

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
