import type { RunOptions } from '@paragrad/maddpg';
import type { ResultTable } from '../result-table.js';

/** Kinds of critics, when agents see everything, and the last when they see only what is near. */
function criticsFor(neighbors: number): Readonly<Record<string, RunOptions>> {
  return {
    'plain critic': {},
    'attending critic': { algorithm: 'attention-maddpg' },
    'independent critic': { settings: { critic: 'independent' } },
    [`nearest ${neighbors}`]: {
      env: { numAgentNeighbors: neighbors, numLandmarkNeighbors: neighbors },
      settings: { critic: 'independent' },
    },
  };
}

/** Cooperative navigation of `N` agents, in words. */
function moreAgents(N: number, words: string, neighbors: number): ResultTable {
  return {
    name: `cooperative-navigation-${N}`,
    title: `Cooperative navigation with ${words} agents`,
    about: `simple_spread with N = ${N}. _Coverage_ is the share of the landmarks that have an agent nearer than 0.1 at the last step. The critics
differ: the plain one sees what all agents see and do, [the attending one](algorithms/attention-maddpg.md) chooses whom to look at, and an
independent one sees only what its agent sees. In the last row agents, too, see only the ${neighbors} nearest agents and landmarks
([many agents](many-agents.md)). All agents share their networks, and learn together. Other settings are those of the
table with three agents; nothing was tuned again.`,
    sweep: {
      preset: 'tuned',
      run: { scenario: 'simple_spread', env: { N }, settings: { updates: 'together' } },
      list: Object.entries(criticsFor(neighbors)).map(([name, row]) => ({ ...row, name })),
      seeds: 5,
    },
    measures: ['coverage', 'all covered', 'all within 0.4', 'collisions'],
  };
}

export const cooperativeNavigation6 = moreAgents(6, 'six', 3);
export const cooperativeNavigation10 = moreAgents(10, 'ten', 4);
export const cooperativeNavigation20 = moreAgents(20, 'twenty', 5);
