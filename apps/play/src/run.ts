import {
  actorsOf,
  type CheckpointFiles,
  loadCheckpoint,
  type Policy,
  type RunConfig,
} from '@paragrad/maddpg';

/** What a training run left, from the address of its folder. @throws Error if a file of it is not there, or damaged. */
export async function loadRun(address: string): Promise<{ config: RunConfig; policy: Policy }> {
  const get = async (name: string) => {
    const response = await fetch(`${address}/${name}`);
    if (!response.ok) throw new Error(`play: can't read ${address}/${name}: ${response.statusText}`);
    return response;
  };
  const bytes = async (name: string) => new Uint8Array(await (await get(name)).arrayBuffer());
  const files: CheckpointFiles = {
    'maddpg.json': await (await get('checkpoint/maddpg.json')).text(),
    'networks.safetensors': await bytes('checkpoint/networks.safetensors'),
    'optimizers.safetensors': await bytes('checkpoint/optimizers.safetensors'),
  };
  return { config: await (await get('config.json')).json(), policy: actorsOf(loadCheckpoint(files)) };
}
