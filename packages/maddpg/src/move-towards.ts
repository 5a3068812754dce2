import type { Module } from '@paragrad/nn';

/** θ' <- τ θ + (1 - τ) θ', in place, for every parameter of a target and the one of its network */
export function moveTowards(target: Module<never>, network: Module<never>, tau: number): void {
  const sources = network.parameters();
  target.parameters().forEach((parameter, p) => {
    const source = sources[p].data;
    parameter.update((data) => {
      for (let k = 0; k < data.length; k++) data[k] = tau * source[k] + (1 - tau) * data[k];
    });
  });
}
