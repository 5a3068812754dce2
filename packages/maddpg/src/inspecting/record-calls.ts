import type { Module } from '@paragrad/nn';
import { Tensor } from '@paragrad/tensor';

export type AnyModule = Module<never>;

/** One call of a network: what it took and what it gave. */
export interface NetworkCall {
  readonly network: AnyModule;
  readonly method: string;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
}

/** How a network is called: `message` by agents that send some, `logits` and `beforeTanh` by the penalties on them. */
const METHODS = ['forward', 'message', 'logits', 'beforeTanh'];

/** Runs `compute`, which sees the list of calls of these networks grow. Afterwards the networks are as before. */
export function recordCalls<T>(
  networks: readonly AnyModule[],
  compute: (calls: readonly NetworkCall[]) => T,
): { result: T; calls: NetworkCall[] } {
  const calls: NetworkCall[] = [];
  const listening = networks.flatMap((network) =>
    METHODS.filter((method) => typeof methodOf(network, method) === 'function').map((method) => {
      const own = Object.getOwnPropertyDescriptor(network, method);
      const original = methodOf(network, method) as (...args: unknown[]) => Tensor;
      const value = (...args: unknown[]): Tensor => {
        const output = original.apply(network, args);
        calls.push({ network, method, inputs: args.flat().filter((one) => one instanceof Tensor), output });
        return output;
      };
      Object.defineProperty(network, method, { value, configurable: true }); // not enumerable: modules list their properties
      return { network, method, own };
    }),
  );
  try {
    return { result: compute(calls), calls };
  } finally {
    for (const { network, method, own } of listening) {
      if (own) Object.defineProperty(network, method, own);
      else Reflect.deleteProperty(network, method);
    }
  }
}

function methodOf(network: AnyModule, method: string): unknown {
  return (network as unknown as Record<string, unknown>)[method];
}
