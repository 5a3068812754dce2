/** crossplay and render, on agents before training. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  combinePolicies,
  completeConfig,
  evaluate,
  makeRunEnv,
  type Policy,
  policyOf,
  prepareRun,
  type RunOptions,
} from '@paragrad/maddpg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { crossplayCommand } from '../src/comparing/crossplay.js';
import { renderCommand } from '../src/pictures/render.js';
import { fakeRun } from './fake-runs.js';

const EPISODES = { episodes: 3, seed: 7 };
const hide = (seed: number): RunOptions => ({
  scenario: 'simple_adversary',
  seed,
  env: { maxCycles: 5 },
  settings: { hidden: [8] },
});
const spread = (seed: number): RunOptions => ({ ...hide(seed), scenario: 'simple_spread' });

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paragrad-'));
  for (const seed of [1, 2]) {
    fakeRun(at(`hide-${seed}`), { config: hide(seed), checkpoint: true });
    fakeRun(at(`spread-${seed}`), { config: spread(seed), checkpoint: true });
  }
  fakeRun(at('longer'), { config: { ...hide(1), env: { maxCycles: 9 } }, checkpoint: true });
  fakeRun(at('no-checkpoint'), { config: hide(3) });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function printed(run: () => void | Promise<void>): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await run();
    return log.mock.calls.map(([line]) => line).join('\n');
  } finally {
    log.mockRestore();
  }
}
const crossplay = (...runs: string[]) => printed(() => crossplayCommand(runs.map(at), EPISODES));
const matrices = async (...runs: string[]) =>
  JSON.parse(await printed(() => crossplayCommand(runs.map(at), { ...EPISODES, json: true }))).returns;

/** What the agents do together if each acts as it should. */
function play(config: RunOptions, policyFor: (agent: string) => Policy) {
  const env = makeRunEnv(completeConfig(config));
  const policies = Object.fromEntries(env.possibleAgents.map((name) => [name, policyFor(name)]));
  return evaluate(env, combinePolicies(policies), EPISODES);
}
const agentsOf = (config: RunOptions) => policyOf(prepareRun(config).algorithm);

describe('crossplay', () => {
  test('of two teams: the row has the adversaries, the column the good agents', async () => {
    const [first, second] = [agentsOf(hide(1)), agentsOf(hide(2))];
    const { adversaries, good } = await matrices('hide-1', 'hide-2');
    const mixed = play(hide(1), (name) => (name.startsWith('adversary') ? first : second)).teams!;
    expect(good[0][1]).toEqual(mixed.good);
    expect(adversaries[0][1]).toEqual(mixed.adversaries);
    expect(good[1][1]).toEqual(play(hide(2), () => second).teams!.good);
    expect(good[0][1]).not.toEqual(good[1][0]);
  });

  test('of one team: one agent of the row among those of the column, in each place', async () => {
    const [first, second] = [agentsOf(spread(1)), agentsOf(spread(2))];
    const matrix = (await matrices('spread-1', 'spread-2'))['mean return'];
    expect(matrix[0][0].meanReturn).toBeCloseTo(play(spread(1), () => first).meanReturn, 12);
    const inEachPlace = ['agent_0', 'agent_1', 'agent_2'].map(
      (place) => play(spread(1), (name) => (name === place ? first : second)).meanReturn,
    );
    expect(matrix[0][1].meanReturn).toBeCloseTo(inEachPlace.reduce((sum, value) => sum + value) / 3, 12);
  });

  test('prints a matrix for each team', async () => {
    const text = await crossplay('hide-1', 'hide-2');
    expect(text).toContain(
      'The team adversaries is from the run of the row, the team good from the run of the column.',
    );
    expect(text).toMatch(/Return of good\n\n +hide-1 +hide-2\n +hide-1 +-?\d+\.\d\d ± /);
  });

  test('different games, a single run, and a run without a checkpoint are errors that teach', async () => {
    await expect(crossplay('hide-1', 'spread-1')).rejects.toThrow(
      /different games: scenario is simple_adversary and simple_spread; give runs with the same scenario, env and actions/,
    );
    await expect(crossplay('hide-1', 'longer')).rejects.toThrow('env.maxCycles is 5 and 9');
    await expect(crossplay('hide-1')).rejects.toThrow('there is only one run; give two or more');
    await expect(crossplay('hide-1', 'no-checkpoint')).rejects.toThrow(/no-checkpoint has no checkpoint/);
  });
});

describe('render', () => {
  const render = (options: Partial<Parameters<typeof renderCommand>[1]>) =>
    printed(() => renderCommand(at('hide-1'), { episodes: 2, ...options }));

  test('a GIF in the folder of the run, or elsewhere; the seed decides the episodes', async () => {
    expect(await render({})).toContain('hide-1/episode.gif: 2 episodes, seed 1');
    await render({ out: at('other.gif'), seed: 9 });
    await render({ out: at('same.gif'), seed: 1 });
    const [own, other, same] = [at('hide-1/episode.gif'), at('other.gif'), at('same.gif')].map((path) =>
      readFileSync(path),
    );
    expect(own!.subarray(0, 6).toString()).toBe('GIF89a');
    expect(same!.equals(own!)).toBe(true);
    expect(other!.equals(own!)).toBe(false);
  });

  test('an SVG with a group for each frame, one after the other', async () => {
    const { frames } = JSON.parse(await render({ out: at('hide-1/episode.svg'), json: true }));
    expect(frames).toBe(12); // two episodes of five steps, with their beginnings
    const svg = readFileSync(at('hide-1/episode.svg'), 'utf8');
    expect(svg.match(/<svg /g)).toHaveLength(1);
    expect(svg.match(/<g visibility="visible">/g)).toHaveLength(1);
    const times = [...svg.matchAll(/keyTimes="([^"]*)"/g)].map(([, text]) => text!.split(';').map(Number));
    expect(times).toHaveLength(frames);
    times.slice(1).forEach(([, begin], k) => {
      expect(begin).toBe(times[k]!.at(-1));
    });
    expect(times.at(-1)!.at(-1)).toBe(1);
  });

  test('a file that cannot be written', async () => {
    await expect(render({ out: at('a.png') })).rejects.toThrow(
      /does not end in \.gif; give a name that ends in/,
    );
    await expect(render({ out: at('hide-1/config.json/a.gif') })).rejects.toThrow(
      /can't write .*a.gif: .*; choose another file with --out/,
    );
  });
});
