import { loadCheckpoint, type Policy, parseConfig, policyOf, type RunConfig } from '@paragrad/maddpg';

/** Loads the results of a training run from the address of its folder. @throws Error if a file is missing or damaged. */
export async function loadRun(address: string): Promise<{ config: RunConfig; policy: Policy }> {
  const get = async (name: string) => {
    const response = await fetch(`${address}/${name}`);
    if (!response.ok) throw new Error(`play: cannot read ${address}/${name}: ${response.statusText}`);
    return response;
  };
  const bytes = async (name: string) => new Uint8Array(await (await get(name)).arrayBuffer());
  const text = async (name: string) => (await get(name)).text();
  const networks = { 'networks.safetensors': await bytes('checkpoint/networks.safetensors') };
  // Earlier versions named two of the files otherwise.
  const isOld = !(await fetch(`${address}/checkpoint/algorithm.json`)).ok;
  const policy = policyOf(
    loadCheckpoint(
      isOld
        ? {
            ...networks,
            'maddpg.json': await text('checkpoint/maddpg.json'),
            'optimisers.safetensors': await bytes('checkpoint/optimisers.safetensors'),
          }
        : {
            ...networks,
            'algorithm.json': await text('checkpoint/algorithm.json'),
            'optimizers.safetensors': await bytes('checkpoint/optimizers.safetensors'),
          },
    ),
  );
  return { config: parseConfig(await text('config.json'), `${address}/config.json`), policy };
}
