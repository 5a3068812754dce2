import { type HexColor, palette, type WorldState } from '@paragrad/mpe';

/** The color of each agent in the arena: the agents of each team take its colors in turn. */
export function agentColors({ agents }: WorldState): HexColor[] {
  const ranks = { adversaries: 0, good: 0 };
  return agents.map(({ adversary }) => {
    const team = adversary ? 'adversaries' : 'good';
    return palette[team][ranks[team]++ % palette[team].length];
  });
}
