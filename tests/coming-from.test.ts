/** The pages for those who come from another library show what that library printed. Here it is compared with what we print. */
import { expect, test } from 'vitest';
import { mpeDir, readJson } from '../fixtures/golden/read.js';
import { outputBelow, read } from './markdown.js';

/** The parts of an episode that fixtures/golden/mpe/README.md describes which are needed here. */
interface Trace {
  readonly id: string;
  readonly agents: readonly string[];
  readonly initial: Record<'agents' | 'landmarks', readonly { readonly pos: readonly number[] }[]>;
  readonly steps: readonly {
    readonly t: number;
    readonly actions: Readonly<Record<string, number>>;
    readonly rewards: Readonly<Record<string, number>>;
    readonly truncations: Readonly<Record<string, boolean>>;
  }[];
}

test('docs/from-pytorch.md: both programs print the same', () => {
  // program-pages.test.ts runs ours, differential/from-pytorch.fuzz.ts the one in PyTorch.
  const page = read('docs/from-pytorch.md');
  const [ours, theirs] = [outputBelow(page, 'ts'), outputBelow(page, 'python')];
  expect(theirs.output.split('\n')).toHaveLength(7);
  expect(ours.output).toBe(theirs.output);
});

test('docs/from-pettingzoo.md: the episode is one that MPE2 has played, and both programs print its rewards', () => {
  const page = read('docs/from-pettingzoo.md');
  const [ours, theirs] = [outputBelow(page, 'ts'), outputBelow(page, 'python')];
  const { traces } = readJson<{ traces: Trace[] }>(mpeDir, 'simple_spread.json');
  const { agents, initial, steps } = traces.find(({ id }) => id === 'simple_spread/default/disc/s0')!;
  for (const agent of agents) {
    const moves = steps.map(({ actions }) => actions[agent]).join('');
    expect(theirs.code).toContain(`"${agent}": "${moves}"`);
    expect(ours.code).toContain(`${agent}: '${moves}'`);
  }
  for (const { pos } of [...initial.agents, ...initial.landmarks]) {
    expect(ours.code).toContain(`[${pos.join(', ')}]`);
  }
  const lines = steps.map(
    ({ t, rewards, truncations }) =>
      `step ${t}: reward ${rewards.agent_0.toFixed(10)}, truncated ${truncations.agent_0}\n`,
  );
  const played = lines.filter((_, k) => (k + 1) % 5 === 0).join('');
  // Python writes True and False.
  expect(theirs.output.replaceAll(/True|False/g, (word) => word.toLowerCase())).toBe(played);
  expect(ours.output).toBe(played);
});
