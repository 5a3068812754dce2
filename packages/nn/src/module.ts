import { formatShape, sameShape, Tensor } from '@paragrad/tensor';

/** Tensors by dotted name, as PyTorch's: `0.weight`, `0.bias`, `2.weight`, ... */
export type StateDict = Record<string, Tensor>;

/** A module whatever its inputs are: all that counts here are its parameters. */
type AnyModule = Module<never>;

/**
 * A part of a network: tensors it learns and a function of its inputs. Parameters are found, not registered: every
 * property that is a tensor which requires a gradient, here and in the modules that this one holds as properties.
 */
export abstract class Module<Inputs extends readonly unknown[] = [x: Tensor]> {
  abstract forward(...inputs: Inputs): Tensor;

  /** The modules directly inside this one, by name. */
  protected children(): [name: string, child: AnyModule][] {
    return Object.entries(this).filter((entry): entry is [string, AnyModule] => entry[1] instanceof Module);
  }

  namedParameters(): [name: string, parameter: Tensor][] {
    const own = Object.entries(this).filter(
      (entry): entry is [string, Tensor] => entry[1] instanceof Tensor && entry[1].requiresGrad,
    );
    const inner = this.children().flatMap(([name, child]) =>
      child.namedParameters().map(([rest, parameter]): [string, Tensor] => [`${name}.${rest}`, parameter]),
    );
    return [...own, ...inner];
  }

  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** The parameters themselves, not copies: what is trained later changes in it too. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedParameters());
  }

  /** Copies values into the parameters. Throws, before changing any, if a name is missing or unknown or a shape differs. */
  loadStateDict(state: StateDict): void {
    const parameters = this.namedParameters();
    const known = new Set(parameters.map(([name]) => name));
    const unknown = Object.keys(state).filter((name) => !known.has(name));
    const missing = [...known].filter((name) => !(name in state));
    if (unknown.length > 0 || missing.length > 0) {
      throw new Error(
        `loadStateDict: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; the names must be exactly this module's`,
      );
    }
    for (const [name, parameter] of parameters) {
      const source = state[name];
      if (!sameShape(source.shape, parameter.shape)) {
        throw new Error(
          `loadStateDict: ${name} has shape ${formatShape(source.shape)} in the state and ${formatShape(parameter.shape)} in this module`,
        );
      }
    }
    for (const [name, parameter] of parameters) parameter.update((data) => data.set(state[name].data));
  }
}
