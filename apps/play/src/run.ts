import {
  checkpointFileNames,
  loadCheckpoint,
  type Policy,
  parseConfig,
  policyOf,
  type RunConfig,
} from '@paragrad/maddpg';

/** What plays a run's agents. */
export interface PlayableRun {
  readonly config: RunConfig;
  readonly policy: Policy;
}

/** Loads run `index` of the server's. @throws Error if a file is missing or damaged. */
export async function loadRun(index: number): Promise<PlayableRun> {
  const folder = `/runs/${index}`;
  const isThere = async (name: string) => (await fetch(`${folder}/${name}`, { method: 'HEAD' })).ok;
  const get = async (name: string): Promise<string | Uint8Array> => {
    const response = await fetch(`${folder}/${name}`);
    if (!response.ok) throw new Error(`can't read ${name} of the run: ${await response.text()}`);
    return name.endsWith('.json') ? response.text() : new Uint8Array(await response.arrayBuffer());
  };
  const names = (await isThere('checkpoint/algorithm.json'))
    ? checkpointFileNames
    : ['maddpg.json', 'networks.safetensors', 'optimisers.safetensors']; // of an earlier version
  const files = await Promise.all(
    names.map(async (name) => [name, await get(`checkpoint/${name}`)] as const),
  );
  const policy = policyOf(
    loadCheckpoint(Object.fromEntries(files) as unknown as Parameters<typeof loadCheckpoint>[0]),
  );
  return { config: parseConfig((await get('config.json')) as string, 'config.json of the run'), policy };
}
